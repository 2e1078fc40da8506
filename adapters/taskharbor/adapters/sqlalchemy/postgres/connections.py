"""Connections that pass from one caller to the next without returning to the pool in between."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from time import monotonic
from typing import Any, Final, TypeAlias, TypeVar

import asyncpg

from taskharbor.application.errors import QueryTooExpensive, StoreUnavailable
from taskharbor.application.ports.store_figures import PoolFigures

R = TypeVar("R")

_Lent: TypeAlias = tuple[Any, int]
"""A connection, which is asyncpg's stand-in for one, and its generation."""

_CLOSED: Final = "it was closed meanwhile"


class Connections:
    """Lends connections of a pool. A returned one goes to the call that waits longest, or is kept for the next.

    To give a connection back to asyncpg's pool and to take it again costs a task, two timers and turns of the event
    loop, as much as a statement that finds a task by its key. After a rest the pool has everything back, and looks
    after what is idle.

    Args:
        pool: whose connections these are. Nobody else takes any.
        size: how many it has at most.
        timeout: seconds that one waits for a connection.
        rest: seconds without calls after which the pool has everything back.
    """

    def __init__(self, pool: asyncpg.Pool, *, size: int, timeout: float, rest: float = 1) -> None:
        self._pool: Final = pool
        self._size: Final = size
        self._timeout: Final = timeout
        self._rest: Final = rest
        self._kept: list[Any] = []
        self._places = size  # for connections that may still be taken from the pool
        self._queue: deque[asyncio.Future[_Lent | None]] = deque()
        self._users = 0
        self._waiting = 0
        self._is_unused = asyncio.Event()
        self._resting: asyncio.TimerHandle | None = None
        self._is_closed = False
        self._generation = 0
        self._being_released: set[asyncio.Task[None]] = set()

    async def use(self, work: Callable[[Any], Awaitable[R]]) -> R:
        """Return what `work` returns, which has a connection for itself and leaves no state behind in it.

        A server that does not answer, or can only be read from, may be the primary no longer: after that every
        connection is made anew.

        Raises:
            StoreUnavailable: if these are closed.
            TimeoutError: if no connection becomes free in time.
        """
        self._users += 1
        try:
            connection, generation = await self._next_kept() or await self._next_free()
            is_as_it_was = is_waiting = False
            try:
                if self._is_closed:
                    raise StoreUnavailable(_CLOSED)
                answer = await work(connection)
                is_as_it_was = True
            except QueryTooExpensive:
                is_waiting = True
                raise
            except (TimeoutError, asyncpg.ReadOnlySQLTransactionError) as error:
                is_waiting = isinstance(error, TimeoutError)
                await self._expire(generation)
                raise
            finally:
                if not is_as_it_was or not self._passes_on(connection, generation):
                    if is_waiting:
                        self._release_later(connection)
                    else:
                        await self._release(connection)
            return answer
        finally:
            self._users -= 1
            if not self._users:
                self._begin_rest()

    def figures(self) -> PoolFigures:
        """Return how many of at most so many are at work, and how many calls wait for one."""
        return PoolFigures(self._size, self._users - self._waiting, self._waiting)

    async def aclose(self) -> None:
        """Refuse calls that still wait for a connection, let the others finish, and close the pool."""
        self._is_closed = True
        # The pool's own closing does not wait for those who wait for a connection: they would make new ones.
        while self._users:
            self._is_unused.clear()
            await self._is_unused.wait()
        if self._resting is not None:
            self._resting.cancel()
        self._put_back()
        await asyncio.gather(*self._being_released, return_exceptions=True)
        await self._pool.close()

    async def _next_kept(self) -> _Lent | None:
        while self._kept:
            connection = self._kept.pop()
            with suppress(asyncpg.InterfaceError):  # it broke, and the pool has taken it back
                if not connection.is_closed():
                    return connection, self._generation
            await self._release(connection)
        return None

    async def _next_free(self) -> _Lent:
        self._waiting += 1
        try:
            if self._places:
                self._places -= 1
                return await self._take(self._timeout)
            began = monotonic()
            return await self._in_turn() or await self._take(began + self._timeout - monotonic())
        finally:
            self._waiting -= 1

    async def _take(self, seconds: float) -> _Lent:
        """Take a connection for which there is a place; the place is free again if that fails."""
        try:
            # A timeout costs a task and a timer, which a call that need not wait is spared.
            timeout = None if self._pool.get_idle_size() else seconds
            return await self._pool.acquire(timeout=timeout), self._generation
        except BaseException:
            self._leave_place()
            raise

    async def _in_turn(self) -> _Lent | None:
        """Return what the next call that has finished leaves behind: its connection, or else a place for one."""
        loop = asyncio.get_running_loop()
        turn: asyncio.Future[_Lent | None] = loop.create_future()
        self._queue.append(turn)
        timer = loop.call_later(self._timeout, _time_out, turn)
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.exception() is None:  # its turn had just come
                lent = turn.result()
                if lent is None:
                    self._leave_place()
                elif not self._passes_on(*lent):
                    self._release_later(lent[0])
            raise
        finally:
            timer.cancel()

    def _passes_on(self, connection: Any, generation: int) -> bool:
        """Give the connection to the call that waits longest, or keep it for the next; return False if it is to go."""
        if generation != self._generation:
            return False
        if turn := self._next_turn():
            turn.set_result((connection, generation))
        else:
            self._kept.append(connection)
        return True

    def _leave_place(self) -> None:
        if turn := self._next_turn():
            turn.set_result(None)
        else:
            self._places += 1

    def _next_turn(self) -> asyncio.Future[_Lent | None] | None:
        while self._queue:
            turn = self._queue.popleft()
            if not turn.done():
                return turn
        return None

    async def _release(self, connection: Any) -> None:
        try:
            await self._pool.release(connection)
        finally:
            self._leave_place()

    async def _expire(self, generation: int) -> None:
        if generation == self._generation:  # else the connection was one of the old ones
            self._generation += 1
            await self._pool.expire_connections()
            self._put_back()

    def _release_later(self, connection: Any) -> None:
        # The pool waits until the server has cancelled the statement, or has not: the caller need not.
        task = asyncio.create_task(self._release(connection))
        self._being_released.add(task)
        task.add_done_callback(self._released)

    def _released(self, task: asyncio.Task[None]) -> None:
        self._being_released.discard(task)
        if not task.cancelled():
            task.exception()  # the connection broke meanwhile

    def _begin_rest(self) -> None:
        self._is_unused.set()
        if self._resting is None:
            self._resting = asyncio.get_running_loop().call_later(self._rest, self._end_rest)

    def _end_rest(self) -> None:
        self._resting = None
        if not self._users:
            self._put_back()

    def _put_back(self) -> None:
        kept, self._kept = self._kept, []
        for connection in kept:
            self._release_later(connection)


def _time_out(turn: asyncio.Future[_Lent | None]) -> None:
    if not turn.done():
        turn.set_exception(TimeoutError())
