"""Searches for which there is one plan whatever their values are: an index is read from one place on, in its order.

They ask for what they are sorted by, or, sorted by id, for what has no index.
"""

from collections.abc import Iterator
from typing import Any, Final, cast

from sqlalchemy import BindParameter, ClauseElement, ColumnElement
from sqlalchemy.sql.visitors import replacement_traverse

from taskharbor.adapters.sqlalchemy.queries.task_queries import WORKSPACE
from taskharbor.adapters.sqlalchemy.search.pages import Rows
from taskharbor.adapters.sqlalchemy.search.search_dialect import Hidden
from taskharbor.application.ports.task_search import TaskQuery
from taskharbor.domain.search.fields import Field
from taskharbor.domain.search.filter import And, Compare, Filter
from taskharbor.domain.search.order import order_from

_BY_ID: Final = frozenset(map(order_from, ("id", "-id")))
_INDEXED: Final = frozenset(map(order_from, ("due", "updated", "-updated"))) | _BY_ID
"""Orders that have an index."""

_NOT_INDEXED: Final = frozenset(
    {
        *(Field.TITLE, Field.DESCRIPTION, Field.PROGRESS, Field.PERCENT_COMPLETE, Field.PRIORITY, Field.START),
        *(Field.ESTIMATED_DURATION, Field.COMMENT_COUNT, Field.CREATED, Field.CLAIMED_UNTIL),
    }
)


def asks_in_order(query: TaskQuery) -> bool:
    """Return whether the tasks are in the index of the order from one place on, side by side or here and there."""
    if query.order not in _INDEXED:
        return False
    near = {query.order[0].field.value, *(_NOT_INDEXED if query.order in _BY_ID else ())}
    return near.issuperset(_fields(query.filter))


def without_values(page: Rows, hidden: Hidden) -> Rows:
    """Return the page with the values hidden by which tasks are found, so that the planner need not look at them.

    It would make a plan for just these values each time, 0.1 ms, and find that it is always the same.
    """

    def instead(element: ClauseElement, **_: Any) -> ColumnElement[Any] | None:
        return hidden(element) if isinstance(element, BindParameter) and element.key != WORKSPACE.key else None

    return cast("Rows", replacement_traverse(page, {}, instead))


def _fields(filter: Filter | None) -> Iterator[str | None]:
    """Yield the fields that are compared, and None for whatever else is asked."""
    match filter:
        case None:
            return
        case And(operands):
            for operand in operands:
                yield from _fields(operand)
        case Compare(field):
            yield field.value
        case _:
            yield None
