"""Statements that write: none is cancelled in the server."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager, suppress
from time import monotonic
from typing import Any, Final, TypeVar

import asyncpg

R = TypeVar("R")

_LOST: Final = (asyncpg.InterfaceError, asyncpg.InternalClientError, asyncpg.PostgresConnectionError, OSError)
"""What the driver says of a connection that is closed, also by us."""


class Unanswered(TimeoutError):
    """A statement got no answer in time; it may be carried out nevertheless."""


class WritingConnection:
    """A connection that is closed, rather than the server asked to cancel, if a statement gets no answer in time.

    A commit that waits for its standby and is cancelled has happened: PostgreSQL makes it visible, and says that it
    "might not have been replicated". A caller that repeated it would be told that it was made, and lose it with the
    primary. Left alone, it waits on, holds its locks, and is seen by nobody until a standby has it. The same holds for
    a call that is cancelled, as all are when an event loop ends.

    Args:
        connection: asyncpg's own, or the pool's stand-in for one.
        asked: when the caller began to wait, by the monotonic clock.
        timeout: seconds within which an answer must come, from then on, or from the answer before; half of them are
            left at least, however long one waited for the connection.
    """

    def __init__(self, connection: Any, *, asked: float, timeout: float) -> None:
        self._connection: Final = connection
        self._timeout: Final = timeout
        self._until = max(asked + timeout, monotonic() + timeout / 2)
        self._is_left = False

    async def fetch(self, sql: str, arguments: Sequence[Any]) -> Sequence[Any]:
        """Carry out a statement.

        Raises:
            Unanswered: if no answer comes in time.
        """
        rows: Sequence[Any] = await self._answered(self._connection.fetch(sql, *arguments, timeout=self._never))
        return rows

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """Commit all that is done in the block, or nothing if it raises."""
        await self._execute("BEGIN")
        try:
            yield
        except Exception:
            if not self._is_left:
                with suppress(*_LOST, asyncpg.PostgresError):  # then it is lost as well
                    await self._execute("ROLLBACK")
            raise
        except BaseException:
            self._leave()
            raise
        await self._execute("COMMIT")

    @property
    def _never(self) -> float:
        """When the driver would cancel a statement by itself: after it has been left."""
        return 2 * self._timeout

    async def _execute(self, command: str) -> None:
        await self._answered(self._connection.execute(command, timeout=self._never))

    async def _answered(self, statement: Awaitable[R]) -> R:
        timer = asyncio.get_running_loop().call_later(max(self._until - monotonic(), 0), self._leave)
        try:
            answer = await statement
        except asyncio.CancelledError:
            self._leave()  # before the driver has sent the request to cancel, which it has begun
            raise
        except _LOST as error:
            if self._is_left:
                raise Unanswered from error
            raise
        finally:
            timer.cancel()
        self._until = monotonic() + self._timeout
        return answer

    def _leave(self) -> None:
        if not self._is_left:
            self._is_left = True
            with suppress(asyncpg.InterfaceError):  # it broke, and the pool has taken it back
                self._connection.terminate()
