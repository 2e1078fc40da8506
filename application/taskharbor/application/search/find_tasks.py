"""Find tasks: filter, search and sort them, page by page."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from taskharbor.application.documents.encoded_tasks import last_id_of
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.pagination import require_limit, require_place
from taskharbor.application.ports.filter_parser import FilterParser
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_search import TaskQuery
from taskharbor.application.search.criteria import ResolvedCriteria, TaskCriteria, resolve_criteria
from taskharbor.application.search.cursor_key import CursorKey
from taskharbor.application.search.marked_tasks import MarkedTasks
from taskharbor.application.tasks.list_tasks import DEFAULT_LIMIT
from taskharbor.application.unit_of_work.record_repository import RecordRepository
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import ListId, WorkspaceId
from taskharbor.domain.search.order import BY_ID, Order, OrderValue, names_urgency, order_from, order_values, place_from
from taskharbor.domain.search.time_span import utc_microseconds
from taskharbor.domain.search.urgency import UrgencyScale
from taskharbor.domain.search.urgency_weights import UrgencyWeights, millionths


@frozen(kw_only=True)
class FindTasks(TaskCriteria):
    """Ask for a page of the tasks that are meant.

    Attributes:
        sort: how they are sorted, such as `due,-priority`; None means as the saved filter says, else by id.
        cursor: where to go on: the `next_cursor` of an earlier page of the same question.
        skip: how many to pass over first; not with a cursor.
        limit: how many at most.
        with_urgency: whether the answer says how urgent each task is; it does if they are sorted by that.

    Raises:
        InvalidValue: if a number is out of its range.
    """

    sort: str | None = None
    cursor: str | None = None
    skip: int = 0
    limit: int = DEFAULT_LIMIT
    with_urgency: bool = False

    def __post_init__(self) -> None:
        require_limit(self.limit)
        require_place("skip", self.skip)
        if self.skip and self.cursor is not None:
            raise InvalidValue("skip", "cannot be combined with cursor")


@frozen(kw_only=True)
class FoundTasks:
    """Some tasks in order.

    Attributes:
        items: the tasks: a list, or what is equal to one.
        next_cursor: pass it as `cursor`, with the same question, for the next page; None on the last page.
    """

    items: Sequence[TaskView]
    next_cursor: str | None


async def find_tasks(
    query: FindTasks,
    storage: Storage,
    workspace: WorkspaceId,
    *,
    reader: FilterParser,
    cursor_key: CursorKey,
    weights: UrgencyWeights,
    now: datetime,
) -> FoundTasks:
    """Answer `query`.

    All pages are read as of the moment at which the first one was asked for: `today` does not change between them,
    nor does what is urgent.

    Raises:
        InvalidFilter: if the filter cannot be understood; it says at which column.
        InvalidValue: if a value is wrong; for `cursor`, if the question is not the one that it came with, or it is from
            before a restore.
        FilterNotFound: if there is no saved filter of this name.
    """
    terms = await resolve_criteria(query, RecordRepository(storage, workspace), reader)
    sort = terms.sort if query.sort is None else query.sort
    order = BY_ID if sort is None else order_from(sort)
    by_urgency = names_urgency(order)
    lists = terms.lists_meant(reader, now)
    context = _context(terms, lists, order, workspace, weights if by_urgency else None)
    after, opened, asked = None, None, utc_microseconds(now)
    if query.cursor is not None:
        opened = await cursor_key.open(query.cursor, context=context, now=now)
        after, asked = place_from(opened.values, order), opened.at
        now += timedelta(microseconds=asked - utc_microseconds(now))
    found = await storage.find_tasks(
        workspace,
        TaskQuery(
            filter=await terms.filter_in_turn(reader, now),
            order=order,
            after=after,
            skip=query.skip,
            limit=query.limit + 1,
            urgency=UrgencyScale.seen_from(terms.here(now), weights) if by_urgency or query.with_urgency else None,
        ),
    )
    items, is_last = found[: query.limit], len(found) <= query.limit
    if is_last and opened is None:
        return FoundTasks(items=items, next_cursor=None)
    if opened is None and isinstance(found, MarkedTasks):
        mark = found.mark
    else:
        mark = await cursor_key.mark(workspace, opened)
    if is_last:
        return FoundTasks(items=items, next_cursor=None)
    cursor = await cursor_key.seal(_place_after(items, order), at=asked, mark=mark, context=context)
    return FoundTasks(items=items, next_cursor=cursor)


def _place_after(items: Sequence[TaskView], order: Order) -> Sequence[OrderValue]:
    if order is BY_ID:  # as most pages: none of the tasks need be decoded
        return (last_id_of(items),)
    last = items[-1]
    return order_values(last, order, None if last.urgency is None else millionths(last.urgency))


def _context(
    terms: ResolvedCriteria,
    lists: Mapping[str, Sequence[ListId]],
    order: Order,
    workspace: WorkspaceId,
    weights: UrgencyWeights | None,
) -> str:
    return repr((workspace, [*terms.filters], [*terms.searches], lists, terms.time_zone, order, weights))
