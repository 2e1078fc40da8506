"""How long the event loop computes at a stretch for large requests: `python -m benchmarks.loop_stretches`.

A stretch is one callback of the event loop, measured as CPU time of the loop's thread, so that neither the disk nor
another process counts. The app is called in this process, as a server would call it. What other threads do while they
hold the interpreter is seen by how late a timer of a millisecond comes, which is wall-clock time, and so rougher.
"""

import argparse
import asyncio
import gc
import json
import logging
import re
import sys
import threading
import time
from asyncio import events
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, MutableMapping
from contextlib import asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, Final
from uuid import UUID

from fastapi import FastAPI

from benchmarks.failure import BenchmarkFailed
from benchmarks.markdown import markdown_table
from benchmarks.stores import open_stores
from taskharbor.entrypoints.cli.application import COLLECTOR
from taskharbor.entrypoints.http.app import create_app
from taskharbor.entrypoints.settings.settings import Settings

PIECE: Final = 65_536
"""How much of a body a server hands over at once."""
STORES: Final = ("memory", "sqlite", "postgres")
JSON: Final = "application/json"
LINES: Final = "application/x-ndjson"
REVISION: Final = re.compile(rb'"revision":(\d+)')


@dataclass(slots=True)
class Stretches:
    """What the loop was seen to do.

    Attributes:
        seconds: the CPU time of each callback.
        late: how late the timer came at most, in seconds.
        began: when the callback that is running began, in CPU time, for the sampler; None between callbacks.
        frames: how often each function was at work, if that was asked for, by the number of the callback.
    """

    seconds: list[float] = field(default_factory=list[float])
    late: float = 0.0
    is_running: bool = False
    frames: dict[int, Counter[str]] = field(default_factory=dict[int, Counter[str]])

    @property
    def longest(self) -> float:
        return max(self.seconds, default=0.0)


@contextmanager
def recorded(seen: Stretches) -> Iterator[None]:
    """Record each callback of the running loop, which must be one of asyncio's own."""
    run: Callable[[events.Handle], None] = events.Handle._run  # noqa: SLF001

    def timed(handle: events.Handle) -> None:
        seen.is_running = True
        began = time.thread_time()
        try:
            run(handle)
        finally:
            seen.seconds.append(time.thread_time() - began)
            seen.is_running = False

    events.Handle._run = timed  # type: ignore[method-assign]  # noqa: SLF001  # there is no hook for it
    try:
        yield
    finally:
        events.Handle._run = run  # type: ignore[method-assign]  # noqa: SLF001


@contextmanager
def sampled(seen: Stretches) -> Iterator[None]:
    """Look every two milliseconds at what the loop's thread is doing."""
    loop_thread, done = threading.get_ident(), threading.Event()

    def look() -> None:
        while not done.wait(0.002):
            if seen.is_running:
                names = _names(sys._current_frames()[loop_thread])  # noqa: SLF001
                seen.frames.setdefault(len(seen.seconds), Counter()).update(names)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _names(frame: FrameType | None) -> set[str]:
    names: set[str] = set()
    while frame is not None:
        if "taskharbor" in frame.f_code.co_filename:
            names.add(f"{Path(frame.f_code.co_filename).stem}.{frame.f_code.co_qualname}")
        frame = frame.f_back
    return names


async def _tick(seen: Stretches) -> None:
    while True:
        began = time.perf_counter()
        await asyncio.sleep(0.001)
        seen.late = max(seen.late, time.perf_counter() - began - 0.001)


