"""Clients that hang up, at any moment of any request, leave nothing behind."""

import asyncio
import json
import random
from contextlib import suppress

import psutil
import pytest

from e2e.conftest import RunningServer

LOST = 10_000
AT_ONCE = 50
GROWTH_ALLOWED = 20 * 2**20
"""Bytes, from the first half to the second."""


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


async def walk_away(server: RunningServer, turns: asyncio.Semaphore) -> None:
    """Send a request or a part of it, and hang up before the answer, or in the middle of it."""
    async with turns:
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", server.port)
            whole = random.choice(REQUESTS)
            writer.write(whole if random.random() < 3 / 4 else whole[: random.randrange(len(whole))])
            await asyncio.sleep(random.uniform(0, 0.05))
            writer.transport.abort()


@pytest.mark.long
@pytest.mark.timeout(3600)
async def test_ten_thousand_clients_that_hang_up_leave_memory_and_file_handles_flat(running_server):
    process = psutil.Process(running_server.process.pid)
    turns = asyncio.Semaphore(AT_ONCE)
    seen: list[tuple[int, int]] = []
    for _ in range(4):
        await asyncio.gather(*(walk_away(running_server, turns) for _ in range(LOST // 4)))
        with running_server.client() as client:
            assert client.get("/health/ready").status_code == 200
        seen.append((process.memory_info().rss, process.num_fds()))
    print([f"{memory / 2**20:.0f} MB, {files} files" for memory, files in seen])
    assert seen[3][1] <= seen[0][1] + AT_ONCE
    if "memory" not in running_server.output:  # which keeps the tasks themselves
        assert seen[3][0] - seen[1][0] < GROWTH_ALLOWED
