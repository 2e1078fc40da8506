"""What a few of the most expensive requests at once do to plain ones: `python -m benchmarks.worst_requests`.

A page of ten, a task by its id and a create are asked for one after the other, first alone, then while others send the
worst requests again and again. The figures are medians; what counts is their ratio.
"""

import argparse
import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from statistics import median
from typing import Final
from urllib.parse import quote

import uvloop

from benchmarks.lineup import OURS
from benchmarks.markdown import markdown_table
from benchmarks.open_loop import ask_on_new_connection
from benchmarks.overload import seed
from benchmarks.servers import running
from benchmarks.stores import STORES, open_stores

AT_ONCE: Final = 3

_MANY: Final = " OR ".join(f'description:"word{number}"' for number in range(200))
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
WORST: Final = {
    "filter of 200 conditions on descriptions": _get(f"/tasks/?limit=500&filter={quote(_MANY)}"),
    "many words": _get(f"/tasks/?limit=500&sort=title&q={_WORDS}"),
    "sort by urgency": _get("/tasks/?limit=500&sort=-urgency"),
    "facets of 200 conditions": _get(f"/tasks/facets?filter={quote(_MANY)}"),
    "dry run of 100 bulk changes": _post("/batch", {"dry_run": True, "commands": [_BULK] * 100}),
}


async def plain(port: int, seconds: float) -> dict[str, float]:
    """Return how long each of the plain requests takes, in ms."""
    took: dict[str, list[float]] = {name: [] for name in PLAIN}
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for name, request in PLAIN.items():
            seconds_of, status = await ask_on_new_connection(port, request)
            took[name].append(seconds_of * 1000 if status // 100 == 2 else float("inf"))  # noqa: PLR2004
    return {name: median(each) for name, each in took.items()}


@asynccontextmanager
async def besides(port: int, request: bytes, number: int) -> AsyncIterator[Counter[int]]:
    """Have so many clients send a request again and again; yield how it is answered."""
    statuses: Counter[int] = Counter()

    async def send() -> None:
        while True:
            _, status = await ask_on_new_connection(port, request)
            statuses[status] += 1

    clients = [asyncio.create_task(send()) for _ in range(number)]
    try:
        yield statuses
    finally:
        for client in clients:
            client.cancel()
        await asyncio.gather(*clients, return_exceptions=True)


async def _measure(port: int, store: str, seconds: float) -> list[list[str]]:
    rows: list[list[str]] = []
    await plain(port, seconds)
    for name, request in WORST.items():
        alone = await plain(port, seconds)
        took, _ = await ask_on_new_connection(port, request)
        async with besides(port, request, AT_ONCE) as statuses:
            beside = await plain(port, seconds)
        cells = [f"{alone[each]:.1f} / {beside[each]:.1f} ({beside[each] / alone[each]:.1f})" for each in PLAIN]
        answered = ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items()))
        rows.append([store, name, f"{took * 1000:,.0f}", *cells, answered])
    return rows


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.worst_requests", description=__doc__)
    parser.add_argument("--store", choices=STORES, action="append", help="which stores; SQLite if it is left out")
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--tasks", type=int, default=20_000)
    parser.add_argument("--smoke", action="store_true", help="a second of everything, on few tasks")
    options = parser.parse_args()
    seconds, tasks = (0.2, 1000) if options.smoke else (options.seconds, options.tasks)
    rows: list[list[str]] = []
    for store in options.store or ["sqlite"]:
        with open_stores([store]) as stores, stores[store]() as url, running(OURS, url) as server:
            uvloop.run(seed(server.port, tasks))
            rows += uvloop.run(_measure(server.port, store, seconds))
    headings = ["store", f"{AT_ONCE} at once", "one takes ms", *(f"{name}: alone / beside, ms" for name in PLAIN)]
    print(markdown_table([*headings, "answered"], rows))


if __name__ == "__main__":
    main()
