"""List the occurrences of a task."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Final

from taskharbor.application.ports.occurrences import Occurrences
from taskharbor.application.ports.task_store import TaskStore
from taskharbor.domain.errors import InvalidValue, TaskNotFound
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import TaskId, WorkspaceId, is_task_id
from taskharbor.domain.recurrence.recurrence import wall_from, wall_of
from taskharbor.domain.tasks.recurring_task import Occurrence, coming_occurrences
from taskharbor.domain.values.primitives import integer_from

MAX_OCCURRENCES: Final = 1000
DEFAULT_OCCURRENCES: Final = 100
FARTHEST: Final = timedelta(days=36_525)
"""How far after the current occurrence one can begin, and how far one sees from there: a hundred years."""


_LAST: Final = datetime.fromisoformat("9999-12-31T23:59:59")


@frozen(kw_only=True)
class ListOccurrences:
    """Return the current occurrence of a task and those after it, in order. A task that is not recurring has none.

    Attributes:
        id: the task.
        since: from which date or local time on, on the clock of the task; None stands for the current occurrence.
        before: before which date or local time; None stands for a hundred years after `since`, which is the most.
        limit: how many at most, 1 to 1,000.
    """

    id: TaskId
    since: date | datetime | str | None = None
    before: date | datetime | str | None = None
    limit: int = DEFAULT_OCCURRENCES


@dataclass(slots=True, kw_only=True)
class OccurrencePage:
    """Some of the occurrences of a task.

    Attributes:
        items: the occurrences.
        next: the local time from which to ask for more, as `since`; None if there are none.
    """

    items: list[Occurrence]
    next: str | None


async def list_occurrences(
    query: ListOccurrences, store: TaskStore, workspace: WorkspaceId, *, occurrences: Occurrences
) -> OccurrencePage:
    """Carry out `query`.

    Raises:
        TaskNotFound: if there is no such live task.
        InvalidValue: for `from`, `to` or `limit`.
        MissingDependency: if the rule cannot be expanded here.
    """
    since, before = _wall_of("from", query.since), _wall_of("to", query.before)
    limit = integer_from("limit", query.limit, least=1, most=MAX_OCCURRENCES)
    found = await store.load_tasks(workspace, [query.id]) if is_task_id(query.id) else {}
    task = found.get(query.id)
    if task is None or task.is_deleted:
        raise TaskNotFound(query.id)
    recurrence = task.recurrence
    if recurrence is None or not task.is_open:
        return OccurrencePage(items=[], next=None)
    current = wall_of(recurrence.current)
    since = current if since is None else max(since, current)
    if since - current > FARTHEST:
        raise InvalidValue("from", "must be within a hundred years of the current occurrence")
    horizon = since + FARTHEST if since < _LAST - FARTHEST else _LAST
    before = horizon if before is None else min(before, horizon)
    coming = coming_occurrences(task, recurrence, occurrences.walls, since=since, before=before)
    items = list(islice(coming, limit + 1))
    more = items[limit].recurrence_id.local if len(items) > limit else None
    return OccurrencePage(items=items[:limit], next=more)


def _wall_of(field: str, value: date | datetime | str | None) -> datetime | None:
    if value is None:
        return None
    return wall_from(field, value if isinstance(value, str) else value.isoformat())
