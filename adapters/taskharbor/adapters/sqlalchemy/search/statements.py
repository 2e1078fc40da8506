"""The statements behind searches, compiled once for each shape of filter and order."""

from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from itertools import count
from threading import Lock
from typing import Any, Final, TypeAlias, TypeVar

from sqlalchemy import (
    ColumnElement,
    Executable,
    Select,
    SelectBase,
    and_,
    func,
    select,
)

from taskharbor.adapters.sqlalchemy.queries.json_page import json_page
from taskharbor.adapters.sqlalchemy.queries.task_queries import WORKSPACE, shown
from taskharbor.adapters.sqlalchemy.search.conditions import arguments_of, condition_of
from taskharbor.adapters.sqlalchemy.search.facets import facet_rows
from taskharbor.adapters.sqlalchemy.search.in_order import asks_in_order, without_values
from taskharbor.adapters.sqlalchemy.search.pages import SKIP, doubtful_page, page_of
from taskharbor.adapters.sqlalchemy.search.recent_first import asks_for_recent, recent_first
from taskharbor.adapters.sqlalchemy.search.search_dialect import Hidden, SearchDialect
from taskharbor.adapters.sqlalchemy.search.shape import Shape, asks_for_tokens, has_values, leaves_of, shape_of
from taskharbor.adapters.sqlalchemy.search.sorted_first import has_no_index, sorted_first
from taskharbor.adapters.sqlalchemy.search.urgency import urgency_arguments, urgency_of
from taskharbor.adapters.sqlalchemy.statement import Statement
from taskharbor.adapters.sqlalchemy.tables import tasks
from taskharbor.application.ports.task_search import TaskQuery
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import WorkspaceId
from taskharbor.domain.search.due_buckets import DueBuckets
from taskharbor.domain.search.filter import And, Filter
from taskharbor.domain.search.urgency_weights import UrgencyWeights

T = TypeVar("T")

Rows: TypeAlias = Select[*tuple[Any, ...]]

Sendable: TypeAlias = tuple[str, tuple[Any, ...]]
"""The text of a statement, and its parameters in order."""

REMEMBERED: Final = 1_024
"""How many statements are kept. Clients have a few shapes each; compiling one takes a millisecond or two."""


LONGEST_REMEMBERED: Final = 20_000
"""Characters of the longest statement that is cached: filters with hundreds of conditions are rare."""

MOST_REMEMBERED: Final = 64
"""Values of the longest filter of which they are kept."""


@frozen
class _Read:
    """What a filter comes to.

    Attributes:
        shape: see `shape_of`.
        arguments: the parameters that its values become.
    """

    shape: Shape
    arguments: Mapping[str, Any]


