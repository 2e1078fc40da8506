"""Searches that are asked for together: one statement for all of them, a row for each."""

import re
from collections.abc import Sequence
from functools import lru_cache
from time import monotonic
from typing import Any, Final, NamedTuple, Protocol, TypeAlias

from taskharbor.adapters.sqlalchemy.queries.json_page import tasks_from_row
from taskharbor.adapters.sqlalchemy.reads.group_loader import GroupLoader
from taskharbor.adapters.sqlalchemy.reads.slow_questions import SlowQuestions
from taskharbor.application.documents.encoded_tasks import EncodedTasks
from taskharbor.application.errors import QueryTooExpensive
from taskharbor.domain.identifiers import WorkspaceId

QUICK_SECONDS: Final = 0.05
"""What a search may take to be read together with others, which wait for it."""

MOST_SEARCHES: Final = 8

_LONGEST: Final = 15_000
"""Characters of the longest statement that asyncpg prepares once and keeps."""

_PARAMETER: Final = re.compile(r"\$(\d+)")

Arguments: TypeAlias = tuple[Any, ...]


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

    async def find(self, workspace: WorkspaceId, sql: str, arguments: Arguments) -> EncodedTasks:
        """Return the tasks that a statement finds, which reads them in one row.

        Raises:
            StoreUnavailable: if the store cannot be asked, or it takes too long.
        """
        try:
            return await self._loader.get(_Kind(workspace, sql), arguments)
        except _NotQuick:
            left = max(self._seconds - MOST_SEARCHES * QUICK_SECONDS, self._seconds / 2)
            [row] = await self._fetch(sql, arguments, seconds=left)
            return tasks_from_row(row)

    def _most(self, kind: _Kind) -> int:
        return 1 if kind in self._slow else max(1, min(MOST_SEARCHES, _LONGEST // len(kind.sql)))

    async def _read(self, kind: _Kind, searches: Sequence[Arguments]) -> Sequence[EncodedTasks]:
        began, allowed = monotonic(), QUICK_SECONDS * len(searches)
        try:
            rows = await self._rows(kind.sql, searches, allowed)
        except QueryTooExpensive:
            self._slow.add(kind)
            if len(searches) == 1:
                raise
            raise _NotQuick from None
        if monotonic() - began > allowed:
            self._slow.add(kind)
        return [tasks_from_row(row) for row in rows]

    async def _rows(self, sql: str, searches: Sequence[Arguments], seconds: float) -> Sequence[Any]:
        if len(searches) == 1:
            return await self._fetch(sql, searches[0])
        parameters = [value for arguments in searches for value in arguments]
        numbered = await self._fetch(_several(sql, len(searches)), parameters, seconds=seconds)
        return [row for _, *row in sorted(numbered)]


@lru_cache(1024)
def _several(sql: str, times: int) -> str:
    """Return the statement that does as often what `sql` does, and numbers the rows.

    Each time it has parameters of its own, so that the planner sees them: of the values of a filter some match few
    tasks and some match many.
    """
    parameters = max((int(number) for number in _PARAMETER.findall(sql)), default=0)

    def numbered(since: int) -> str:
        return _PARAMETER.sub(lambda found: f"${int(found[1]) + since}", sql)

    return " UNION ALL ".join(
        [f"SELECT {at}, found.* FROM ({numbered(at * parameters)}) AS found" for at in range(times)]  # noqa: S608  # ours
    )
