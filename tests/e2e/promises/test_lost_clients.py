"""Clients that hang up, at any moment of any request, leave nothing behind."""

import asyncio
import json
import random
from collections.abc import Sequence
from contextlib import suppress
from statistics import median

import psutil
import pytest

from e2e.conftest import RunningServer

LOST = 5_000
"""Between two looks at the server."""

WARM_UP, LOOKS = 2, 8
"""Looks. The first ten thousand fill caches, and what the allocators of Python and C keep for the next ones."""

AT_ONCE = 50
GROWTH_ALLOWED = 20 * 2**20
"""Bytes, from the first three looks after the warm-up to the last three: 800 for each client."""


@pytest.fixture(scope="session")
def warm_command():
    """None: what a process of the command holds is measured here."""


def request(line: str, body: object = None) -> bytes:
    content = "" if body is None else json.dumps(body)
    head = f"{line} HTTP/1.1\r\nHost: localhost\r\n"
    if content:
        head += f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n"
    return f"{head}\r\n{content}".encode()


REQUESTS = [
    request("POST /tasks/", {"title": "Nobody waits for this", "description": "x" * 2000}),
    request("GET /tasks/?limit=500"),
    request("GET /tasks/?q=nobody&sort=-urgency"),
    request("GET /events"),
    request("GET /changes?limit=200"),
    request("POST /tasks/claim?wait=30", {"holder": "gone", "filter": "id = 0"}),
]
CREATE = REQUESTS[0]
TASKS = {"commands": [{"command": "create", "title": "Nobody", "description": "x" * 2000}] * 500}


async def walk_away(server: RunningServer, turns: asyncio.Semaphore, requests: Sequence[bytes]) -> None:
    """Send a request or a part of it, and hang up before the answer, or in the middle of it."""
    async with turns:
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", server.port)
            whole = random.choice(requests)
            writer.write(whole if random.random() < 3 / 4 else whole[: random.randrange(len(whole))])
            await asyncio.sleep(random.uniform(0, 0.05))
            writer.transport.abort()


def typical(looks: Sequence[tuple[int, int]]) -> tuple[float, float]:
    """Return the median of bytes, and of open files."""
    memory, files = zip(*looks, strict=True)
    return median(memory), median(files)


@pytest.mark.long
@pytest.mark.timeout(3600)
async def test_clients_that_hang_up_leave_memory_and_file_handles_flat(running_server):
    """A server that kept a kilobyte for each would not pass."""
    process = psutil.Process(running_server.process.pid)
    turns = asyncio.Semaphore(AT_ONCE)
    in_memory = "memory://" in running_server.output
    requests = [each for each in REQUESTS if each != CREATE or not in_memory]  # it keeps the tasks themselves
    looks: list[tuple[int, int]] = []
    with running_server.client() as client:
        assert client.post("/batch", json=TASKS).status_code == 200
    for _ in range(WARM_UP + LOOKS):
        await asyncio.gather(*(walk_away(running_server, turns, requests) for _ in range(LOST)))
        with running_server.client() as client:
            assert client.get("/health/ready").status_code == 200
        looks.append((process.memory_info().rss, process.num_fds()))
        print(f"{len(looks) * LOST:,}: {looks[-1][0] / 2**20:.0f} MB, {looks[-1][1]} files", flush=True)
    warm = looks[WARM_UP:]
    (memory, files), (memory_at_last, files_at_last) = typical(warm[:3]), typical(warm[-3:])
    assert files_at_last <= files + AT_ONCE
    assert memory_at_last - memory < GROWTH_ALLOWED
