"""Searches for recent changes, whose number of matches PostgreSQL's planner misjudges.

It assumes that matches are spread evenly over all tasks, so for a short page it walks through them in the order asked
for. But what has changed recently is mostly at the end: by id, at 1,000,000 tasks of which 5,623 changed this week, it
visits 970,402 rows before the page is full (`test_plans.py`, PostgreSQL 18). Always using the index of the filter would
be as bad where most tasks match. So both are done: the walk, but bounded; then, unless that filled the page, the index.
"""

from dataclasses import replace
from typing import Any, Final, cast

from sqlalchemy import (
    Alias,
    BigInteger,
    Column,
    CompoundSelect,
    Subquery,
    func,
    literal_column,
    not_,
    select,
    union_all,
)
from sqlalchemy.sql.visitors import replacement_traverse

from taskharbor.adapters.sqlalchemy.queries.task_queries import WORKSPACE
from taskharbor.adapters.sqlalchemy.search.order import comes_after, order_by
from taskharbor.adapters.sqlalchemy.search.pages import AT_MOST, Rows, page_of
from taskharbor.adapters.sqlalchemy.tables import tasks
from taskharbor.application.ports.task_search import TaskQuery
from taskharbor.domain.search.fields import Field, Operator
from taskharbor.domain.search.filter import And, Compare, Filter
from taskharbor.domain.search.order import order_from

NEARBY: Final = 2_000
"""How many tasks are walked through. It takes a millisecond or two; if one in 200 matches, a page of 10 is full."""

_SO_FAR: Final = literal_column(str(NEARBY), BigInteger)

_MOMENTS: Final = frozenset({Field.UPDATED, Field.COMPLETED})
"""Moments that have an index, and are mostly the later, the later the task was made."""

_NOT_BEFORE: Final = frozenset({Operator.GREATER, Operator.AT_LEAST, Operator.EQUAL})
_WALKED: Final = frozenset(map(order_from, ("id", "due")))
"""Orders that have an index, and in which recent events do not come first."""


def asks_for_recent(query: TaskQuery) -> bool:
    """Return whether only such tasks match that something happened to after some moment, and they may come late."""
    return query.order in _WALKED and _is_after_a_moment(query.filter)


def recent_first(found: Rows, query: TaskQuery) -> CompoundSelect[*tuple[Any, ...]]:
    """Return the page of `query`, of which one of the two halves is empty."""
    walk = select(tasks)
    if query.after is not None:
        walk = walk.where(comes_after(query.order))
    near = walk.where(tasks.c.workspace == WORKSPACE).order_by(*order_by(query.order)).limit(_SO_FAR).subquery("near")
    walked = _moved(page_of(found, replace(query, after=None)), near).cte("walked")
    fills_the_page = select(func.count()).select_from(walked).scalar_subquery() >= AT_MOST
    # No index is in an order such as this, so the one of the filter is looked into.
    everywhere = page_of(found.where(not_(fills_the_page)), query, hidden=True).subquery("everywhere")
    return union_all(select(walked).where(fills_the_page), select(everywhere))


def _is_after_a_moment(filter: Filter | None) -> bool:
    match filter:
        case And(operands):
            return any(_is_after_a_moment(operand) for operand in operands)
        case Compare(field, operator, _):
            return field in _MOMENTS and operator in _NOT_BEFORE
        case _:
            return False


def _moved(rows: Rows, near: Subquery) -> Rows:
    """Return `rows` as if those of `near` were all tasks there are, but for what blocks one."""

    def instead(element: Any, **_: object) -> Any:
        if isinstance(element, Alias):
            return element
        if element is tasks:
            return near
        return near.c[element.key] if isinstance(element, Column) and element.table is tasks else None

    return cast("Rows", replacement_traverse(rows, {}, instead))
