"""Servers that share a database are replaced one after the other, and no request fails."""

import asyncio
from collections import Counter

import httpx
import pytest

from e2e.promises.balancer import Balancer

CLIENTS = 8
RESTARTS = 100


async def ask(base_url: str, name: str, is_over: asyncio.Event, statuses: Counter[str]) -> None:
    """Create and list, each on a connection of its own."""
    number = 0
    while not is_over.is_set():
        number += 1
        async with httpx.AsyncClient(base_url=base_url, timeout=30) as http:
            for method, path in (("POST", "/tasks/"), ("GET", f"/tasks/?skip={number}")):
                content = {"json": {"title": f"{name} {number}"}} if method == "POST" else {}
                try:
                    answer = await http.request(method, path, headers={"Connection": "close"}, **content)
                    statuses[str(answer.status_code)] += 1
                except httpx.TransportError as error:
                    statuses[repr(error)] += 1


@pytest.fixture(params=["sqlite", "postgres"])
def url(request, tmp_path) -> str:
    return f"sqlite:///{tmp_path}/tasks.db" if request.param == "sqlite" else request.getfixturevalue("postgres_url")


@pytest.mark.long
@pytest.mark.timeout(3600)
async def test_no_request_fails_while_servers_are_replaced_a_hundred_times(start_server, url):
    def start():
        return start_server(TASKHARBOR_DATABASE_URL=url, TASKHARBOR_MIGRATE="true")

    balancer = Balancer()
    statuses: Counter[str] = Counter()
    is_over = asyncio.Event()
    servers = [await asyncio.to_thread(start), await asyncio.to_thread(start)]
    balancer.ports = [server.port for server in servers]
    async with balancer.running(), asyncio.TaskGroup() as clients:
        for number in range(CLIENTS):
            clients.create_task(ask(balancer.url, f"client {number}", is_over, statuses))
        for _ in range(RESTARTS):
            retired = servers.pop(0)
            await balancer.retire(retired.port)  # first out of rotation, then told to stop
            assert await asyncio.to_thread(retired.stop) == 0, retired.output
            servers.append(await asyncio.to_thread(start))
            balancer.ports.append(servers[-1].port)
        is_over.set()
    print(dict(statuses))
    assert set(statuses) == {"200", "201"}
