"""Pages of tasks that are read together: one statement for all of them, a row for each."""

from functools import partial
from typing import Any, Final, NamedTuple, Self

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    bindparam,
    func,
    literal_column,
    select,
    true,
)

from taskharbor.adapters.sqlalchemy.postgres.dialect import BLOCKED, DIALECT
from taskharbor.adapters.sqlalchemy.postgres.search_dialect import SEARCH_DIALECT
from taskharbor.adapters.sqlalchemy.queries import task_queries as reads
from taskharbor.adapters.sqlalchemy.queries.json_page import json_page
from taskharbor.adapters.sqlalchemy.queries.task_queries import WORKSPACE
from taskharbor.adapters.sqlalchemy.statement import Statement, integer_parameter
from taskharbor.adapters.sqlalchemy.tables import tasks
from taskharbor.domain.identifiers import TaskId, WorkspaceId

FARTHEST_SKIP: Final = 1_000
"""A page that passes over more tasks is read alone: others would wait for it."""

USUAL_LIMITS: Final = (10, 20, 25, 50, 100, 200, 250, 500, 1000)
"""Sizes of pages that have statements of their own."""

_ONE: Final = literal_column("1", BigInteger)
_PLACES: Final = select(bindparam("places", type_=ARRAY(BigInteger))).scalar_subquery()
"""In a subquery, into which the planner does not look: it would make a plan for just these places each time."""

_MOST_TASKS: Final = 400
_MOST_PAGES: Final = 8


class PageKind(NamedTuple):
    """What pages that are read together have in common.

    Each comes after an id of its own; or all pass over tasks after the same one, `skipping_after`, some more and some
    fewer.
    """

    workspace: WorkspaceId
    limit: int
    skipping_after: TaskId | None
    is_far: bool = False

    @classmethod
    def of(cls, workspace: WorkspaceId, after: TaskId, skip: int, limit: int) -> tuple[Self, int]:
        """Return the kind of a page, and its place: an id, or how many tasks it passes over."""
        return (
            (cls(workspace, limit, after, skip > FARTHEST_SKIP), skip) if skip else (cls(workspace, limit, None), after)
        )

    @property
    def most(self) -> int:
        """How many are read together at most: meanwhile no other process works on them."""
        if self.is_far or self.limit not in PAGES_AFTER:
            return 1
        return min(_MOST_PAGES, _MOST_TASKS // self.limit)


def pages_after(at_most: int) -> Select[*tuple[Any, ...]]:
    """Read, for each of some pages of `at_most` tasks, its number, and what `tasks_from_row` wants.

    Parameters: `in_workspace`, and `places`, the ids that the pages come after.
    """
    asked = func.unnest(_PLACES).table_valued("id", with_ordinality="number").render_derived(name="asked")
    return _pages_of(asked, at_most, tasks.c.id > _beside("asked.id"))


def pages_behind(at_most: int) -> Select[*tuple[Any, ...]]:
    """Read the same of pages that pass over tasks.

    The first task of each page is found from the first one of the page before, so that none is passed over twice.

    Parameters: `in_workspace`, `after` which id all of them are, and `places`: how many each passes over, ascending.
    """
    ids, number = tasks.alias("passed_over"), _beside("firsts.number")
    some = select(ids.c.id).where(ids.c.workspace == WORKSPACE, ids.c.deleted.is_(None)).order_by(ids.c.id)
    one = some.limit(_ONE)
    first = one.where(ids.c.id > integer_parameter("after")).offset(_PLACES[_ONE])
    firsts = select(_ONE.label("number"), first.scalar_subquery().label("id")).cte("firsts", recursive=True)
    further = one.where(ids.c.id >= _beside("firsts.id")).offset(_PLACES[number + _ONE] - _PLACES[number])
    following = select(number + _ONE, further.scalar_subquery()).where(number < func.cardinality(_PLACES))
    firsts = firsts.union_all(following.select_from(firsts))
    return _pages_of(firsts, at_most, tasks.c.id >= _beside("firsts.id"))


def _pages_of(asked: FromClause, at_most: int, is_on_page: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    page = select(*reads.shown(BLOCKED)).where(tasks.c.workspace == WORKSPACE, is_on_page, tasks.c.deleted.is_(None))
    page = page.order_by(tasks.c.id).limit(literal_column(str(at_most), BigInteger))
    read = json_page(page, SEARCH_DIALECT.joined).lateral("read")
    return select(asked.c.number, *read.c).select_from(asked.join(read, true()))


def _beside(name: str) -> ColumnElement[int]:
    """Return a column as text: a page is a subquery of a subquery, and would have a table of its own to look at."""
    return literal_column(name, BigInteger)


_TOGETHER: Final = [limit for limit in USUAL_LIMITS if 2 * limit <= _MOST_TASKS]

PAGES_AFTER: Final = {limit: Statement(partial(pages_after, limit + 1), DIALECT) for limit in _TOGETHER}
"""By the number of tasks on a page, of each of which one more is read."""

PAGES_BEHIND: Final = {limit: Statement(partial(pages_behind, limit + 1), DIALECT) for limit in _TOGETHER}
"""Likewise."""
