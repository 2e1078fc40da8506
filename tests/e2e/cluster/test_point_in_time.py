"""Recovery of PostgreSQL to a moment, from a base backup and the archive of its log."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from e2e.cluster.nodes import Node, nodes
from taskharbor.adapters.sqlalchemy.schema import upgrade
from taskharbor.entrypoints.embedded import TokenExpired, open_taskharbor

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]


@pytest.fixture
def archived() -> Iterator[tuple[Node, Node, Path]]:
    """A server that archives its log, a copy of it from the beginning, and the archive."""
    with nodes("primary", "backup") as (primary, backup):
        primary.create()
        archive = primary.data.parent / "archive"
        archive.mkdir()
        archive.chmod(0o777)
        command = f"test ! -f {archive}/%f && cp %p {archive}/%f"
        primary.start(archive_mode="on", archive_command=command)
        asyncio.run(upgrade(primary.url))
        backup.copy(primary)
        (backup.data / "standby.signal").unlink()
        yield primary, backup, archive


async def test_a_mistake_is_undone_by_going_back_to_the_moment_before(archived: tuple[Node, Node, Path]) -> None:
    primary, backup, archive = archived
    async with open_taskharbor(primary.url) as harbor:
        tasks = [await harbor.create_task(title=f"task {n}") for n in range(50)]
        revision = (await harbor.list_changes("*")).revision
        connection = await asyncpg.connect(primary.url)
        moment = await connection.fetchval("SELECT clock_timestamp()::text")
        for task in tasks:
            await harbor.delete_task(task.id)
        token = (await harbor.list_changes("*")).next
        last = await connection.fetchval("SELECT pg_walfile_name(pg_switch_wal())")
        await until(connection, f"SELECT last_archived_wal >= '{last}' FROM pg_stat_archiver")
        await connection.close()
    primary.stop()

    (backup.data / "recovery.signal").touch()
    options = {
        "restore_command": f"cp {archive}/%f %p",
        "recovery_target_time": moment,
        "recovery_target_action": "promote",
    }
    await asyncio.to_thread(backup.start, **options)
    restored = await asyncpg.connect(backup.url)
    await until(restored, "SELECT NOT pg_is_in_recovery()")
    await restored.close()

    async with open_taskharbor(backup.url) as harbor:
        assert [task.id async for task in harbor.iter_tasks()] == [task.id for task in tasks]
        assert (await harbor.list_changes("*")).revision == revision
        for n in range(60):
            await harbor.create_task(title=f"life goes on {n}")
        with pytest.raises(TokenExpired):
            await harbor.list_changes(token)
    verified = subprocess.run(  # noqa: ASYNC221  # nothing else runs here
        [Path(sys.executable).with_name("taskharbor"), "verify", "--database-url", backup.url],
        capture_output=True,
        text=True,
        env=os.environ,
        check=False,
    )
    assert (verified.returncode, "All is well: 110 tasks" in verified.stdout) == (0, True), verified.stdout


async def until(connection: asyncpg.Connection, question: str) -> None:
    for _ in range(600):
        if await connection.fetchval(question):
            return
        await asyncio.sleep(0.1)
    raise AssertionError(question)
