"""Whoever waits for a turn at a store that is away finds out with the one that has it."""

import asyncio

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.adapters.sqlalchemy.commits.id_blocks import IdBlocks
from taskharbor.application.errors import StoreUnavailable
from taskharbor.application.shards.sharded_storage import ShardedStorage

SOON = 10


class Away:
    """Is away for whoever asks, until it is back; it says so when it may."""

    def __init__(self) -> None:
        self.asked = 0
        self.may_say = asyncio.Event()
        self.is_back = False

    async def reserve(self, _workspace: str, size: int) -> int:
        self.asked += 1
        await self.may_say.wait()
        if not self.is_back:
            raise StoreUnavailable("it does not answer")
        return self.asked * size


async def test_creates_that_wait_for_ids_learn_together_that_the_store_is_away():
    away = Away()
    ids = IdBlocks(away.reserve)
    creates = [asyncio.create_task(ids.next("default")) for _ in range(50)]
    await asyncio.sleep(0)
    away.may_say.set()
    async with asyncio.timeout(SOON):
        ends = await asyncio.gather(*creates, return_exceptions=True)
        assert [str(end) for end in ends] == ["The task store is unavailable: it does not answer"] * 50
        assert away.asked == 1
        away.is_back = True
        assert len({await ids.next("default") for _ in range(20)}) == 20


async def test_a_create_that_hangs_up_while_it_gets_ids_fails_no_other():
    away = Away()
    away.is_back = True
    ids = IdBlocks(away.reserve)
    one, other = (asyncio.create_task(ids.next("default")) for _ in range(2))
    await asyncio.sleep(0)
    one.cancel()
    await asyncio.sleep(0)
    away.may_say.set()
    async with asyncio.timeout(SOON):
        assert await other > 0


async def test_calls_learn_together_that_the_directory_of_shards_is_away(monkeypatch):
    home, north = InMemoryStorage(), InMemoryStorage()
    sharded = ShardedStorage(home, {"north": north})
    asked = 0
    may_say = asyncio.Event()

    async def load_records(*_: object) -> None:
        nonlocal asked
        asked += 1
        await may_say.wait()
        raise StoreUnavailable("it does not answer")

    monkeypatch.setattr(home, "load_records", load_records)
    calls = [asyncio.create_task(sharded.load_tasks("default", [1])) for _ in range(50)]
    await asyncio.sleep(0)
    may_say.set()
    async with asyncio.timeout(SOON):
        ends = await asyncio.gather(*calls, return_exceptions=True)
    assert {type(end) for end in ends} == {StoreUnavailable}
    assert asked == 1
