"""Find tasks as they were: the filter is evaluated on each task, rewound to that time.

There is no index over past states. So tasks are walked by id, a bounded number of them for each page, and come in no
other order.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.history.snapshot import AsOf, Snapshot, as_of_from
from taskharbor.application.pagination import require_limit, require_place
from taskharbor.application.ports.filter_parser import FilterParser
from taskharbor.application.ports.storage import Storage
from taskharbor.application.search.criteria import ResolvedCriteria, TaskCriteria, resolve_criteria
from taskharbor.application.search.cursor_key import CursorKey
from taskharbor.application.search.find_tasks import FoundTasks
from taskharbor.application.tasks.list_tasks import DEFAULT_LIMIT
from taskharbor.application.turns import in_turns
from taskharbor.application.unit_of_work.record_repository import RecordRepository
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import Revision, TaskId, WorkspaceId
from taskharbor.domain.search.fields import Field
from taskharbor.domain.search.filter import Filter, asks_for_flag
from taskharbor.domain.search.matching import Facts, matches
from taskharbor.domain.search.order import BY_ID, order_from
from taskharbor.domain.search.time_span import utc_microseconds
from taskharbor.domain.search.words import words_of_task
from taskharbor.domain.tasks.task import Task

_STEPS: Final = (50, 150, 200, 200, 200, 200)
"""How many tasks are looked at, one step after the other, so that others get their turn in between."""

MAX_LOOKED_AT: Final = sum(_STEPS)
"""How many tasks are looked at for a page at most."""

_1970: Final = datetime(1970, 1, 1, tzinfo=UTC)
_ANOTHER_TIME: Final = datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC)
_NO_INDEX: Final = "must be id with as_of: past states are not indexed"


@frozen(kw_only=True)
class FindTasksAsOf(TaskCriteria):
    """Ask for a page of the tasks that were meant then, by ascending id.

    A page looks at `MAX_LOOKED_AT` tasks at most, so it can be short, or empty, and yet have a next one.

    A saved filter, and the names of lists in a filter, are taken as they are now. `now` and `today` in a filter mean
    the instant that `as_of` says; if it says a revision, the moment of that commit.

    Attributes:
        as_of: when.
        sort: `id`, which must be said only if a saved filter says something else.
        cursor: where to go on: the `next_cursor` of an earlier page of the same question.
        limit: how many at most.

    Raises:
        InvalidValue: if the limit is out of its range.
    """

    as_of: AsOf
    sort: str | None = None
    cursor: str | None = None
    limit: int = DEFAULT_LIMIT

    def __post_init__(self) -> None:
        require_limit(self.limit)


async def find_tasks_as_of(
    query: FindTasksAsOf,
    storage: Storage,
    workspace: WorkspaceId,
    *,
    reader: FilterParser,
    cursor_key: CursorKey,
    now: datetime,
) -> FoundTasks:
    """Answer `query`. All pages are as of the same revision.

    Raises:
        InvalidFilter: if the filter cannot be understood; it says at which column.
        InvalidValue: if a value is wrong; for `as_of`, if that is in the future, or if nothing says which moment
            that the filter asks for; for `sort`, if it is not by id; for `cursor`, if the question is not the one that
            it came with, or it is from before a restore.
        FilterNotFound: if there is no saved filter of this name.
        HistoryForgotten: if the history of that time has been purged.
    """
    terms = await resolve_criteria(query, RecordRepository(storage, workspace), reader)
    _require_order_by_id(query.sort, terms.sort)
    as_of = as_of_from(query.as_of)
    lists = terms.lists_meant(reader, now)
    context = repr((workspace, as_of, [*terms.filters], [*terms.searches], lists, terms.time_zone))
    after: TaskId = 0
    opened = None
    if query.cursor is None:
        past = await Snapshot.at(as_of, storage, workspace, now=now)
        asked = as_of if isinstance(as_of, datetime) else await _moment_of(past, terms, reader)
    else:
        opened = await cursor_key.open(query.cursor, context=context, now=now)
        revision, after = _place_from(opened.values)
        past = await Snapshot.at(revision, storage, workspace, now=now)
        asked = _1970 + timedelta(microseconds=opened.at)
    found, next_after = await _page(past, terms.filter(reader, asked), after=after, limit=query.limit)
    mark = await cursor_key.mark(workspace, opened)
    if next_after is None:
        return FoundTasks(items=found, next_cursor=None)
    place = past.revision, next_after
    cursor = await cursor_key.seal(place, at=utc_microseconds(asked), mark=mark, context=context)
    return FoundTasks(items=found, next_cursor=cursor)


def _place_from(values: Sequence[object]) -> tuple[Revision, TaskId]:
    """Return of which revision, and after which task, a page is asked for."""
    match values:
        case (int(revision), int(after)):
            require_place("cursor", revision)
            require_place("cursor", after)
            return revision, after
    raise InvalidValue("cursor", "must have a revision and an id")


def _require_order_by_id(sort: str | None, saved: str | None) -> None:
    if sort is not None:
        if order_from(sort) != BY_ID:
            raise InvalidValue("sort", _NO_INDEX)
    elif saved is not None and order_from(saved) != BY_ID:
        raise InvalidValue("sort", f"{_NO_INDEX}; say so, as the saved filter sorts by {saved}")


async def _moment_of(past: Snapshot, terms: ResolvedCriteria, reader: FilterParser) -> datetime:
    """Return what `now` means in a filter as of a revision: anything, if the filter does not mention it."""
    if any(isinstance(given, str) for given in terms.filters):
        moment = await past.moment()
        if moment is not None:
            return moment
        if past.revision and terms.filter(reader, _1970) != terms.filter(reader, _ANOTHER_TIME):
            raise InvalidValue(
                "as_of",
                "must be an instant: the filter mentions now or today, and the time of revision "
                f"{past.revision} is not known",
            )
    return _1970


async def _page(
    past: Snapshot, filter: Filter | None, *, after: TaskId, limit: int
) -> tuple[list[TaskView], TaskId | None]:
    """Return up to `limit` tasks, and after which id to go on, or None if there is nothing left to look at."""
    found: list[TaskView] = []
    next_after: TaskId | None = after
    for step in _STEPS:
        looked_at, next_after = await past.scan(after=after, limit=step)
        matching = await _matching(past, looked_at, filter)
        room = limit - len(found)
        found += matching[:room]
        if len(matching) > room:
            next_after = found[-1].id
        if next_after is None or len(found) == limit:
            break
        after = next_after
    await past.require_remembered(purged_tasks=True)
    return found, next_after


async def _matching(past: Snapshot, tasks: Sequence[Task], filter: Filter | None) -> list[TaskView]:
    if filter is None:
        return await past.views(tasks)
    if not asks_for_flag(filter, Field.BLOCKED):
        return await past.views(
            [task async for task in in_turns(tasks) if matches(filter, task, _facts(task, blocked=False))]
        )
    views = await past.views(tasks)
    return [
        view
        async for task, view in in_turns(zip(tasks, views, strict=True))
        if matches(filter, task, _facts(task, blocked=bool(view.blocked)))
    ]


def _facts(task: Task, *, blocked: bool) -> Facts:
    return Facts(blocked=blocked, words=partial(words_of_task, task), blocking=_unknown)


def _unknown() -> bool:
    raise NotImplementedError("no filter asks which tasks waited for a task then")
