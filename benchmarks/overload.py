"""What is answered when several times more requests come than can be: `python -m benchmarks.overload`."""

import argparse
import asyncio
import json
import random
import time
from collections.abc import Callable
from typing import Final

import uvloop

from benchmarks.failure import BenchmarkFailed
from benchmarks.lineup import OURS
from benchmarks.open_loop import Outcome, ask_on_new_connection, closed_loop, open_loop
from benchmarks.servers import running
from benchmarks.stores import STORES, open_stores
from generated_tasks import creation_of, generated_tasks

TASKS: Final = 2000
CLIENTS: Final = (16, 64)
PROBE_SECONDS: Final = 0.1
HEALTH: Final = b"GET /health/live HTTP/1.1\r\nHost: [::1]\r\nConnection: close\r\n\r\n"
RECOVERED_SECONDS: Final = 0.1
"""A server is itself again when a list of 500 on a new connection takes no longer."""
LIST: Final = b"GET /tasks/?limit=500 HTTP/1.1\r\nHost: [::1]\r\n\r\n"


def mix() -> Callable[[], bytes]:
    """Return what makes requests in turn: a list of 500 from anywhere, a create, a search."""
    chance = random.Random(2)
    words = ("docker", "support", "a", "add", "s", "re", "fix", "t")

    def request() -> bytes:
        match chance.randrange(3):
            case 0:
                return b"GET /tasks/?limit=500&sort=title&skip=%d HTTP/1.1\r\nHost: [::1]\r\n\r\n" % chance.randrange(
                    TASKS // 2
                )
            case 1:
                return _post("/tasks/", {"title": f"Task {chance.random()}", "description": "milk and bread " * 10})
            case _:
                word, limit = chance.choice(words).encode(), chance.randrange(50, 500)
                return b"GET /tasks/?q=%b&limit=%d HTTP/1.1\r\nHost: [::1]\r\n\r\n" % (word, limit)

    return request


def _post(path: str, body: object) -> bytes:
    data = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: [::1]\r\nContent-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
    )
    return head.encode() + data


async def seed(port: int, number: int = TASKS) -> None:
    """Make some tasks, a thousand in each batch."""
    tasks = [{"command": "create", **creation_of(task)} for task in generated_tasks(number)]
    for start in range(0, number, 1000):
        _, status = await ask_on_new_connection(port, _post("/batch", {"commands": tasks[start : start + 1000]}))
        if status != 200:  # noqa: PLR2004
            raise BenchmarkFailed(f"the tasks were refused with {status}")


async def overload(port: int, rate: float, seconds: float) -> tuple[Outcome, list[float], float]:
    """Return what became of the requests, how long health took meanwhile, and seconds until all was well after it."""
    load = asyncio.create_task(open_loop(port, rate, seconds, mix()))
    health: list[float] = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        took, status = await ask_on_new_connection(port, HEALTH)
        health.append(took if status == 200 else float("inf"))  # noqa: PLR2004
        await asyncio.sleep(PROBE_SECONDS)
    took, status = float("inf"), 0
    while took > RECOVERED_SECONDS or status != 200:  # noqa: PLR2004
        took, status = await ask_on_new_connection(port, LIST)
    recovered = time.perf_counter() - end
    return await load, sorted(health), recovered


def _percentile(values: list[float], part: float) -> float:
    return values[min(len(values) - 1, int(len(values) * part))] * 1000 if values else 0.0


def report(name: str, rate: float, seconds: float, peak: float, found: tuple[Outcome, list[float], float]) -> None:
    """Print a row."""
    outcome, health, recovered = found
    good = outcome.answered_within(1.0) / seconds
    refused = outcome.seconds_of(503)
    lost = sum(1 for _, took, status in outcome.answers if status // 100 not in (2, 5) or took > 1.0)
    served = sorted(took for _, took, status in outcome.answers if status // 100 == 2)  # noqa: PLR2004
    times = f"{_percentile(refused, 0.5):.0f} | {_percentile(refused, 0.99):.0f}"
    print(
        f"| {name} | {rate:,.0f} | {good:,.0f} | {good / peak:.0%} | {_percentile(served, 0.99):.0f} | "
        f"{len(refused) / seconds:,.0f} | {times} | {lost} | "
        f"{_percentile(health, 0.5):.0f} | {health[-1] * 1000:.0f} | {recovered:.1f} |",
        flush=True,
    )


def main() -> None:
    """Measure one store."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.overload", description=__doc__)
    parser.add_argument("--store", choices=STORES, default="sqlite")
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--times", type=float, nargs="+", default=[4.0, 10.0])
    options = parser.parse_args()
    with open_stores([options.store]) as stores, stores[options.store]() as url:
        with running(OURS, url) as server:
            uvloop.run(seed(server.port))
            runs = {n: uvloop.run(closed_loop(server.port, n, options.seconds, mix())) for n in CLIENTS}
        peak = max(runs.values())
        print("Peak: " + ", ".join(f"{found:,.0f} a second at {n} connections" for n, found in runs.items()))
        print(
            "| run | sent /s | answered in 1 s /s | of the peak | p99 ms | 503 /s | 503 p50 ms | 503 p99 ms | "
            "later or lost | health p50 ms | health max ms | well again after s |\n|---|" + "---:|" * 11
        )
        for times in options.times:
            with running(OURS, url) as server:
                for name in ("cold", "warm"):
                    rate = peak * times
                    found = uvloop.run(overload(server.port, rate, options.seconds))
                    report(f"{times:g} times, {name}", rate, options.seconds, peak, found)


if __name__ == "__main__":
    main()
