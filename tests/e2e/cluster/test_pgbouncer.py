"""PostgreSQL behind a pooler that hands each transaction to another connection."""

import asyncio
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio
from sqlalchemy import make_url

from debian_packages import program
from postgres_server import PostgresServer, free_port
from taskharbor.adapters.sqlalchemy.schema import upgrade
from taskharbor.application.errors import StoreNotReady
from taskharbor.entrypoints.embedded import Harbor, open_taskharbor

pytestmark = pytest.mark.long

CONFIGURATION = """
[databases]
* = host={host} port={port} user={user}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 3
max_client_conn = 200
"""


@pytest.fixture(scope="module")
def pgbouncer(postgres_server: PostgresServer) -> Iterator[int]:
    """The port of a pgbouncer before the server of the tests. It has three connections for each database."""
    folder = Path(tempfile.mkdtemp(prefix="taskharbor-pgbouncer-"))  # other users cannot enter pytest's
    folder.chmod(0o755)
    path = program("pgbouncer", "pgbouncer", folder, "libevent-2.1-7", "libc-ares2")
    libraries = os.pathsep.join(str(each) for each in (folder / "pgbouncer" / "usr" / "lib").glob("*-linux-*"))
    port, server = free_port(), make_url(postgres_server.url)
    file = folder / "pgbouncer.ini"
    file.write_text(CONFIGURATION.format(host=server.host, port=server.port, user=server.username, listen=port))
    user = "nobody" if os.geteuid() == 0 else None  # it refuses to run as root
    environment = {**os.environ, "LD_LIBRARY_PATH": libraries}
    process = subprocess.Popen([path, file], env=environment, user=user, stderr=subprocess.DEVNULL)
    try:
        yield port
    finally:
        process.terminate()
        process.wait(30)
        shutil.rmtree(folder)


@pytest_asyncio.fixture
async def pooled_url(pgbouncer: int, empty_postgres_url: str) -> str:
    """The URL of an empty database, by way of the pooler."""
    pooled = make_url(empty_postgres_url).set(host="127.0.0.1", port=pgbouncer)
    for _ in range(100):
        try:
            connection = await asyncpg.connect(
                pooled.render_as_string(hide_password=False), statement_cache_size=0, timeout=5
            )
        except OSError:
            await asyncio.sleep(0.1)
        else:
            await connection.close()
            break
    return pooled.render_as_string(hide_password=False)


async def test_a_schema_is_made_through_the_pooler_time_and_again(pooled_url: str) -> None:
    await asyncio.gather(*[upgrade(pooled_url) for _ in range(4)])
    await upgrade(pooled_url)


async def test_servers_share_the_few_connections_of_a_pooler(pooled_url: str) -> None:
    await upgrade(pooled_url)
    async with AsyncExitStack() as stack:
        servers = [await stack.enter_async_context(open_taskharbor(pooled_url, pool_size=10)) for _ in range(4)]
        await asyncio.gather(*[use(harbor, n) for n in range(100) for harbor in servers])
        assert await servers[0].count_tasks("progress:completed") == 400


async def use(harbor: Harbor, n: int) -> None:
    task = await harbor.create_task(title=f"task {n}", tags=["pooled"], due={"date": "2027-01-01"})
    assert (await harbor.get_task(task.id)).title == f"task {n}"
    await harbor.complete_task(task.id)
    assert await harbor.count_tasks("tags:pooled") > 0
    await harbor.find_tasks("is_open", sort="due", limit=n % 7 + 1)


async def test_with_prepared_statements_the_store_says_what_to_do(pooled_url: str) -> None:
    await upgrade(pooled_url)
    failures = []
    async with AsyncExitStack() as stack:
        for _ in range(4):
            try:
                url = f"{pooled_url}?statement_cache_size=100"
                harbor = await stack.enter_async_context(open_taskharbor(url, pool_size=10))
                await asyncio.gather(*[use(harbor, n) for n in range(100)])
            except StoreNotReady as refusal:
                failures.append(str(refusal))
    assert any("?statement_cache_size=0" in failure for failure in failures)