class Client:
    """Calls an app in this process."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app

    async def __call__(self, method: str, target: str, body: bytes = b"", media: str = JSON, key: str = "") -> bytes:
        path, _, query = target.partition("?")
        pieces = [body[start : start + PIECE] for start in range(0, len(body), PIECE)] or [b""]
        left = iter(pieces)
        sent: list[Any] = []
        scope: dict[str, Any] = {
            "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": method,
            "scheme": "http", "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
            "headers": [
                (b"host", b"localhost"), (b"content-type", media.encode()), (b"content-length", b"%d" % len(body)),
                *([(b"idempotency-key", b'"%b"' % key.encode())] if key else []),
            ],
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "state": {},
        }  # fmt: skip
        given = 0

        async def receive() -> dict[str, Any]:
            nonlocal given
            await asyncio.sleep(0)
            given += 1
            return {"type": "http.request", "body": next(left, b""), "more_body": given < len(pieces)}

        async def send(message: MutableMapping[str, Any]) -> None:
            await asyncio.sleep(0)
            sent.append(message)

        await self._app(scope, receive, send)
        status = sent[0]["status"]
        text = b"".join(message.get("body", b"") for message in sent[1:])
        if status // 100 != 2:  # noqa: PLR2004
            raise BenchmarkFailed(f"{method} {target}: {status} {text[:300]!r}")
        return text


Step = Callable[[], Awaitable[Any]]


def batch_of(count: int, description: int) -> bytes:
    """Return a batch that makes tasks whose descriptions have so many characters."""
    commands = [
        {"command": "create", "title": f"Task {number}", "description": "milk and bread " * (description // 15)}
        for number in range(count)
    ]
    return json.dumps({"commands": commands}).encode()


def lines_of(count: int) -> bytes:
    """Return a file in the own format."""
    lines = (
        {"uid": str(UUID(int=(1 << 120) + number)), "title": f"Imported {number}", "tags": ["a", "b"]}
        for number in range(count)
    )
    return "\n".join(map(json.dumps, lines)).encode()


def board_of(count: int) -> bytes:
    """Return what Trello exports, one document, with about 10 kB for each card."""
    cards = [
        {
            "id": f"{number:024x}",
            "name": f"Card {number}",
            "desc": "milk " * 200,
            "idList": "l" * 24,
            "labels": [{"name": f"label {place}"} for place in range(10)],
            "badges": ["x"] * 1700,
        }
        for number in range(count)
    ]
    board = {"id": "b" * 24, "name": "Board", "lists": [{"id": "l" * 24, "name": "List"}], "cards": cards}
    return json.dumps(board).encode()


def operations(call: Client, some: int) -> Iterator[tuple[str, Step]]:
    """Yield the operations in the order in which they can be done, each ready to be sent."""
    revisions: dict[str, int] = {}

    def sending(target: str, body: bytes = b"", media: str = JSON, name: str = "", key: str = "") -> Step:
        async def send() -> None:
            answer = await call("POST", target, body, media, key)
            if name:
                revisions[name] = int(REVISION.findall(answer)[0])

        return send

    bulk = {"filter": f"id <= {some}", "changes": {"priority": 3}, "max_affected": some}
    lines, past = lines_of(3 * some), "/tasks/?limit=500&as_of="
    yield "batch of 15 MB", sending("/batch", batch_of(some, 15_000))
    yield "the same with an idempotency key", sending("/batch", batch_of(some, 15_000), key="a batch")
    yield "the same again", sending("/batch", batch_of(some, 15_000), key="a batch")
    yield "batch of 1,000 short creates", sending("/batch", batch_of(some, 30), name="small")
    yield "bulk change of 1,000", sending("/tasks/bulk", json.dumps(bulk).encode(), name="bulk")
    yield "page of 500, as of a revision", partial(call, "GET", f"{past}{revisions['bulk'] - 1}")
    yield "search, as of a revision", partial(call, "GET", f"{past}{revisions['bulk'] - 1}&filter=priority%20%3D%203")
    yield "undo of 1,000 changes", sending(f"/commits/{revisions['bulk']}/undo")
    yield "undo of 1,000 creates", sending(f"/commits/{revisions['small']}/undo")
    yield "atomic import of 3,000", sending("/import?format=jsonl&atomic=true", lines, LINES)
    yield "the same import again", sending("/import?format=jsonl", lines, LINES)
    yield "import of a JSON document of 30 MB", sending("/import?format=trello", board_of(3 * some))
    yield "list of 500", partial(call, "GET", "/tasks/?limit=500")
    yield "search", partial(call, "GET", "/tasks/?limit=500&q=milk&sort=title")
    yield "export", partial(call, "GET", "/export?format=jsonl")


@asynccontextmanager
async def _client(url: str) -> AsyncIterator[Client]:
    app = create_app(Settings(database_url=url, migrate=True))
    async with app.router.lifespan_context(app):
        gc.collect()
        gc.freeze()  # as the server does
        gc.set_threshold(*COLLECTOR)
        yield Client(app)


async def _measure(store: str, url: str, options: argparse.Namespace) -> list[list[str]]:
    rows: list[list[str]] = []
    logging.disable()
    async with _client(url) as call:
        for name, step in operations(call, 10 if options.smoke else 1000):
            seen = Stretches()
            with recorded(seen):
                ticker = asyncio.create_task(_tick(seen))
                await asyncio.sleep(0.01)
                began = time.perf_counter()
                if options.where:
                    with sampled(seen):
                        await step()
                else:
                    await step()
                took = time.perf_counter() - began
                ticker.cancel()
            over = sum(1 for each in seen.seconds if each > options.over / 1000)
            rows.append(
                [name, store, f"{took * 1000:,.0f}", f"{seen.longest * 1000:.1f}", str(over), f"{seen.late * 1000:.0f}"]
            )
            if options.where:
                _print_where(name, seen, options.over)
    return rows


def _print_where(name: str, seen: Stretches, over: float) -> None:
    longest = sorted(range(len(seen.seconds)), key=seen.seconds.__getitem__, reverse=True)[:4]
    for number in longest:
        if seen.seconds[number] > over / 1000:
            found = ", ".join(f"{each} {count}" for each, count in seen.frames.get(number, Counter()).most_common(14))
            print(f"{name}: {seen.seconds[number] * 1000:.0f} ms: {found}", file=sys.stderr)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.loop_stretches", description=__doc__)
    parser.add_argument("--store", choices=STORES, action="append", help="memory and sqlite if it is left out")
    parser.add_argument("--over", type=float, default=25.0, help="milliseconds from which a stretch is counted")
    parser.add_argument("--where", action="store_true", help="say which functions the longest stretches were in")
    parser.add_argument("--smoke", action="store_true", help="a hundredth of everything")
    options = parser.parse_args(sys.argv[1:])
    rows: list[list[str]] = []
    for store in options.store or STORES[:2]:
        with open_stores([store]) as stores, stores.get(store, lambda: nullcontext("memory://"))() as url:
            rows += asyncio.run(_measure(store, url, options))
    headings = ["operation", "store", "took ms", "longest stretch ms", f"over {options.over:g} ms", "timer late by ms"]
    print(markdown_table(headings, rows))


if __name__ == "__main__":
    main()
