"""Connections that pass from one caller to the next without returning to the pool in between."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final, TypeVar

import asyncpg

from taskharbor.application.errors import QueryTooExpensive, StoreUnavailable
from taskharbor.application.ports.store_figures import PoolFigures

R = TypeVar("R")


class Connections:
    """Lends connections of a pool. While others are in use, a returned one is kept for the next.

    To give a connection back to asyncpg's pool and to take it again costs a task, two timers and turns of the event
    loop, which is a good part of a statement that finds a task by its key. Calls that have to wait do so at the pool;
    so nothing is kept then. Nothing is kept either when all have gone, so the pool looks after what is idle.

    Args:
        pool: whose connections these are.
        timeout: seconds that one waits for a connection.
    """

    def __init__(self, pool: asyncpg.Pool, *, timeout: float) -> None:
        self._pool: Final = pool
        self._timeout: Final = timeout
        self._kept: list[Any] = []  # asyncpg's stand-ins for connections
        self._users = 0
        self._waiting = 0
        self._is_unused = asyncio.Event()
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
            connection = await self._next_kept() or await self._acquire()
            generation = self._generation
            is_as_it_was = is_waiting = False
            try:
                if self._is_closed:
                    raise StoreUnavailable("it was closed meanwhile")
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
                if is_as_it_was and self._users > 1 and not self._waiting and generation == self._generation:
                    self._kept.append(connection)
                elif is_waiting:
                    self._release_later(connection)
                else:
                    await self._pool.release(connection)
            return answer
        finally:
            self._users -= 1
            if not self._users:
                await self._put_back()

    def figures(self, most: int) -> PoolFigures:
        """Return how many of at most so many are at work, and how many calls wait for one."""
        return PoolFigures(most, self._users - self._waiting, self._waiting)

    async def aclose(self) -> None:
        """Refuse calls that still wait for a connection, let the others finish, and close the pool."""
        self._is_closed = True
        # The pool's own closing does not wait for those who wait for a connection: they would make new ones.
        while self._users:
            self._is_unused.clear()
            await self._is_unused.wait()
        await self._pool.close()

    async def _next_kept(self) -> Any:  # asyncpg's
        while self._kept:
            connection = self._kept.pop()
            with suppress(asyncpg.InterfaceError):  # it broke, and the pool has taken it back
                if not connection.is_closed():
                    return connection
            await self._pool.release(connection)
        return None

    async def _acquire(self) -> Any:
        self._waiting += 1
        try:
            # A timeout costs a task and a timer, which a call that need not wait is spared.
            timeout = None if self._pool.get_idle_size() else self._timeout
            return await self._pool.acquire(timeout=timeout)
        finally:
            self._waiting -= 1

    async def _expire(self, generation: int) -> None:
        if generation == self._generation:  # else the connection was one of the old ones
            self._generation += 1
            await self._pool.expire_connections()
            kept, self._kept = self._kept, []
            for connection in kept:
                self._release_later(connection)

    def _release_later(self, connection: Any) -> None:
        # The pool waits until the server has cancelled the statement, or has not: the caller need not.
        task = asyncio.create_task(self._pool.release(connection))
        self._being_released.add(task)
        task.add_done_callback(self._released)

    def _released(self, task: asyncio.Task[None]) -> None:
        self._being_released.discard(task)
        if not task.cancelled():
            task.exception()  # the connection broke meanwhile

    async def _put_back(self) -> None:
        self._is_unused.set()
        if self._kept:
            kept, self._kept = self._kept, []
            back = asyncio.gather(*[self._pool.release(one) for one in kept], return_exceptions=True)
            await asyncio.shield(back)
