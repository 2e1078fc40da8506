"""Channels come and go with their clients."""

import asyncio

import pytest

from taskharbor.application.errors import TokenExpired
from taskharbor.application.live.commit_event import CommitBatch
from taskharbor.application.live.read_commits import WatchedCommits
from taskharbor.entrypoints.http.live.hub import Hub, NotWanted, StreamQuery
from taskharbor.entrypoints.http.live.subscriber import End, Subscriber
from taskharbor.entrypoints.http.requests.errors import Overloaded

SOON = 10
QUERY = StreamQuery("default", WatchedCommits(), None)
BEGIN = CommitBatch(events=[], revision=0, next="0", more=False)


class Live:
    """Can go on only from the second time on."""

    def __init__(self) -> None:
        self.asked = 0

    async def follow(self, _asked, _since, _workspace):
        self.asked += 1
        if self.asked == 1:
            raise TokenExpired
        await asyncio.Event().wait()
        yield BEGIN


async def test_nothing_is_left_of_a_channel_that_ended_before_its_clients_left():
    hub = Hub(Live(), heartbeat=60, max_streams=9)
    before = asyncio.all_tasks()
    one, other = Subscriber(), Subscriber()
    hub.enter(one, None)
    hub.join(QUERY, BEGIN, one)
    async with asyncio.timeout(SOON):
        while await one.next_text() is not None:
            pass
    assert one.end is End.RESET
    hub.enter(other, None)
    hub.join(QUERY, BEGIN, other)
    await asyncio.sleep(0)
    for subscriber in (one, other):
        hub.leave(QUERY, subscriber)
    left = asyncio.all_tasks() - before
    async with asyncio.timeout(SOON):
        await asyncio.gather(*left, return_exceptions=True)


class Slow:
    """Reads only once it may. `read_since` are the tokens of those whose turn has come."""

    def __init__(self) -> None:
        self.may_read = asyncio.Event()
        self.read_since: list[str] = []

    async def latest_token(self, _workspace):
        return "latest"

    async def read(self, _asked, since, _workspace):
        self.read_since.append(since)
        await self.may_read.wait()
        return BEGIN


async def until_all_wait() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_streams_that_wait_to_begin_count_too():
    live = Slow()
    hub = Hub(live, heartbeat=60, max_streams=9)
    async with asyncio.timeout(SOON):
        waiting = [asyncio.create_task(hub.begin(QUERY, "0", is_wanted=lambda: True)) for _ in range(9)]
        await until_all_wait()
        with pytest.raises(Overloaded):
            await hub.begin(QUERY, "0", is_wanted=lambda: True)
        live.may_read.set()
        assert await asyncio.gather(*waiting) == [BEGIN] * 9
        assert await hub.begin(QUERY, "0", is_wanted=lambda: True) == BEGIN


async def test_for_a_client_that_has_left_before_its_turn_nothing_is_read():
    live = Slow()
    hub = Hub(live, heartbeat=60, max_streams=9)
    has_left = False
    async with asyncio.timeout(SOON):
        others = [asyncio.create_task(hub.begin(QUERY, f"{n}", is_wanted=lambda: True)) for n in range(4)]
        one = asyncio.create_task(hub.begin(QUERY, None, is_wanted=lambda: not has_left))
        await until_all_wait()
        has_left = True
        live.may_read.set()
        with pytest.raises(NotWanted):
            await one
        await asyncio.gather(*others)
    assert live.read_since == ["0", "1", "2", "3"]
