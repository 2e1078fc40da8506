"""How tasks become rows, and rows tasks: explicit, one column a line."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final, TypeAlias

from taskharbor.adapters.sqlalchemy.tables import tasks
from taskharbor.application.documents.task_document import details_of, document_of, task_from
from taskharbor.application.documents.task_view import TaskView
from taskharbor.domain.identifiers import TaskId, WorkspaceId
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.calendar_time import AllDay, CalendarTime, Zoned
from taskharbor.domain.values.duration import Duration
from taskharbor.domain.values.text import folded

Row: TypeAlias = Sequence[Any]

WRITTEN_COLUMNS: Final = tuple(column for column in tasks.c if column.name not in {"workspace", "revision"})
"""What `task_to_row` fills, in its order."""

LOADED_COLUMNS: Final = (tasks.c.id, tasks.c.document, tasks.c.details, tasks.c.deleted, tasks.c.revision)
"""What `task_from_row` reads, in its order."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_HERE: Final = datetime(1970, 1, 1)  # noqa: DTZ001  # local
_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
_MICROSECOND: Final = timedelta(microseconds=1)
_SECOND: Final = timedelta(seconds=1)
_DAY: Final = 86_400

_Clocks: TypeAlias = tuple[int | None, int | None, int | None]


def task_to_row(
    workspace: WorkspaceId,
    task: Task,
    made: Mapping[TaskId, str],
    words_text: Callable[[WorkspaceId, Task], str] | None,
) -> Row:
    """Return the values of `WRITTEN_COLUMNS`, with the ids of `depends_on` separated by commas.

    Args:
        workspace: where it is.
        task: the task.
        made: documents that have been made already, by the ids of their tasks.
        words_text: returns the task's tokens as a database has them as `words`; without it there is None.
    """
    return (
        task.id,
        task.uid,
        document_of(task, made),
        details_of(task),
        folded(task.title),
        None if task.description is None else folded(task.description),
        task.progress.value,
        task.progress.is_open,
        task.percent_complete,
        task.priority,
        *_clocks(task.start),
        *_clocks(task.due),
        _seconds_of(task.estimated_duration),
        task.list,
        task.parent,
        ",".join(map(str, task.depends_on)) or None,
        task.rank,
        len(task.comments),
        len(task.tags),
        None if words_text is None else words_text(workspace, task),
        microseconds_of(task.created),
        microseconds_of(task.updated),
        None if task.completed is None else microseconds_of(task.completed),
        None if task.deleted is None else microseconds_of(task.deleted),
        None if task.claim is None else microseconds_of(task.claim.until),
    )


def task_from_row(row: Row) -> tuple[TaskId, Task]:
    """Return the id and the task of a row of `LOADED_COLUMNS`."""
    task_id, document, details, deleted, revision = row
    gone = None if deleted is None else instant_from(deleted)
    return task_id, task_from(document, details, deleted=gone, revision=revision)


def view_from_row(row: Row) -> TaskView:
    """Return what readers see of a row of document, revision and whether the task is blocked."""
    document, revision, blocked = row
    return TaskView(document, revision, blocked=bool(blocked))


@lru_cache(maxsize=16)  # of all that a commit writes, the instant is the same
def microseconds_of(instant: datetime) -> int:
    """Return an instant as a column holds it."""
    return (instant - _EPOCH) // _MICROSECOND


def instant_from(microseconds: int) -> datetime:
    """Return the instant that a column holds."""
    return _EPOCH + timedelta(microseconds=microseconds)


def _clocks(moment: CalendarTime | None) -> _Clocks:
    """Return the seconds since 1970 by the clock on the wall, by UTC if the time is zoned, and the one that sorts."""
    if moment is None:
        return None, None, None
    if isinstance(moment, AllDay):
        wall = (moment.day.toordinal() - _EPOCH_DAY) * _DAY
        return wall, None, wall
    wall = (moment.wall - _EPOCH_HERE) // _SECOND
    if isinstance(moment, Zoned):
        utc = (moment.utc - _EPOCH) // _SECOND
        return wall, utc, utc
    return wall, None, wall


def _seconds_of(duration: Duration | None) -> int | None:
    return None if duration is None else (duration.nominal + duration.exact) // _SECOND
