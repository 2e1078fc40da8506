"""How tasks become rows, and rows tasks: explicit, one field a line."""

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Final

from taskharbor.adapters.sqlalchemy.tables import tasks
from taskharbor.application.ports.change_feed import Change, ChangeSlice, Tombstone
from taskharbor.application.task_view import TaskView
from taskharbor.domain.calendar_time import AllDay, CalendarTime, Floating, Zoned
from taskharbor.domain.duration import Duration, duration_from
from taskharbor.domain.progress import Progress
from taskharbor.domain.reminder import Reminders, reminders_as_json, reminders_from
from taskharbor.domain.task import Task
from taskharbor.domain.uid import Uid

TASK_COLUMNS: Final = tuple(column for column in tasks.c if column.name != "workspace")
"""What `task_to_row` fills, in its order."""

VIEW_COLUMNS: Final = tuple(column for column in TASK_COLUMNS if column.name != "deleted")
"""What `view_from_row` reads, in its order."""

CHANGE_COLUMNS: Final = (*VIEW_COLUMNS, tasks.c.deleted)
"""What `changes_from_rows` reads, in its order, after the workspace's revision."""

_PROGRESS: Final = {progress.value: progress for progress in Progress}
_DATE_LENGTH: Final = len("2026-12-01")


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
        start_local, start_zone = _columns_of(task.start)
        due_local, due_zone = _columns_of(task.due)
        return (
            task.id,
            task.uid,
            task.title,
            task.description,
            task.progress.value,
            task.percent_complete,
            task.priority,
            start_local,
            start_zone,
            due_local,
            due_zone,
            None if task.estimated_duration is None else task.estimated_duration.as_json(),
            _json_of(task.tags),
            _json_of(task.links),
            _json_of(reminders_as_json(task.reminders)),
            instant(task.created),
            instant(task.updated),
            None if task.completed is None else instant(task.completed),
            None if task.deleted is None else instant(task.deleted),
            task.revision,
        )

    def task_from_row(self, row: Sequence[Any]) -> Task:
        """Return the task of a row of `TASK_COLUMNS`."""
        *view, deleted, revision = row
        found = self.view_from_row((*view, revision))
        return Task(
            id=found.id,
            uid=found.uid,
            title=found.title,
            description=found.description,
            progress=found.progress,
            percent_complete=found.percent_complete,
            priority=found.priority,
            start=found.start,
            due=found.due,
            estimated_duration=found.estimated_duration,
            tags=found.tags,
            links=found.links,
            reminders=found.reminders,
            created=found.created,
            updated=found.updated,
            completed=found.completed,
            deleted=None if deleted is None else self._from_instant(deleted),
            revision=found.revision,
        )

    def view_from_row(self, row: Sequence[Any]) -> TaskView:
        """Return what readers see of a row of `VIEW_COLUMNS`."""
        (
            id_,
            uid,
            title,
            description,
            progress,
            percent_complete,
            priority,
            start_local,
            start_zone,
            due_local,
            due_zone,
            estimated_duration,
            tags,
            links,
            reminders,
            created,
            updated,
            completed,
            revision,
        ) = row
        instant = self._from_instant
        state = _PROGRESS[progress]
        return TaskView(
            id_,
            Uid(str(uid)),
            title,
            description,
            state,
            state is Progress.COMPLETED,
            percent_complete,
            priority,
            None if start_local is None else _calendar_time_of(start_local, start_zone),
            None if due_local is None else _calendar_time_of(due_local, due_zone),
            None if estimated_duration is None else _duration_of(estimated_duration),
            () if tags is None else tuple(json.loads(tags)),
            () if links is None else tuple(json.loads(links)),
            () if reminders is None else _reminders_of(reminders),
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


def _columns_of(moment: CalendarTime | None) -> tuple[str | None, str | None]:
    if moment is None:
        return None, None
    return moment.local, moment.time_zone if isinstance(moment, Zoned) else None


def _calendar_time_of(local: str, time_zone: str | None) -> CalendarTime:
    if len(local) == _DATE_LENGTH:
        return AllDay(date.fromisoformat(local))
    wall = datetime.fromisoformat(local)
    return Floating(wall) if time_zone is None else Zoned(wall, time_zone)


def _duration_of(text: str) -> Duration:
    return duration_from("estimated_duration", text)


def _reminders_of(text: str) -> Reminders:
    return reminders_from(json.loads(text))


def _json_of(items: Sequence[Any]) -> str | None:
    return json.dumps(items, ensure_ascii=False, separators=(",", ":")) if items else None
