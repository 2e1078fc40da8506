"""One task for each key, though two clients use it at the same time and the server dies while they do."""

import asyncio
import os
import random
import signal
from collections import Counter
from collections.abc import Iterator

import httpx
import pytest

from e2e.conftest import RunningServer, StartServer
from e2e.promises.databases import Database
from e2e.promises.ledger import BEFORE_RETRY
from e2e.promises.test_kills import require_sound
from postgres_server import free_port

KEYS = 2_000
CLIENTS = 50


async def create_with(keys: Iterator[str], base_url: str, made: dict[str, set[int]], statuses: Counter[int]) -> None:
    """Create a task with one key after another, each until it is answered."""
    async with httpx.AsyncClient(base_url=base_url, timeout=30) as http:
        for key in keys:
            while True:
                try:
                    answer = await http.post("/tasks/", json={"title": key}, headers={"Idempotency-Key": f'"{key}"'})
                except httpx.TransportError:
                    await asyncio.sleep(BEFORE_RETRY)
                    continue
                statuses[answer.status_code] += 1
                if answer.is_success:
                    break
                assert answer.status_code in {409, 429, 503}, answer.text
                await asyncio.sleep(BEFORE_RETRY)
            made[key].add(answer.json()["id"])


@pytest.mark.long
@pytest.mark.timeout(3600)
async def test_each_of_2000_keys_that_two_clients_use_at_once_makes_one_task(
    start_server: StartServer, database: Database, tmp_path
):
    port = str(free_port())

    def start() -> RunningServer:
        return start_server(TASKHARBOR_DATABASE_URL=database.url, TASKHARBOR_PORT=port, TASKHARBOR_MIGRATE="true")

    server = await asyncio.to_thread(start)
    made: dict[str, set[int]] = {f"key {number}": set() for number in range(KEYS)}
    keys = iter([key for key in made for _ in range(2)])
    statuses: Counter[int] = Counter()
    kills = 0
    clients = asyncio.gather(*(create_with(keys, server.url, made, statuses) for _ in range(CLIENTS)))
    while not clients.done():
        await asyncio.wait([clients], timeout=random.uniform(0.2, 0.8))
        os.killpg(server.process.pid, signal.SIGKILL)
        server.process.wait()
        server = await asyncio.to_thread(start)
        kills += 1
    await clients
    with server.client() as client:
        found: list[int] = []
        url = "/tasks/?limit=1000"
        while url:
            answer = client.get(url)
            found += [task["id"] for task in answer.json()]
            url = answer.links["next"]["url"] if "next" in answer.links else ""
    print(f"{kills} kills, {dict(statuses)}")
    assert kills > 1
    assert all(len(ids) == 1 for ids in made.values()), "both clients are told the same"
    assert sorted(found) == sorted(task_id for ids in made.values() for task_id in ids)
    require_sound(database.url, tmp_path)
