"""Names of hosts are looked up beside all else that a process does."""

import asyncio
import socket
import threading

import pytest

from taskharbor.adapters.webhooks.http_sender import HttpWebhookSender
from taskharbor.adapters.webhooks.lazy_sender import LazyWebhookSender

SOON = 10


@pytest.fixture
def slow_names(monkeypatch):
    """Let the look-up of a name wait until the test is over; yields what says that one has begun."""
    over, begun = threading.Event(), threading.Event()

    def getaddrinfo(*_asked, **_also):
        begun.set()
        over.wait(60)
        raise socket.gaierror("not found")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    yield begun
    over.set()


async def test_names_that_are_not_answered_keep_nothing_else_from_its_thread(slow_names):
    sender = HttpWebhookSender()
    asking = [asyncio.create_task(sender.refusal_of(f"http://slow{number}.example/")) for number in range(50)]
    async with asyncio.timeout(SOON):
        await asyncio.to_thread(slow_names.wait, SOON)
        assert await asyncio.to_thread(lambda: "done") == "done"
    for each in asking:
        each.cancel()
    await asyncio.wait(asking)
    await sender.aclose()


async def test_one_that_is_closed_looks_nothing_up_any_more(slow_names):
    sender = HttpWebhookSender()
    asking = asyncio.create_task(sender.post("http://slow.example/", {}, b""))
    async with asyncio.timeout(SOON):
        await asyncio.to_thread(slow_names.wait, SOON)
    asking.cancel()
    await asyncio.wait({asking})
    await sender.aclose()
    with pytest.raises(RuntimeError, match="after shutdown"):
        await sender.refusal_of("http://slow.example/")


async def test_a_sender_that_was_closed_begins_anew(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_asked, **_also: [(0, 0, 0, "", ("10.0.0.1", 443))])
    sender = LazyWebhookSender()
    for _ in range(2):
        assert await sender.refusal_of("https://hooks.example/") is not None
        await sender.aclose()
