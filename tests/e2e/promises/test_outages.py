"""A database that is away, silent, read-only or restarted is a 503 in good time, and nobody restarts the service."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass

import httpx
import pytest

from e2e.cluster.network import Machine, can_be_made, network
from e2e.cluster.nodes import Node, nodes
from e2e.conftest import RunningServer, StartServer

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]

CALLS = 4
WAVES = 12
PAUSE = 0.5
REFUSED_WITHIN = 2.0
BACK_WITHIN = 5.0
"""Seconds."""

BUSY = 2.0
"""Seconds that a machine with much else to do may take longer."""


@dataclass
class Outage:
    """What happens to a database, and how that ends."""

    name: str
    node: Node
    machine: Machine | None

    def begin(self) -> None:
        if self.machine is not None:
            self.machine.cut_off()
        elif self.name == "frozen":
            self.node.freeze()
        elif self.name == "killed":
            self.node.kill()
        else:
            self.node.stop()
            if self.name == "read-only":
                self.node.start(default_transaction_read_only="on")

    def end(self) -> None:
        if self.machine is not None:
            self.machine.connect()
        elif self.name == "frozen":
            self.node.thaw()
        else:
            if self.name == "read-only":
                self.node.stop()
            self.node.start()


@pytest.fixture(params=["stopped", "killed", "frozen", "black hole", "read-only"])
def outage(request: pytest.FixtureRequest) -> Iterator[Outage]:
    is_far = request.param == "black hole"
    if is_far and not can_be_made():
        pytest.skip("no machines can be made here")
    with nodes("database") as [node], network(1) if is_far else nullcontext([None]) as [machine]:
        node.create()
        if machine is not None:
            node.move_to(machine)
        node.start()
        yield Outage(request.param, node, machine)


@pytest.fixture
def server(start_server: StartServer, outage: Outage) -> RunningServer:
    return start_server(TASKHARBOR_DATABASE_URL=outage.node.url, TASKHARBOR_MIGRATE="true")


async def call(http: httpx.AsyncClient, method: str) -> tuple[int, float]:
    """Return the status, and how long it took."""
    began = time.monotonic()
    answer = await http.request(method, "/tasks/", json={"title": "Buy milk"} if method == "POST" else None)
    return answer.status_code, time.monotonic() - began


async def calls(http: httpx.AsyncClient, method: str) -> list[tuple[int, float]]:
    """Call all the time: some find the database silent, others are behind these."""
    running = []
    for _ in range(WAVES):
        running += [asyncio.create_task(call(http, method)) for _ in range(CALLS)]
        await asyncio.sleep(PAUSE)
    return await asyncio.gather(*running)


async def test_an_outage_is_a_503_in_good_time_and_the_service_is_back_with_the_database(server, outage):
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=server.url, timeout=60, limits=limits) as http:
        for method, status in (("POST", 201), ("GET", 200)):
            answers = await asyncio.gather(*(call(http, method) for _ in range(CALLS)))
            assert {one for one, _ in answers} == {status}

        await asyncio.to_thread(outage.begin)
        reads, writes = await asyncio.gather(calls(http, "GET"), calls(http, "POST"))
        assert {one for one, _ in reads} == {200 if outage.name == "read-only" else 503}
        assert {one for one, _ in writes} == {503}
        slowest = max(took for _, took in reads + writes)

        await asyncio.to_thread(outage.end)
        began = time.monotonic()
        while (await call(http, "POST"))[0] != 201:
            assert time.monotonic() - began < BACK_WITHIN + BUSY
            await asyncio.sleep(0.05)
        back = time.monotonic() - began
        print(f"{outage.name}: refused within {slowest:.2f} s, back after {back:.2f} s")
        assert slowest < REFUSED_WITHIN + BUSY
        assert back < BACK_WITHIN + BUSY
