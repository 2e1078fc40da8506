"""Pages in an order that no index has: all that match are sorted, but only what they are sorted by.

What readers see of a task is looked up for the page alone. Else the documents of all tasks go through the sorting: of
100,000 by title that takes PostgreSQL 102 ms of CPU, not 30, by urgency 300, not 110.
"""

from typing import Final

from sqlalchemy import ColumnElement, select

from taskharbor.adapters.sqlalchemy.queries.task_queries import WORKSPACE
from taskharbor.adapters.sqlalchemy.search.order import order_by, order_keys
from taskharbor.adapters.sqlalchemy.search.pages import AT_MOST, Rows, page_of
from taskharbor.adapters.sqlalchemy.tables import tasks
from taskharbor.application.ports.task_search import TaskQuery
from taskharbor.domain.search.order import Order, OrderField, names_urgency

_INDEXED: Final = frozenset(
    {OrderField.ID, OrderField.DUE, OrderField.RANK, OrderField.UPDATED, OrderField.COMPLETED, OrderField.REVISION}
)
"""Of orders that begin so some have an index, if not for every filter."""


def has_no_index(order: Order) -> bool:
    """Return whether all that match have to be sorted, whatever the filter is."""
    return order[0].field not in _INDEXED or names_urgency(order)


def sorted_first(shown: Rows, live: ColumnElement[bool], query: TaskQuery, urgency: ColumnElement[int] | None) -> Rows:
    """Return the page of `query`.

    Args:
        shown: what is read of all tasks; how urgent they are is added if it is given.
        live: which tasks match.
        query: what is asked for.
        urgency: how urgent a row is.
    """
    keys = [key.label(f"key_{place}") for place, key in enumerate(order_keys(query.order, urgency))]
    candidates = select(tasks.c.id, *keys).where(live).cte("candidates")
    if query.after is not None and names_urgency(query.order):
        candidates = candidates.prefix_with("MATERIALIZED")  # else it is worked out wherever it is compared
    first = page_of(select(candidates), query, keys=[candidates.c[key.name] for key in keys]).subquery("first")
    page = shown.where(tasks.c.workspace == WORKSPACE, tasks.c.id == first.c.id)
    places = [first.c[key.name] for key in keys]
    if urgency is not None:
        known = [place for place, key in zip(places, query.order, strict=True) if key.field is OrderField.URGENCY]
        page = page.add_columns((known[0] if known else urgency).label("urgency"))
    return page.order_by(*order_by(query.order, places)).limit(AT_MOST)
