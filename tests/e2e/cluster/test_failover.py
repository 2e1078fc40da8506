"""The primary goes away and its standby is promoted: nothing that was acknowledged is lost, and nobody restarts us."""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from e2e.cluster.nodes import Node, urls_of
from taskharbor.entrypoints.embedded import (
    ConcurrentUpdate,
    Harbor,
    IdempotencyKeyInFlight,
    StoreUnavailable,
    open_taskharbor,
)

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]

BACK_WITHIN = 30


class Writer:
    """Creates tasks one after another; each is asked for again, with its key, until the answer is known."""

    def __init__(self, harbor: Harbor, name: str) -> None:
        self.acknowledged: dict[str, int] = {}
        self.repeated = 0
        self.goes_on = asyncio.Event()
        self._harbor = harbor
        self._name = name

    async def write(self, until: asyncio.Event) -> None:
        while not until.is_set():
            key = f"{self._name}-{len(self.acknowledged)}"
            try:
                task = await self._harbor.create_task(title=key, idempotency_key=key)
            except (StoreUnavailable, IdempotencyKeyInFlight, ConcurrentUpdate):
                self.repeated += 1
                await asyncio.sleep(0.05)
            else:
                self.acknowledged[key] = task.id
                self.goes_on.set()


@pytest.mark.parametrize("loss", [Node.kill, Node.freeze], ids=["killed", "frozen"])
async def test_after_a_failover_writes_are_back_and_nothing_is_lost(
    pair: tuple[Node, Node], loss: Callable[[Node], None]
) -> None:
    primary, standby = pair
    async with open_taskharbor(urls_of(primary, standby)) as harbor:
        stop = asyncio.Event()
        writers = [Writer(harbor, f"writer{n}") for n in range(8)]
        running = [asyncio.ensure_future(writer.write(stop)) for writer in writers]
        await more_of(writers, 25)

        loss(primary)
        began = time.monotonic()
        await asyncio.to_thread(standby.promote)
        await standby.execute("ALTER SYSTEM SET synchronous_standby_names = ''")
        await standby.execute("SELECT pg_reload_conf()")
        await more_of(writers, 1)
        took = time.monotonic() - began
        await more_of(writers, 25)
        stop.set()
        await asyncio.gather(*running)

        acknowledged, found = await written(harbor, writers)
        print(f"{loss.__name__}: {len(acknowledged)} acknowledged, back after {took:.1f} s")
        assert sum(writer.repeated for writer in writers) > 0
        assert {key: found.get(key) for key in acknowledged} == {key: [task] for key, task in acknowledged.items()}
        assert took < BACK_WITHIN
    with suppress(ProcessLookupError):
        primary.kill()


async def more_of(writers: list[Writer], count: int) -> None:
    """Wait until each writer has so many more acknowledgements."""
    async with asyncio.timeout(120):
        for writer in writers:
            goal = len(writer.acknowledged) + count
            while len(writer.acknowledged) < goal:
                writer.goes_on.clear()
                await writer.goes_on.wait()


async def written(harbor: Harbor, writers: list[Writer]) -> tuple[dict[str, int], dict[str, list[int]]]:
    """Return which task each key was told, and which tasks there are of it."""
    acknowledged = {key: task_id for writer in writers for key, task_id in writer.acknowledged.items()}
    found: dict[str, list[int]] = {}
    async for task in harbor.iter_tasks():
        found.setdefault(task.title, []).append(task.id)
    return acknowledged, found
