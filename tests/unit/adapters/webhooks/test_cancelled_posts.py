"""Nothing stays open of a request that is cancelled, wherever it is at that moment."""

import asyncio
from ipaddress import ip_network

from taskharbor.adapters.webhooks.http_sender import HttpWebhookSender

SOON = 30
TURNS = 25
"""Of the event loop: more than a request takes until it waits for its answer."""


class Silent(asyncio.Protocol):
    """Accepts, and answers nothing."""

    def __init__(self, open_ones: set["Silent"], news: asyncio.Event) -> None:
        self.open_ones = open_ones
        self.news = news

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.open_ones.add(self)
        self.news.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self.open_ones.discard(self)
        self.news.set()


async def test_no_connection_of_a_request_that_was_cancelled_stays_open():
    open_ones, news = set(), asyncio.Event()

    async def until_open(count: int) -> None:
        while len(open_ones) != count:
            news.clear()
            await news.wait()

    server = await asyncio.get_running_loop().create_server(lambda: Silent(open_ones, news), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    sender = HttpWebhookSender([ip_network("127.0.0.0/8")])
    for turns in range(TURNS):
        posting = asyncio.create_task(sender.post(f"http://127.0.0.1:{port}/hook", {}, b"{}"))
        for _ in range(turns):
            await asyncio.sleep(0)
        posting.cancel()
        await asyncio.wait({posting})
        assert posting.cancelled()
    async with asyncio.timeout(SOON):
        _, last = await asyncio.open_connection("127.0.0.1", port)  # accepted after all others
        await until_open(1)
        last.close()
        await until_open(0)
    await sender.aclose()
    server.close()
