"""What a few of the most expensive requests at once do to plain ones: `python -m benchmarks.worst_requests`.

A page of ten, a task by its id and a create are asked for one after the other, alone and while others send the worst
requests again and again, in turns, so that what else the machine does counts for both. The figures are medians of all
turns; what counts is their ratio. On a busy machine `--cpu` says more: it counts the CPU time of the server, of all of
its threads, that passes until the answer is there.
"""

import argparse
import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from statistics import median
from typing import Final
from urllib.parse import quote

import uvloop

from benchmarks.client import client_on
from benchmarks.failure import BenchmarkFailed
from benchmarks.lineup import OURS
from benchmarks.markdown import markdown_table
from benchmarks.open_loop import ask_on_new_connection
from benchmarks.overload import seed
from benchmarks.servers import running
from benchmarks.stores import STORES, open_stores

AT_ONCE: Final = 3
TURNS: Final = 3
CHANGED: Final = 1000
BEGUN_SECONDS: Final = 0.1
"""After so long the worst requests are at work."""

_MANY: Final = " OR ".join(f'description:"word{number}"' for number in range(199))
_WORDS: Final = "a%20e%20s%20t%20re%20fi%20do%20su"
_BULK: Final = {
    "command": "change-matching",
    "filter": f"({_MANY}) AND id < 0",
    "changes": {"priority": 1},
    "max_affected": 1,
}


def _get(target: str) -> bytes:
    return f"GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()


def _post(target: str, body: object) -> bytes:
    data = json.dumps(body).encode()
    head = f"POST {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(data)}\r\n\r\n".encode() + data


PLAIN: Final = {
    "page of 10": _get("/tasks/?limit=10"),
    "get": _get("/tasks/7"),
    "create": _post("/tasks/", {"title": "plain"}),
}


def worst(revision: int) -> dict[str, bytes]:
    """Return the most expensive requests; `revision` is a commit that has changed many tasks."""
    creates = [{"command": "create", "title": f"Task {number}"} for number in range(CHANGED)]
    undos = [{"command": "undo", "revision": revision}] * 10
    return {
        "filter of 199 conditions on descriptions": _get(f"/tasks/?limit=500&filter={quote(_MANY)}"),
        "many words": _get(f"/tasks/?limit=500&sort=title&q={_WORDS}"),
        "sort by urgency": _get("/tasks/?limit=500&sort=-urgency"),
        "facets of 199 conditions": _get(f"/tasks/facets?filter={quote(_MANY)}"),
        "page of 500 of the past": _get(f"/tasks/?limit=500&as_of={revision - 1}"),
        "dry run of 100 bulk changes": _post("/batch", {"dry_run": True, "commands": [_BULK] * 100}),
        "dry run of 10 undos of 1,000": _post("/batch", {"dry_run": True, "commands": undos}),
        "undo of 1,000": _post(f"/commits/{revision}/undo", {}),
        "bulk change of 1,000": _post("/tasks/bulk", _bulk_change(2)),
        "batch of 1,000 creates": _post("/batch", {"commands": creates}),
    }


def _bulk_change(priority: int) -> dict[str, object]:
    return {"filter": f"id <= {CHANGED}", "changes": {"priority": priority}, "max_affected": CHANGED}


def prepared(port: int, tasks: int) -> dict[str, bytes]:
    """Fill the store; return the worst requests to it."""
    uvloop.run(seed(port, tasks))
    with client_on(port) as client:
        status, text = client.exchange("POST", "/tasks/bulk", json.dumps(_bulk_change(1)))
    if status != 200:  # noqa: PLR2004
        raise BenchmarkFailed(f"the tasks were not changed: {status} {text.decode()}")
    return worst(json.loads(text)["revision"])


Times = dict[str, list[float]]


Clock = Callable[[], float]
"""Milliseconds since some moment."""


def wall_clock() -> float:
    """Return what the clock says."""
    return time.perf_counter() * 1000


def cpu_clock(pid: int) -> Clock:
    """Return what says how long a process has been at work, all of its threads together."""

    def used() -> float:
        nanoseconds = 0
        for thread in Path(f"/proc/{pid}/task").iterdir():
            with suppress(OSError):  # it has ended meanwhile
                nanoseconds += int((thread / "schedstat").read_text().split()[0])
        return nanoseconds / 1e6

    return used


async def plain(port: int, seconds: float, took: Times, clock: Clock = wall_clock) -> None:
    """Note how long each of the plain requests takes, in ms."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for name, request in PLAIN.items():
            began = clock()
            _, status = await ask_on_new_connection(port, request)
            took[name].append(clock() - began if status // 100 == 2 else float("inf"))  # noqa: PLR2004


@asynccontextmanager
async def besides(port: int, request: bytes, number: int) -> AsyncIterator[Counter[int]]:
    """Have so many clients send a request again and again; yield how it is answered. Wait for the last answers."""
    statuses: Counter[int] = Counter()
    is_over = False

    async def send() -> None:
        while not is_over:
            _, status = await ask_on_new_connection(port, request)
            statuses[status] += 1

    clients = [asyncio.create_task(send()) for _ in range(number)]
    try:
        yield statuses
    finally:
        is_over = True
        await asyncio.gather(*clients)


async def _measure(port: int, store: str, seconds: float, requests: dict[str, bytes], clock: Clock) -> list[list[str]]:
    rows: list[list[str]] = []
    for name, request in requests.items():
        alone, beside = (Times((each, []) for each in PLAIN) for _ in range(2))
        statuses: Counter[int] = Counter()
        began = clock()
        _, status = await ask_on_new_connection(port, request)
        took = clock() - began
        if status // 100 not in (2, 5):
            raise BenchmarkFailed(f"{name}: answered {status}")
        for _ in range(TURNS):
            await plain(port, seconds / TURNS, alone, clock)
            async with besides(port, request, AT_ONCE) as answered:
                await asyncio.sleep(BEGUN_SECONDS)
                await plain(port, seconds / TURNS, beside, clock)
            statuses += answered
        rows.append([store, name, f"{took:,.0f}", *(_cell(alone[each], beside[each]) for each in PLAIN)])
        rows[-1].append(", ".join(f"{status}: {count}" for status, count in sorted(statuses.items())))
    return rows


def _cell(alone: list[float], beside: list[float]) -> str:
    usual, now = median(alone), median(beside)
    return f"{usual:.1f} / {now:.1f} ({now / usual:.1f})"


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.worst_requests", description=__doc__)
    parser.add_argument("--store", choices=STORES, action="append", help="which stores; SQLite if it is left out")
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--tasks", type=int, default=20_000)
    parser.add_argument("--cpu", action="store_true", help="count the CPU time of the server, on Linux")
    parser.add_argument("--only", default="", help="the requests that have this in their names")
    parser.add_argument("--smoke", action="store_true", help="a second of everything, on few tasks")
    options = parser.parse_args()
    seconds, tasks = (0.1, CHANGED) if options.smoke else (options.seconds, options.tasks)
    rows: list[list[str]] = []
    for store in options.store or ["sqlite"]:
        with open_stores([store]) as stores, stores[store]() as url, running(OURS, url) as server:
            requests = prepared(server.port, tasks)
            chosen = {name: request for name, request in requests.items() if options.only in name}
            clock = cpu_clock(server.pid) if options.cpu else wall_clock
            rows += uvloop.run(_measure(server.port, store, seconds, chosen, clock))
    headings = ["store", f"{AT_ONCE} at once", "one takes ms", *(f"{name}: alone / beside, ms" for name in PLAIN)]
    print(markdown_table([*headings, "answered"], rows))


if __name__ == "__main__":
    main()
