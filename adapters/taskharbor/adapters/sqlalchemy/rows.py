"""How tasks become rows, and rows tasks: explicit, one field a line."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from taskharbor.adapters.sqlalchemy.tables import tasks
from taskharbor.application.ports.change_feed import Change, ChangeSlice, Tombstone
from taskharbor.application.task_view import TaskView
from taskharbor.domain.progress import Progress
from taskharbor.domain.task import Task
from taskharbor.domain.uid import Uid

TASK_COLUMNS: Final = tuple(column for column in tasks.c if column.name != "workspace")
"""What `task_to_row` fills, in its order."""

VIEW_COLUMNS: Final = tuple(column for column in TASK_COLUMNS if column.name != "deleted")
"""What `view_from_row` reads, in its order."""

CHANGE_COLUMNS: Final = (*VIEW_COLUMNS, tasks.c.deleted)
"""What `changes_from_rows` reads, in its order, after the workspace's revision."""

_PROGRESS: Final = {progress.value: progress for progress in Progress}


class TaskRows:
    """Maps between tasks and the rows of one driver, which has its own idea of an instant.

    Args:
        to_instant: makes what the driver takes of an aware datetime in UTC.
        from_instant: the way back.
    """

    def __init__(self, *, to_instant: Callable[[datetime], Any], from_instant: Callable[[Any], datetime]) -> None:
        self._to_instant = to_instant
        self._from_instant = from_instant

    def task_to_row(self, task: Task) -> tuple[Any, ...]:
        """Return the values of `TASK_COLUMNS`; the revision is the one at which the task was read."""
        instant = self._to_instant
        return (
            task.id,
            task.uid,
            task.title,
            task.description,
            task.progress.value,
            instant(task.created),
            instant(task.updated),
            None if task.completed is None else instant(task.completed),
            None if task.deleted is None else instant(task.deleted),
            task.revision,
        )

    def task_from_row(self, row: Sequence[Any]) -> Task:
        """Return the task of a row of `TASK_COLUMNS`."""
        id_, uid, title, description, progress, created, updated, completed, deleted, revision = row
        instant = self._from_instant
        return Task(
            id=id_,
            uid=Uid(str(uid)),
            title=title,
            description=description,
            progress=_PROGRESS[progress],
            created=instant(created),
            updated=instant(updated),
            completed=None if completed is None else instant(completed),
            deleted=None if deleted is None else instant(deleted),
            revision=revision,
        )

    def view_from_row(self, row: Sequence[Any]) -> TaskView:
        """Return what readers see of a row of `VIEW_COLUMNS`."""
        id_, uid, title, description, progress, created, updated, completed, revision = row
        instant = self._from_instant
        state = _PROGRESS[progress]
        return TaskView(
            id_,
            Uid(str(uid)),
            title,
            description,
            state,
            state is Progress.COMPLETED,
            instant(created),
            instant(updated),
            None if completed is None else instant(completed),
            revision,
        )

    def changes_from_rows(self, rows: Sequence[Sequence[Any]]) -> ChangeSlice:
        """Return the slice of rows that `changes_after` answers with."""
        return ChangeSlice(
            items=[self._change_from_row(row[1:]) for row in rows if row[1] is not None],
            revision=rows[0][0] if rows else 0,
        )

    def _change_from_row(self, row: Sequence[Any]) -> Change:
        *view, deleted = row
        if deleted is None:
            return self.view_from_row(view)
        id_, uid, *_, revision = view
        return Tombstone(id_, Uid(str(uid)), revision, self._from_instant(deleted))
