"""Counters in this process, and those that all processes share, in a real Valkey."""

import asyncio
import socket

import pytest

from taskharbor.entrypoints.http.rate_limits import counters as counters_module
from taskharbor.entrypoints.http.rate_limits import shared_counters
from taskharbor.entrypoints.http.rate_limits.counters import Count, ProcessCounters
from taskharbor.entrypoints.http.rate_limits.shared_counters import PAUSE_SECONDS, SharedCounters
from taskharbor.entrypoints.settings.rate import Rate

RATE = Rate(5, 60)


class Now:
    """A clock that is set by hand: 30 seconds into a minute at first."""

    seconds = 1_800_000_030.0

    def __call__(self) -> float:
        return self.seconds


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_counters, "TIMEOUT_SECONDS", 30)  # however busy the machine is


@pytest.fixture(params=["process", "shared"])
async def counters(request):
    now = Now()
    is_shared = request.param == "shared"
    made = SharedCounters(request.getfixturevalue("valkey_url"), now) if is_shared else ProcessCounters(now)
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


async def test_workers_that_share_a_server_count_together(valkey_url):
    now = Now()
    workers = [SharedCounters(valkey_url, now) for _ in range(3)]
    await asyncio.gather(*(worker.add("together", RATE) for worker in workers for _ in range(20)))
    assert await workers[0].add("together", RATE, 0) == Count(60, 30)
    for worker in workers:
        await worker.aclose()


async def test_while_the_server_is_away_each_counts_alone_and_later_together_again(valkey_url):
    now = Now()
    alone = SharedCounters(f"redis://127.0.0.1:{free_port()}", now)
    assert await alone.add("alone", RATE) == Count(1, 30)
    assert await alone.add("alone", RATE) == Count(2, 30)
    await alone.aclose()

    together = SharedCounters(valkey_url, now)
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
