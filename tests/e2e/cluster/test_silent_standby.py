"""A commit that waits for its standby is not acknowledged before that has it, whoever gives up the wait."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TypeAlias

import asyncpg
import pytest

from e2e.cluster.nodes import Node
from taskharbor.adapters.sqlalchemy.postgres import PostgresStorage
from taskharbor.adapters.storage_options import StorageOptions
from taskharbor.application.ports.housekeeping import Cutoffs
from taskharbor.domain.identifiers import workspace_from
from taskharbor.entrypoints.embedded import Harbor, StoreUnavailable, open_taskharbor

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]

SECONDS = 60
NEW = workspace_from("new")

Pair: TypeAlias = tuple[Node, Node]


async def titles(harbor: Harbor) -> list[str]:
    return [task.title async for task in harbor.iter_tasks()]


async def until_acknowledged(harbor: Harbor) -> int:
    async with asyncio.timeout(SECONDS):
        while True:
            try:
                return (await harbor.create_task(title="Buy milk", idempotency_key="milk")).id
            except StoreUnavailable:
                await asyncio.sleep(0.05)


async def waiting_for_the_standby(primary: Node) -> int:
    """Return how many wait for it, or for the locks of those who do."""
    connection = await asyncpg.connect(primary.url, timeout=SECONDS)
    try:
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep' OR wait_event_type = 'Lock'"
        return int(await connection.fetchval(waiting))
    finally:
        await connection.close()


async def until_waiting(primary: Node, count: int) -> None:
    async with asyncio.timeout(SECONDS):
        while await waiting_for_the_standby(primary) != count:  # noqa: ASYNC110  # there is no event in PostgreSQL
            await asyncio.sleep(0.05)


@asynccontextmanager
async def silent(standby: Node) -> AsyncIterator[None]:
    standby.freeze()
    try:
        yield
    finally:
        standby.thaw()


async def test_a_create_that_no_standby_has_is_refused_and_seen_by_nobody_until_one_has_it(pair: Pair) -> None:
    primary, standby = pair
    async with open_taskharbor(primary.url, timeout=1) as harbor, open_taskharbor(primary.url, timeout=1) as other:
        await harbor.create_task(title="Before")
        async with silent(standby):
            for asked in (harbor, harbor, other):
                with pytest.raises(StoreUnavailable):
                    await asked.create_task(title="Buy milk", idempotency_key="milk")
                assert await titles(harbor) == await titles(other) == ["Before"]
            await until_waiting(primary, 1)  # those who repeat it do not pile up in the server
        task = await until_acknowledged(harbor)
        assert await until_acknowledged(other) == task
        assert await titles(harbor) == ["Before", "Buy milk"]


async def test_a_program_that_ends_while_its_commit_waits_makes_nothing_visible(pair: Pair) -> None:
    primary, standby = pair
    async with open_taskharbor(primary.url) as other:
        await asyncio.to_thread(asyncio.run, ended_while_it_wrote(primary, standby))
        assert await titles(other) == ["Before"]
        assert await waiting_for_the_standby(primary) == 1
        standby.thaw()
        await until_acknowledged(other)
        assert await titles(other) == ["Before", "Buy milk"]


async def ended_while_it_wrote(primary: Node, standby: Node) -> None:
    """End as `asyncio.run` does on Ctrl-C: with all tasks cancelled, also the one that sends the commit."""
    async with open_taskharbor(primary.url, timeout=4) as harbor:
        await harbor.create_task(title="Before")
        standby.freeze()
        call = asyncio.create_task(harbor.create_task(title="Buy milk", idempotency_key="milk"))
        await until_waiting(primary, 1)
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for one in others:
            one.cancel()
        await asyncio.wait(others)
        assert call.done()


async def purge(storage: PostgresStorage) -> object:
    everything = Cutoffs(deleted=None, expired=datetime.now(UTC), recorded=None)
    return await storage.purge(NEW, everything, limit=10)


async def test_no_kind_of_write_is_cancelled_in_the_server(pair: Pair) -> None:
    primary, standby = pair
    ways: list[Callable[[PostgresStorage], Awaitable[object]]] = [
        lambda storage: storage.next_task_id(NEW),
        purge,
    ]
    for way in ways:
        async with PostgresStorage.from_url(primary.url, StorageOptions(timeout=4)) as storage:
            async with silent(standby):
                call = asyncio.ensure_future(way(storage))
                await until_waiting(primary, 1)
                call.cancel()
                await asyncio.wait({call})
                assert call.cancelled()
                assert await waiting_for_the_standby(primary) == 1
            await until_waiting(primary, 0)
