"""Channels come and go with their clients."""

import asyncio

from taskharbor.application.errors import TokenExpired
from taskharbor.application.live.commit_event import CommitBatch
from taskharbor.application.live.read_commits import WatchedCommits
from taskharbor.entrypoints.http.live.hub import Hub, StreamQuery
from taskharbor.entrypoints.http.live.subscriber import End, Subscriber

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