class SearchStatements:
    """Makes statements that look for tasks, for one database. Several threads may ask for them.

    Args:
        dialect: what it says in its own way.
        usual_limits: numbers of rows for which there may be statements of their own.
        hidden: what those have in place of parameters whose values shall not make a difference.
    """

    def __init__(
        self,
        dialect: SearchDialect,
        *,
        usual_limits: Collection[int] = (),
        hidden: Hidden = lambda parameter: parameter,
    ) -> None:
        self._dialect = dialect
        self._usual_limits = frozenset(usual_limits)
        self._hidden = hidden
        self._compiled: dict[Hashable, Statement] = {}
        self._read: dict[Hashable, _Read] = {}
        self._one_at_a_time = Lock()

    def find(self, workspace: WorkspaceId, query: TaskQuery, **more: int | str) -> Sendable:
        """Return the statement that reads a page of tasks in one row.

        `more` are parameters that it has beyond the usual.
        """
        read = self._read_as(workspace, query.filter)
        usual = self._is_usual(query) and (query.limit, query.skip > 0)
        key = "find", read.shape, query.order, query.after is not None, _weights_of(query), usual
        statement = self._remembered(key, lambda: self._find(query))
        values = {WORKSPACE.key: workspace, "at_most": query.limit, "skip": query.skip, **read.arguments, **more}
        if query.after is not None:
            values |= {f"after_{at}": value for at, value in enumerate(query.after)}
        if query.urgency is not None:
            values |= urgency_arguments(query.urgency, workspace, self._dialect)
        return statement.sql, statement.arguments(values)

    def count(self, workspace: WorkspaceId, filter: Filter | None) -> Sendable:
        """Return the statement that counts."""
        read = self._read_as(workspace, filter)
        statement = self._remembered(
            ("count", read.shape), lambda: select(func.count()).select_from(tasks).where(self._live(filter))
        )
        return statement.sql, statement.arguments({WORKSPACE.key: workspace, **read.arguments})

    def facets(self, workspace: WorkspaceId, filter: Filter | None, buckets: DueBuckets) -> Sendable:
        """Return the statement that counts tasks by each facet."""
        # As if they were one filter, so that the parameters of all parts have different names.
        everything = And((*((filter,) if filter else ()), *buckets.values()))
        read = self._read_as(workspace, everything)
        key = ("facets", shape_of(filter), tuple(buckets), read.shape)

        def facets() -> Executable:
            places = count()
            live = self._live(filter, places)
            return self._dialect.counted(facet_rows(live, buckets, self._dialect, places))

        statement = self._remembered(key, facets)
        return statement.sql, statement.arguments({WORKSPACE.key: workspace, **read.arguments})

    def _find(self, query: TaskQuery) -> Executable:
        found = self._matching(query)
        if self._dialect.trusts_limits and asks_for_recent(query):
            return self._joined(recent_first(found, query))
        if self._dialect.trusts_limits and not has_no_index(query.order) and asks_for_tokens(query.filter):
            return self._joined(doubtful_page(found, query))
        urgency = None if query.urgency is None else urgency_of(query.urgency.weights, self._dialect)
        if has_no_index(query.order):
            return self._joined(sorted_first(self._shown(), self._live(query.filter), query, urgency))
        if urgency is not None:
            found = found.add_columns(urgency.label("urgency"))
        if self._is_fixed(query):
            in_order = asks_in_order(query)
            skip = SKIP if in_order else self._hidden(SKIP)
            page = page_of(found, query, fixed=True, skip=skip if query.skip else None)
            return self._joined(without_values(page, self._hidden) if in_order else page)
        return self._joined(page_of(found, query))

    def _is_fixed(self, query: TaskQuery) -> bool:
        """Return whether the text of the statement says the limit, so that the planner need not make a plan each time.

        It then goes by the limit for good. Where a filter has values, of which some match few tasks and some many, a
        plan that was good for the ones could be very bad for the others; unless any is in the order asked for.
        """
        return self._is_usual(query) and (not has_values(query.filter) or asks_in_order(query))

    def _is_usual(self, query: TaskQuery) -> bool:
        return query.limit in self._usual_limits and query.urgency is None

    def _matching(self, query: TaskQuery) -> Rows:
        return self._shown().where(self._live(query.filter))

    def _joined(self, page: SelectBase) -> Rows:
        return json_page(page, self._dialect.joined)

    def _shown(self) -> Rows:
        return select(*shown(self._dialect.blocked))

    def _live(self, filter: Filter | None, places: Iterator[int] | None = None) -> ColumnElement[bool]:
        live = and_(tasks.c.workspace == WORKSPACE, tasks.c.deleted.is_(None))
        return live if filter is None else and_(live, condition_of(filter, self._dialect, places or count()))

    def _remembered(self, key: Hashable, make: Callable[[], Executable]) -> Statement:
        statement = self._compiled.get(key)
        if statement is not None:
            return statement
        with self._one_at_a_time:
            statement = Statement(make(), self._dialect.dialect)
            if len(statement.sql) <= LONGEST_REMEMBERED:
                _keep(self._compiled, key, statement)
            return statement

    def _read_as(self, workspace: WorkspaceId, filter: Filter | None) -> _Read:
        key = workspace, filter
        read = self._read.get(key)
        if read is not None:
            return read
        arguments: dict[str, Any] = {}
        for place, leaf in enumerate(leaves_of(filter)):
            arguments |= arguments_of(leaf, place, workspace, self._dialect)
        read = _Read(shape_of(filter), arguments)
        if len(arguments) <= MOST_REMEMBERED:
            with self._one_at_a_time:
                _keep(self._read, key, read)
        return read


def _keep(known: dict[Hashable, T], key: Hashable, value: T) -> None:
    while len(known) >= REMEMBERED:
        known.pop(next(iter(known)))
    known[key] = value


def _weights_of(query: TaskQuery) -> UrgencyWeights | None:
    return None if query.urgency is None else query.urgency.weights
