"""Webhooks of real servers: delivered, and taken over when the one that delivers is killed."""

import asyncio
import time

import httpx
import pytest

from integration.webhooks.receiver import hang, receiving

LOCAL = {"TASKHARBOR_WEBHOOK_NETWORKS": "127.0.0.0/8"}


@pytest.fixture(params=["sqlite", "postgres"])
def shared_url(request, tmp_path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/tasks.db"
    return request.getfixturevalue("postgres_url")


async def post(url: str, path: str, body: dict) -> dict:
    async with httpx.AsyncClient(base_url=url, timeout=30) as client:
        answer = await client.post(path, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_server_delivers_what_another_one_was_told_and_its_log_has_no_secret(start_server, shared_url):
    teller = start_server(TASKHARBOR_DATABASE_URL=shared_url, TASKHARBOR_DELIVER_WEBHOOKS="false", **LOCAL)
    deliverer = start_server(TASKHARBOR_DATABASE_URL=shared_url, **LOCAL)
    async with receiving() as receiver:
        secret = (await post(teller.url, "webhooks/", {"url": receiver.url}))["secret"]
        await post(teller.url, "tasks/", {"title": "one"})
        (received,) = await receiver.count(1)
        received.verify(secret)
        assert received.titles == ["one"]
        assert await asyncio.to_thread(deliverer.stop) == 0
        assert await asyncio.to_thread(teller.stop) == 0
    for server in (teller, deliverer):
        assert secret not in server.output
        assert receiver.url not in server.output
        assert "Traceback" not in server.output


@pytest.mark.long
async def test_another_server_takes_over_within_30_seconds_of_a_kill(start_server, shared_url):
    first = start_server(TASKHARBOR_DATABASE_URL=shared_url, **LOCAL)
    async with receiving() as receiver:
        await post(first.url, "webhooks/", {"url": receiver.url})
        receiver.handlers = [hang]
        await post(first.url, "tasks/", {"title": "one"})
        await receiver.count(1)
        second = await asyncio.to_thread(start_server, TASKHARBOR_DATABASE_URL=shared_url, **LOCAL)
        first.process.kill()
        killed = time.monotonic()
        async with asyncio.timeout(35):
            while len(receiver.received) < 2:
                receiver.news.clear()
                await receiver.news.wait()
        assert time.monotonic() - killed < 30
        assert receiver.received[1].titles == ["one"]
        await post(second.url, "tasks/", {"title": "two"})
        assert (await receiver.count(3))[2].titles == ["two"]
