"""The pool of connections, and how each is set up."""

import asyncio
from typing import Any, Final

import asyncpg

from taskharbor.adapters.sqlalchemy.postgres_servers import Servers

_FIRST_SECONDS: Final = 10.0
"""For the first connection, at least: nobody waits for an answer yet."""

_OF_A_LOCK: Final = 0.75
"""How much of the timeout one may wait for a lock. Then the server says no by itself; else it would wait on, and
write, for callers who have gone."""


async def open_pool(servers: Servers, *, size: int, timeout: float) -> asyncpg.Pool:  # noqa: ASYNC109  # of a call
    """Connect to a database.

    Args:
        servers: where it is.
        size: how many connections at most.
        timeout: seconds that a call of the store may take: half of them to connect, the rest for the answer.
    """
    prepared = servers.statement_cache_size
    cache: dict[str, Any] = {} if prepared is None else {"statement_cache_size": prepared}
    seconds = max(timeout, _FIRST_SECONDS)
    of_a_lock = round(timeout * _OF_A_LOCK * 1000)

    async def connect(_no_dsn: None, **arguments: Any) -> asyncpg.Connection:
        async with asyncio.timeout(seconds):
            connection = await servers.connect(timeout=seconds, **arguments)
            try:
                await _set_up(connection, of_a_lock)
            except BaseException:
                connection.terminate()
                raise
            return connection

    pool = await asyncpg.create_pool(
        connect=connect, min_size=1, max_size=size, command_timeout=timeout, reset=_nothing_to_reset, **cache
    )
    seconds = timeout / 2
    return pool


async def _set_up(connection: asyncpg.Connection, lock_timeout: int = 0) -> None:
    # What is read often is in memory, where a page costs the same wherever it is. By PostgreSQL's own guess of 4.0 a
    # table that is new is rather read from end to end than asked by its key. Compiling a plan takes longer than any
    # statement here may.
    await connection.execute(f"SET random_page_cost = 1.1; SET jit = off; SET lock_timeout = {lock_timeout}")


async def _nothing_to_reset(connection: object) -> None:
    """Statements here leave no session state behind, so a connection goes back as it is: no round trip."""
