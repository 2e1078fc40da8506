"""Pages of tasks that are read together: one statement for all of them, a row for each."""

from functools import partial
from typing import Any, Final, NamedTuple, TypeAlias

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Select, bindparam, func, literal_column, select, true

from taskharbor.adapters.sqlalchemy.postgres.dialect import BLOCKED, DIALECT
from taskharbor.adapters.sqlalchemy.postgres.search_dialect import SEARCH_DIALECT
from taskharbor.adapters.sqlalchemy.queries import task_queries as reads
from taskharbor.adapters.sqlalchemy.queries.json_page import json_page
from taskharbor.adapters.sqlalchemy.statement import Statement
from taskharbor.domain.identifiers import TaskId, WorkspaceId

Place: TypeAlias = tuple[TaskId, int]
"""After which id a page comes, and how many tasks it passes over."""


class PageKind(NamedTuple):
    """What pages that are read together have in common; `is_far` is whether they pass over many tasks."""

    workspace: WorkspaceId
    limit: int
    is_far: bool


FARTHEST_SKIP: Final = 1_000
"""A page that passes over more tasks is read alone: others would wait for it."""

USUAL_LIMITS: Final = (10, 20, 25, 50, 100, 200, 250, 500, 1000)
"""Sizes of pages that have statements of their own."""

_MOST_TASKS: Final = 400
_MOST_PAGES: Final = 8


def several_pages(at_most: int, by_skip: bool) -> Select[*tuple[Any, ...]]:  # of a key
    """Read, for each of some pages of `at_most` tasks, its number, and what `tasks_from_row` wants.

    Parameters: `in_workspace`, and two lists of the same length: `after` which id each page comes, and how many it
    `skips`. Those count only if `by_skip` says so.
    """
    # In subqueries, into which the planner does not look: it would make a plan for just this number of pages each time.
    arrays = [select(bindparam(name, type_=ARRAY(BigInteger))).scalar_subquery() for name in ("after", "skips")]
    asked = func.unnest(*arrays).table_valued("after", "skips", with_ordinality="number")
    # As text, since each page is a subquery of a subquery, and would otherwise have a table of its own to look at.
    after, skip = (_of_asked(name) for name in ("after", "skips"))
    page = reads.list_tasks(BLOCKED, at_most=at_most, after=after, skip=skip if by_skip else None, finds_first=True)
    read = json_page(page, SEARCH_DIALECT.joined).lateral("read")
    return select(_of_asked("number"), *read.c).select_from(asked.render_derived(name="asked").join(read, true()))


def _of_asked(name: str) -> ColumnElement[int]:
    return literal_column(f"asked.{name}", BigInteger)


SEVERAL_PAGES: Final = {
    (limit, by_skip): Statement(partial(several_pages, limit + 1, by_skip), DIALECT)
    for limit in USUAL_LIMITS
    if 2 * limit <= _MOST_TASKS
    for by_skip in (False, True)
}
"""By the number of tasks on a page, of each of which one more is read, and whether some are passed over."""


def most_together(kind: PageKind) -> int:
    """Return how many pages of a kind are read together at most: meanwhile no other process works on them."""
    if kind.is_far or (kind.limit, True) not in SEVERAL_PAGES:
        return 1
    return min(_MOST_PAGES, _MOST_TASKS // kind.limit)
