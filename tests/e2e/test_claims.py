"""Claims over real sockets: waiting across servers, clients that leave, servers and claimants that are killed."""

import asyncio
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import asyncpg
import httpx
import psutil
import pytest

SECONDS = 30
TASKS = int(os.environ.get("CLAIMED_TASKS", "10000"))
CLAIMANTS = 64
WORKERS = 4


@pytest.fixture(params=["sqlite", "postgres"])
def shared_url(request, tmp_path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/tasks.db"
    return request.getfixturevalue("postgres_url")


async def test_who_waits_at_one_server_gets_what_comes_to_the_other(start_server, shared_url):
    one, other = (start_server(TASKHARBOR_DATABASE_URL=shared_url) for _ in range(2))
    async with httpx.AsyncClient(timeout=SECONDS) as client:
        waiting = asyncio.create_task(client.post(f"{one.url}tasks/claim?wait=20", json={"holder": "bot"}))
        await client.get(f"{one.url}tasks/")
        assert (await client.post(f"{other.url}tasks/", json={"title": "a task"})).status_code == 201
        answer = await waiting
    assert (answer.status_code, answer.json()["title"], answer.json()["claim"]["holder"]) == (200, "a task", "bot")


async def test_a_server_that_stops_does_not_keep_those_who_wait(start_server):
    server = start_server(TASKHARBOR_DATABASE_URL="memory://")
    async with httpx.AsyncClient(timeout=SECONDS) as client:
        waiting = asyncio.create_task(client.post(f"{server.url}tasks/claim?wait=60", json={"holder": "bot"}))
        await client.get(f"{server.url}tasks/")
        began = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        assert (await waiting).status_code == 204
    assert await asyncio.to_thread(server.wait) == 0
    assert time.monotonic() - began < 5


async def test_who_has_left_gets_no_task(start_server):
    server = start_server(TASKHARBOR_DATABASE_URL="memory://")
    async with httpx.AsyncClient(timeout=SECONDS) as client:
        with pytest.raises(httpx.ReadTimeout):
            await client.post(f"{server.url}tasks/claim?wait=60", json={"holder": "gone"}, timeout=0.5)
        await client.post(f"{server.url}tasks/", json={"title": "a task"})
        answer = await client.post(f"{server.url}tasks/claim?wait=10", json={"holder": "here"})
        assert (answer.status_code, answer.json()["claim"]["holder"]) == (200, "here")


CLAIMING = """
import asyncio, random, sys
import httpx

async def claimant(client, name):
    while True:
        try:
            answer = await client.post("tasks/claim", json={"holder": name, "lease": "PT5S"})
            if answer.status_code == 204:
                left = (await client.get("tasks/facets", params={"filter": "is_open"})).json()["total"]
                if not left:
                    return
                await asyncio.sleep(0.2)
            elif answer.status_code == 200:
                task = answer.json()
                await asyncio.sleep(random.random() * 0.01)
                fence = {"If-Claim": str(task["claim"]["fence"])}
                await client.post(f"tasks/{task['id']}/complete", headers=fence)
        except (httpx.TransportError, ValueError, KeyError):
            await asyncio.sleep(0.1)

async def main(url, number, count):
    async with httpx.AsyncClient(base_url=url, timeout=30, limits=httpx.Limits(max_connections=count)) as client:
        await asyncio.gather(*(claimant(client, f"bot-{number}-{each}") for each in range(count)))

asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
"""


def claiming(url: str, number: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", CLAIMING, url, str(number), str(CLAIMANTS // 4)])


async def times_completed(url: str) -> Counter[int]:
    """Return how often each task was completed, as the history says."""
    statement = "SELECT task_id FROM history WHERE command = 'complete_task'"
    if url.startswith("sqlite"):
        connection = sqlite3.connect(Path(url.removeprefix("sqlite:///")))
        rows = connection.execute(statement).fetchall()
        connection.close()
    else:
        postgres = await asyncpg.connect(url)
        rows = await postgres.fetch(statement)
        await postgres.close()
    return Counter(row[0] for row in rows)


def kill_one(processes: list[subprocess.Popen[bytes]], server, url: str) -> None:
    """Kill a process of claimants, which is started again, or a worker of the server, which is too."""
    if random.random() < 0.5:
        victim = random.randrange(len(processes))
        processes[victim].kill()
        processes[victim].wait()
        processes[victim] = claiming(url, victim)
        return
    workers: list[psutil.Process] = []
    for child in psutil.Process(server.process.pid).children():
        with suppress(psutil.NoSuchProcess):  # a zombie is none, either
            workers += [child] if "spawn_main" in " ".join(child.cmdline()) else []
    if workers:
        random.choice(workers).kill()


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("kills", [False, True], ids=["undisturbed", "killed"])
async def test_many_claimants_work_each_task_once(start_server, shared_url, kills):
    server = start_server(
        TASKHARBOR_DATABASE_URL=shared_url, TASKHARBOR_WORKERS=str(WORKERS), TASKHARBOR_MIGRATE="true"
    )
    async with httpx.AsyncClient(base_url=server.url, timeout=SECONDS) as client:
        for start in range(0, TASKS, 1000):
            commands = [{"command": "create", "title": f"task {n}"} for n in range(start, min(start + 1000, TASKS))]
            assert (await client.post("batch", json={"commands": commands})).status_code == 200
    processes = [claiming(server.url, number) for number in range(4)]
    began = time.monotonic()
    try:
        while any(process.poll() is None for process in processes):
            await asyncio.sleep(2)
            if kills and time.monotonic() - began < 60:
                kill_one(processes, server, server.url)
    finally:
        for process in processes:
            process.kill()
            process.wait()
    print(f"{TASKS} tasks in {time.monotonic() - began:.1f} s")
    done = await times_completed(shared_url)
    assert len(done) == TASKS
    assert set(done.values()) == {1}
