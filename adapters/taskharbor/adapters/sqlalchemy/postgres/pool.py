"""The pool of connections, and how each is set up."""

from typing import Any

import asyncpg

from taskharbor.adapters.sqlalchemy.postgres_servers import Servers
from taskharbor.adapters.storage_options import StorageOptions


async def open_pool(servers: Servers, options: StorageOptions) -> asyncpg.Pool:
    """Connect to a database."""
    size = servers.statement_cache_size

    async def connect(_no_dsn: None, **arguments: Any) -> asyncpg.Connection:
        return await servers.connect(**arguments)

    cache: dict[str, Any] = {} if size is None else {"statement_cache_size": size}
    return await asyncpg.create_pool(
        connect=connect,
        min_size=1,
        max_size=options.pool_size,
        command_timeout=options.timeout,
        timeout=options.timeout,
        reset=_nothing_to_reset,
        init=_set_up,
        **cache,
    )


async def _set_up(connection: asyncpg.Connection) -> None:
    # What is read often is in memory, where a page costs the same wherever it is. By PostgreSQL's own guess of 4.0 a
    # table that is new is rather read from end to end than asked by its key. Compiling a plan takes longer than any
    # statement here may.
    await connection.execute("SET random_page_cost = 1.1; SET jit = off")


async def _nothing_to_reset(connection: object) -> None:
    """Statements here leave no session state behind, so a connection goes back as it is: no round trip."""
