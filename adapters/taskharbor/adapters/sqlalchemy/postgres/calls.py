"""How the store sends statements, and how long it waits for their answers."""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from time import monotonic
from typing import Any, Final, TypeVar

from taskharbor.adapters.sqlalchemy.postgres.commit_statement import Sendable
from taskharbor.adapters.sqlalchemy.postgres.connections import Connections
from taskharbor.adapters.sqlalchemy.postgres.errors import translated
from taskharbor.adapters.sqlalchemy.postgres.writing import Unanswered, WritingConnection
from taskharbor.adapters.storage_options import StorageOptions
from taskharbor.application.errors import QueryTooExpensive, StoreUnavailable

R = TypeVar("R")

TIMEOUT: Final = 2.0
"""Seconds to wait for PostgreSQL, unless the options say."""

_WAITS: Final = 10
"""How often one waits half of that for a connection, as long as other calls get answers."""

_LONGER: Final = 5
"""How much longer one waits for each answer in a transaction, whose statements index a lot of text or delete many rows.
On a machine with much else to do, 16 MB of tasks took up to a second each."""


class CallingPostgres:
    """The part of the store that has the connections."""

    _connections: Connections | None = None
    _answered = 0.0
    """When the last answer came, by the monotonic clock."""

    def __init__(self, options: StorageOptions) -> None:
        self._options = options
        self._timeout = TIMEOUT if options.timeout is None else options.timeout

    async def _fetch(self, sql: str, arguments: Sequence[Any] = (), *, seconds: float | None = None) -> Sequence[Any]:
        """Read; what takes more than so many seconds, or than a query may, is cancelled in the server too."""
        seconds = self._options.query_timeout if seconds is None else seconds
        until = monotonic() + seconds

        async def fetch(connection: Any) -> Sequence[Any]:  # asyncpg's own, or the pool's stand-in for one
            left = max(until - monotonic(), seconds / 2)  # what waited for a connection is not too expensive for that
            try:
                rows: Sequence[Any] = await connection.fetch(sql, *arguments, timeout=left)
            except TimeoutError:
                raise QueryTooExpensive(seconds) from None
            self._answered = monotonic()
            return rows

        return await self._connected(fetch)

    async def _write(self, sql: str, arguments: Sequence[Any]) -> Sequence[Any]:
        return await self._writing(lambda connection: connection.fetch(sql, arguments), self._timeout)

    async def _write_all(self, statements: Sequence[Sendable]) -> Sequence[Any]:
        """Write all or nothing; return the answer, which is empty if the workspace is not there yet."""
        if len(statements) == 1:
            return await self._write(*statements[0])
        return await self._write_long(partial(_in_one_transaction, statements))

    async def _write_long(self, work: Callable[[WritingConnection], Awaitable[R]]) -> R:
        """Do what writes much, in a transaction."""
        return await self._writing(work, _LONGER * self._timeout)

    async def _writing(self, work: Callable[[WritingConnection], Awaitable[R]], seconds: float) -> R:
        asked = monotonic()

        async def write(connection: Any) -> R:
            answer = await work(WritingConnection(connection, asked=asked, timeout=seconds))
            self._answered = monotonic()
            return answer

        return await self._connected(write)

    async def _connected(self, work: Callable[[Any], Awaitable[R]]) -> R:
        if self._connections is None:
            raise StoreUnavailable("it is closed")
        connections, waits = self._connections, 1
        with translated():
            while True:
                try:
                    return await connections.use(work)
                except Unanswered:
                    raise
                except TimeoutError:  # none was free, since others get answers, or could be had, since nobody does
                    if waits == _WAITS or monotonic() - self._answered > self._timeout / 2:
                        raise
                    waits += 1


async def _in_one_transaction(statements: Sequence[Sendable], connection: WritingConnection) -> Sequence[Any]:
    answer: Sequence[Any] = ()
    async with connection.transaction():
        for sql, arguments in statements:
            answer = await connection.fetch(sql, arguments)
            if not answer:
                break
    return answer
