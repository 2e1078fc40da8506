"""A database that is away, silent, read-only or restarted is a 503 in good time, and nobody restarts the service."""

import asyncio
import time
from collections.abc import Iterator

import httpx
import pytest

from e2e.cluster.nodes import Node, nodes
from e2e.conftest import RunningServer, StartServer

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]

CALLS = 8
REFUSED_WITHIN = 2.0
BACK_WITHIN = 5.0
"""Seconds."""

BUSY = 2.0
"""Seconds that a machine with much else to do may take longer."""


@pytest.fixture
def node() -> Iterator[Node]:
    with nodes("database") as [node]:
        node.create()
        node.start()
        yield node


@pytest.fixture
def server(start_server: StartServer, node: Node) -> RunningServer:
    return start_server(
        TASKHARBOR_DATABASE_URL=node.url, TASKHARBOR_MIGRATE="true", TASKHARBOR_STORE_TIMEOUT=str(REFUSED_WITHIN)
    )


def begin(node: Node, outage: str) -> None:
    if outage == "frozen":
        node.freeze()
        return
    if outage == "killed":
        node.kill()
        return
    node.stop()
    if outage == "read-only":
        node.start(default_transaction_read_only="on")


def end(node: Node, outage: str) -> None:
    if outage == "frozen":
        node.thaw()
        return
    if outage == "read-only":
        node.stop()
    node.start()


async def call(http: httpx.AsyncClient, method: str) -> tuple[int, float]:
    """Return the status, and how long it took."""
    began = time.monotonic()
    answer = await http.request(method, "/tasks/", json={"title": "Buy milk"} if method == "POST" else None)
    return answer.status_code, time.monotonic() - began


@pytest.mark.parametrize("outage", ["stopped", "killed", "frozen", "read-only"])
async def test_an_outage_is_a_503_in_good_time_and_the_service_is_back_with_the_database(server, node, outage):
    async with httpx.AsyncClient(base_url=server.url, timeout=60) as http:
        for method, status in (("POST", 201), ("GET", 200)):
            answers = await asyncio.gather(*(call(http, method) for _ in range(CALLS)))
            assert {one for one, _ in answers} == {status}

        await asyncio.to_thread(begin, node, outage)
        slowest = 0.0
        for _ in range(2):
            for method in ("GET", "POST"):
                answers = await asyncio.gather(*(call(http, method) for _ in range(CALLS)))
                can_answer = outage == "read-only" and method == "GET"
                assert {one for one, _ in answers} == {200 if can_answer else 503}
                slowest = max(slowest, *(took for _, took in answers))

        await asyncio.to_thread(end, node, outage)
        began = time.monotonic()
        while (await call(http, "POST"))[0] != 201:
            assert time.monotonic() - began < BACK_WITHIN + BUSY
            await asyncio.sleep(0.05)
        back = time.monotonic() - began
        print(f"{outage}: refused within {slowest:.2f} s, back after {back:.2f} s")
        assert slowest < REFUSED_WITHIN + BUSY
        assert back < BACK_WITHIN + BUSY
