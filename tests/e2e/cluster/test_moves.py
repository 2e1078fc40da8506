"""A workspace is moved to and fro between two servers while others write, read and follow it."""

import asyncio
import os
import time
from collections.abc import Iterator
from itertools import pairwise

import pytest

from postgres_server import PostgresServer
from taskharbor.adapters.storage_options import StorageOptions
from taskharbor.application.shards.move_workspace import Moved
from taskharbor.application.shards.sharded_storage import ShardedStorage
from taskharbor.application.verification.verify import Checked, verify
from taskharbor.entrypoints.composition import storage_on
from taskharbor.entrypoints.embedded import Harbor, open_taskharbor

MOVES = int(os.environ.get("TASKHARBOR_TEST_MOVES", "6"))
PAUSE_ALLOWED = 1.0
GRACE = 2.0

pytestmark = [pytest.mark.long, pytest.mark.timeout(300 + MOVES * 30)]


@pytest.fixture
def urls(postgres_server: PostgresServer, migrated_template: str) -> Iterator[tuple[str, str]]:
    with (
        postgres_server.database(template=migrated_template) as home,
        postgres_server.database(template=migrated_template) as shard,
    ):
        yield home, shard


class Load:
    """What two servers do for their clients until it is said to stop."""

    def __init__(self, one: Harbor, other: Harbor) -> None:
        self.harbors = (one, other)
        self.acknowledged: dict[int, int] = {}
        self.times: list[float] = []
        self.stop = asyncio.Event()
        self.told: list[dict[int, list[int]]] = [{}, {}]
        self.heard = asyncio.Event()

    async def write(self, number: int) -> None:
        """Create a task here, look for it there, change it there, and read that here."""
        here, there = self.harbors if number % 2 else self.harbors[::-1]
        while not self.stop.is_set():
            task = await here.create_task(title=f"by {number}")
            self.times.append(time.monotonic())
            assert task.id not in self.acknowledged, "an id was given twice"
            assert (await there.get_task(task.id)).title == task.title, "what was acknowledged is not read elsewhere"
            changed = await there.change_task(task.id, priority=1, if_match=task.revision)
            self.times.append(time.monotonic())
            self.acknowledged[task.id] = changed.revision
            assert (await here.get_task(task.id)).revision == changed.revision

    async def follow(self, number: int) -> None:
        """Note each change that is told, until the last one that was acknowledged."""
        seen = self.told[number]
        async for page in self.harbors[number].follow_changes():
            for change in page.items:
                seen.setdefault(change.id, []).append(change.revision)
            self.heard.set()

    def is_told(self) -> bool:
        """Return whether both followers know the last state of each task."""
        return all(
            told.get(task_id, [0])[-1] == revision
            for told in self.told
            for task_id, revision in self.acknowledged.items()
        )


def process(urls: tuple[str, str]) -> ShardedStorage:
    storage = storage_on(urls[0], StorageOptions(pool_size=5), shards={"north": urls[1]})
    assert isinstance(storage, ShardedStorage)
    return storage


async def test_a_workspace_is_moved_to_and_fro_under_load(urls: tuple[str, str]) -> None:
    shards = {"north": urls[1]}
    async with open_taskharbor(urls[0], shards=shards) as one, open_taskharbor(urls[0], shards=shards) as other:
        load = Load(one, other)
        following = [asyncio.create_task(load.follow(number)) for number in range(2)]
        writing = [asyncio.create_task(load.write(number)) for number in range(8)]
        moves: list[Moved] = []
        for number in range(MOVES):
            await asyncio.sleep(1)  # let there be something to be moved
            async with process(urls) as mover:
                moves.append(await mover.move("default", "home" if number % 2 else "north", grace=GRACE))
        load.stop.set()
        await asyncio.gather(*writing)
        async with asyncio.timeout(60):
            while not load.is_told():
                load.heard.clear()
                await load.heard.wait()
        for follower in following:
            follower.cancel()
        await asyncio.gather(*following, return_exceptions=True)

        gap = max(after - before for before, after in pairwise(sorted(load.times)))
        print(
            f"{MOVES} moves of {len(load.acknowledged)} tasks, {max(move.rows for move in moves)} rows at most: pauses "
            f"of {max(move.pause for move in moves):.3f} s at most, longest gap between acknowledgements {gap:.3f} s"
        )
        there = {change.id: change.revision async for change in all_of(one)}
        assert {task_id: there.get(task_id) for task_id in load.acknowledged} == load.acknowledged
        for told in load.told:
            assert all(revisions == sorted(set(revisions)) for revisions in told.values())
        assert gap < PAUSE_ALLOWED
    async with process(urls) as storage:
        checked = Checked()
        assert [fault async for fault in verify(storage, checked)] == []
        assert checked.tasks >= len(load.acknowledged)


async def all_of(harbor: Harbor):
    async for task in harbor.iter_tasks():
        yield task
