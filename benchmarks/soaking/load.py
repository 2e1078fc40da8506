"""Clients, streams and a webhook on one server."""

import asyncio
import random
from typing import Final

import httpx

from benchmarks.soaking.features import Client
from benchmarks.soaking.hook import receiving
from benchmarks.soaking.tally import Tally

STREAMS: Final = 4


async def use_everything(url: str, clients: int, seconds: float, tally: Tally) -> None:
    """Use all features for so long."""
    limits = httpx.Limits(max_connections=None)
    async with (
        receiving(tally.deliver) as hook,
        httpx.AsyncClient(base_url=url, timeout=60, limits=limits) as http,
    ):
        made = (await http.post("/webhooks/", json={"url": hook})).raise_for_status().json()
        ends_at = asyncio.get_running_loop().time() + seconds
        await asyncio.gather(
            *[Client(http, number, tally).work(ends_at) for number in range(clients)],
            *[_follow(http, ends_at, tally) for _ in range(STREAMS)],
        )
        await http.delete(f"/webhooks/{made['id']}")


def unused(tally: Tally) -> list[str]:
    """Return which features were not used."""
    used = {name for name, _ in Client.features()}
    return [f"{name} was never used" for name in sorted(used - tally.done.keys())]


async def _follow(http: httpx.AsyncClient, ends_at: float, tally: Tally) -> None:
    """Hold a stream for some seconds, leave, and resume it where it was."""
    clock = asyncio.get_running_loop().time
    last = ""
    while clock() < ends_at:
        headers = {"Last-Event-ID": last} if last else {}
        async with http.stream("GET", "/events", headers=headers) as answer:
            if answer.status_code == httpx.codes.GONE:
                last = ""  # it was purged meanwhile
                continue
            if answer.status_code != httpx.codes.OK:
                tally.fail(f"GET /events was answered with {answer.status_code}")
                return
            lines = answer.aiter_lines()
            until = min(clock() + random.uniform(1, 10), ends_at)
            try:
                async with asyncio.timeout_at(until):
                    async for line in lines:
                        if line.startswith("id:"):
                            last = line.removeprefix("id:").strip()
                            tally.events += 1
            except TimeoutError:
                pass
