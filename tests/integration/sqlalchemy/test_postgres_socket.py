"""PostgreSQL behind a socket in the file system, as Cloud SQL has it: in a folder with colons in its name."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from taskharbor.adapters.storage_options import StorageOptions
from taskharbor.adapters.storage_url import storage_from_url
from taskharbor.testing.scenes.bench import Bench

INSTANCE = "my-project:europe-west1:tasks"


@pytest.fixture
async def socket_url(empty_postgres_url: str) -> AsyncIterator[str]:
    """The URL of a database by a socket that passes everything on to the server of the tests."""
    url = make_url(empty_postgres_url)
    passing: set[asyncio.Task[None]] = set()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(url.host, url.port)
        for one_way in (_pass(reader, far_writer), _pass(far_reader, writer)):
            passing.add(asyncio.ensure_future(one_way))

    with tempfile.TemporaryDirectory(prefix="sql-") as folder:  # a path of a socket has at most 107 bytes
        place = Path(folder) / INSTANCE
        place.mkdir()
        server = await asyncio.start_unix_server(accept, place / ".s.PGSQL.5432")
        password = f":{url.password}" if url.password else ""
        yield f"postgresql://{url.username}{password}@/{url.database}?host={place}"
        server.close()
        await asyncio.gather(*passing)


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    writer.close()


async def test_a_store_is_reached_migrated_and_written_by_the_socket(socket_url: str) -> None:
    async with storage_from_url(socket_url, StorageOptions(migrate=True)) as storage:
        here = Bench(storage)
        task = await here.add("a task")
        assert await here.load(task.id) == task
