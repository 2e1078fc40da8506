"""What is answered when several times more requests come than can be: `python -m benchmarks.overload`.

The peak is measured anew before each pair of runs, since it depends on what else the machine does, with so few clients
that none is refused: those who are sent away would shift the mix to what is quick. Sender and server share the cores;
how late the sender was, and how much of a core each had, say whether the figures are the server's.
"""

import argparse
import asyncio
import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import uvloop

from benchmarks.cpu import cpu_seconds
from benchmarks.failure import BenchmarkFailed
from benchmarks.lineup import OURS
from benchmarks.markdown import markdown_table
from benchmarks.open_loop import Outcome, ask_on_new_connection, closed_loop, open_loop
from benchmarks.servers import Server, running
from benchmarks.stores import STORES, open_stores
from generated_tasks import creation_of, generated_tasks

TASKS: Final = 2000
CLIENTS: Final = (4, 16)
READS: Final = 2 / 3
"""Of the requests."""
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


@dataclass(slots=True, kw_only=True)
class Run:
    """What a run was like.

    Attributes:
        outcome: what became of the requests.
        health: how long `/health/live` took, on new connections, in order.
        recovered: seconds until all was well after it.
        server: of a core, what the server had while requests came.
        sender: the same of this process.
    """

    outcome: Outcome
    health: list[float]
    recovered: float
    server: float
    sender: float


async def overload(server: Server, rate: float, seconds: float) -> Run:
    """Send so many requests a second, and look how the server is meanwhile."""
    before = cpu_seconds(server.pid), time.process_time()
    load = asyncio.create_task(open_loop(server.port, rate, seconds, mix()))
    health: list[float] = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        took, status = await ask_on_new_connection(server.port, HEALTH)
        health.append(took if status == 200 else float("inf"))  # noqa: PLR2004
        await asyncio.sleep(PROBE_SECONDS)
    cpu = cpu_seconds(server.pid) - before[0], time.process_time() - before[1]
    lasted = seconds + time.perf_counter() - end
    took, status = float("inf"), 0
    while took > RECOVERED_SECONDS or status != 200:  # noqa: PLR2004
        took, status = await ask_on_new_connection(server.port, LIST)
    recovered = time.perf_counter() - end
    return Run(
        outcome=await load,
        health=sorted(health),
        recovered=recovered,
        server=cpu[0] / lasted,
        sender=cpu[1] / lasted,
    )


def _percentile(values: list[float], part: float) -> float:
    return values[min(len(values) - 1, int(len(values) * part))] * 1000 if values else 0.0


HEADINGS: Final = (
    "run", "sent /s", "answered in 1 s /s", "of the peak", "reads, creates", "p99 ms", "503 /s", "503 p50 ms",
    "503 p99 ms", "later or lost", "health p50 ms", "health max ms", "well again after s", "sender late p99 ms",
    "cores: server, sender",
)  # fmt: skip


def row_of(name: str, rate: float, seconds: float, peak: float, run: Run) -> list[str]:
    """Return a row of the table."""
    answers = run.outcome.answers
    good = [run.outcome.answered_within(1.0, *methods) / seconds for methods in ((), (b"GET",), (b"POST",))]
    refused = run.outcome.seconds_of(503)
    served = sorted(each.took for each in answers if each.status // 100 == 2)  # noqa: PLR2004
    return [
        name,
        f"{rate:,.0f}",
        f"{good[0]:,.0f}",
        f"{good[0] / peak:.0%}",
        f"{good[1] / (peak * READS):.0%}, {good[2] / (peak * (1 - READS)):.0%}",
        f"{_percentile(served, 0.99):.0f}",
        f"{len(refused) / seconds:,.0f}",
        f"{_percentile(refused, 0.5):.0f}",
        f"{_percentile(refused, 0.99):.0f}",
        str(sum(1 for each in answers if each.status // 100 not in (2, 5) or each.took > 1.0)),
        f"{_percentile(run.health, 0.5):.0f}",
        f"{run.health[-1] * 1000:.0f}",
        f"{run.recovered:.1f}",
        f"{_percentile(sorted(run.outcome.late), 0.99):.0f}",
        f"{run.server:.2f}, {run.sender:.2f}",
    ]


def peak_of(url: str, seconds: float) -> float:
    """Return the most requests of the mix that are answered a second to clients that wait for each answer."""
    with running(OURS, url) as server:
        found = {n: uvloop.run(closed_loop(server.port, n, seconds, mix())) for n in CLIENTS}
    print("Peak: " + ", ".join(f"{rate:,.0f} a second at {n} connections" for n, rate in found.items()), flush=True)
    return max(found.values())


def main() -> None:
    """Measure one store."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.overload", description=__doc__)
    parser.add_argument("--store", choices=STORES, default="sqlite")
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--times", type=float, nargs="+", default=[4.0, 10.0])
    options = parser.parse_args()
    rows: list[list[str]] = []
    with open_stores([options.store]) as stores, stores[options.store]() as url:
        with running(OURS, url) as server:
            uvloop.run(seed(server.port))
        for times in options.times:
            peak = peak_of(url, options.seconds)
            with running(OURS, url) as server:
                for name in ("cold", "warm"):
                    run = uvloop.run(overload(server, peak * times, options.seconds))
                    rows.append(row_of(f"{times:g} times, {name}", peak * times, options.seconds, peak, run))
    print(markdown_table(list(HEADINGS), rows))


if __name__ == "__main__":
    main()
