"""A database that has lost a table is not ready: 503, not a fault of the service."""

import asyncpg
import pytest

from taskharbor.application.errors import StoreNotReady
from taskharbor.entrypoints.embedded.opening import open_taskharbor


async def test_a_table_that_has_gone_leaves_postgresql_not_ready_until_it_is_back(postgres_url):
    connection = await asyncpg.connect(postgres_url)
    try:
        async with open_taskharbor(postgres_url, migrate=True) as harbor:
            await connection.execute("ALTER TABLE tasks RENAME TO gone")
            for call in (harbor.list_tasks, lambda: harbor.create_task(title="x")):
                with pytest.raises(StoreNotReady, match="tasks"):
                    await call()
            await connection.execute("ALTER TABLE gone RENAME TO tasks")
            assert (await harbor.create_task(title="x")).revision
    finally:
        await connection.execute("ALTER TABLE IF EXISTS gone RENAME TO tasks")
        await connection.close()
