"""Searches that are asked for together: one statement for all of them, a row for each."""

import re
from collections.abc import Sequence
from functools import lru_cache
from time import monotonic
from typing import Any, Final, NamedTuple, Protocol, TypeAlias

from taskharbor.adapters.sqlalchemy.postgres.dialect import DIALECT
from taskharbor.adapters.sqlalchemy.queries.history_queries import last_commit
from taskharbor.adapters.sqlalchemy.queries.json_page import tasks_from_row
from taskharbor.adapters.sqlalchemy.reads.group_loader import GroupLoader
from taskharbor.adapters.sqlalchemy.reads.slow_questions import SlowQuestions
from taskharbor.adapters.sqlalchemy.statement import Statement
from taskharbor.application.errors import QueryTooExpensive
from taskharbor.application.search.marked_tasks import MarkedTasks
from taskharbor.application.sync.commit_marks import CommitMark
from taskharbor.domain.identifiers import WorkspaceId

QUICK_SECONDS: Final = 0.05
"""What a search may take to be read together with others, which wait for it."""

MOST_SEARCHES: Final = 8

_LONGEST: Final = 15_000
"""Characters of the longest statement that asyncpg prepares once and keeps."""

_PARAMETER: Final = re.compile(r"\$(\d+)")

Arguments: TypeAlias = tuple[Any, ...]


_LAST: Final = Statement(last_commit(), DIALECT)


class Fetch(Protocol):
    """Returns the rows of a statement, or raises `QueryTooExpensive`."""

    async def __call__(self, sql: str, arguments: Sequence[Any] = (), *, seconds: float | None = None) -> Sequence[Any]:
        """Allow it `seconds`; None means what a query may take."""
        ...


class _Kind(NamedTuple):
    """What searches that are read together have in common: only the parameters of their statement differ."""

    workspace: WorkspaceId
    sql: str


class _NotQuick(Exception):
    """Some searches took too long together."""


class SearchLoader:
    """Reads searches of one moment together, as long as they are quick. Each gets the answer that it would get alone.

    Args:
        fetch: reads.
        seconds: what one search may take.
    """

    def __init__(self, fetch: Fetch, *, seconds: float) -> None:
        self._fetch = fetch
        self._seconds = seconds
        self._loader = GroupLoader(self._read, most=self._most)
        self._slow = SlowQuestions()

    async def find(self, workspace: WorkspaceId, sql: str, arguments: Arguments) -> MarkedTasks:
        """Return the tasks that a statement finds, which reads them in one row.

        Raises:
            StoreUnavailable: if the store cannot be asked, or it takes too long.
        """
        try:
            return await self._loader.get(_Kind(workspace, sql), arguments)
        except _NotQuick:
            left = max(self._seconds - MOST_SEARCHES * QUICK_SECONDS, self._seconds / 2)
            [found] = await self._found(_Kind(workspace, sql), [arguments], seconds=left)
            return found

    def _most(self, kind: _Kind) -> int:
        most = max(1, min(MOST_SEARCHES, _LONGEST // len(kind.sql) - 1))
        return 1 if kind in self._slow else 1 << (most.bit_length() - 1)  # a power of two, as `_found` wants

    async def _read(self, kind: _Kind, searches: Sequence[Arguments]) -> Sequence[MarkedTasks]:
        began, allowed = monotonic(), min(QUICK_SECONDS * len(searches), self._seconds)
        try:
            found = await self._found(kind, searches, seconds=None if len(searches) == 1 else allowed)
        except QueryTooExpensive:
            self._slow.add(kind)
            if len(searches) == 1:
                raise
            raise _NotQuick from None
        if monotonic() - began > allowed:
            self._slow.add(kind)
        return found

    async def _found(
        self, kind: _Kind, searches: Sequence[Arguments], *, seconds: float | None
    ) -> Sequence[MarkedTasks]:
        size = 1 << (len(searches) - 1).bit_length()
        padded = [*searches, *[searches[-1]] * (size - len(searches))]
        arguments = [kind.workspace, len(searches), *[value for search in padded for value in search]]
        rows = await self._fetch(_several(kind.sql, size), arguments, seconds=seconds)
        return [MarkedTasks(tasks_from_row(row), CommitMark(revision, at)) for _, revision, at, *row in sorted(rows)]


@lru_cache(1024)
def _several(sql: str, most: int) -> str:
    """Return the statement that does `most` times or fewer what `sql` does, and says what the last commit was.

    Its parameters are the workspace, how many times, and those of `sql` for each time: so the planner sees that some
    values match few tasks and some match many. The rows are numbered. A statement for each number of searches would
    have to be planned on each connection, which takes longer than to pass over parts of a plan.
    """
    first, parameters = 2, max((int(number) for number in _PARAMETER.findall(sql)), default=0)

    def numbered(since: int) -> str:
        return _PARAMETER.sub(lambda found: f"${int(found[1]) + since}", sql)

    rows = [
        f"SELECT {at}, last.*, found.* FROM last, ({numbered(first + at * parameters)}) AS found"  # noqa: S608  # ours
        f" WHERE {at} < $2::BIGINT"
        for at in range(most)
    ]
    return f"WITH last AS MATERIALIZED ({_LAST.sql}) {' UNION ALL '.join(rows)}"
