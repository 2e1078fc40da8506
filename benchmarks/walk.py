"""How far a call walks through the code: `python -m benchmarks.walk`.

A dynamic trace of one call on a new SQLite file, after two creates, so that what is made once is there. Only functions
of ours count, and not those of other tasks of the event loop, such as the deliverer of webhooks, which a commit wakes.
A *move* is a step from a function of one file to one of another: what a reader must follow. With `--rooms` the
functions themselves are printed, in the order in which they are entered.
"""

import argparse
import asyncio
import json
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from types import FrameType
from typing import Any, Final

from fastapi import FastAPI
from pydantic import SecretStr

from benchmarks.markdown import markdown_table
from benchmarks.temporary import temporary_folder
from taskharbor.entrypoints.embedded import open_taskharbor
from taskharbor.entrypoints.http import create_app
from taskharbor.entrypoints.settings.settings import Settings

SETTLED: Final = 0.5
"""Seconds after which nothing is left to do that a server begins with, or that the first commits have set off."""

Call = tuple[str, str, object]
"""A method, a path with its query, and a body, if it is not None."""

BODY: Final[Any] = {"title": "Water the plants", "due": {"date": "2026-12-01"}, "tags": ["home"]}
CREATE: Final[Call] = ("POST", "/tasks/", BODY)
CALLS: Final[Mapping[str, Call]] = {
    "POST /tasks/": CREATE,
    "PATCH /tasks/1": ("PATCH", "/tasks/1", {"title": "Water all plants", "priority": 1}),
    "GET /tasks/?filter=..&sort=..": ("GET", "/tasks/?filter=is_open%20AND%20priority%20%3C%3D%203&sort=due", None),
    "GET /tasks/1": ("GET", "/tasks/1", None),
    "GET /tasks/": ("GET", "/tasks/", None),
}
EMBEDDED: Final = {"harbor.create_task": "sqlite:///{folder}/tasks.db", "the same in memory": "memory://"}
LAYERS: Final = ("entrypoints", "application", "domain", "adapters")


class Walk:
    """The functions of ours that were entered, each with its file."""

    def __init__(self) -> None:
        self.steps: list[tuple[str, str]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._call: asyncio.Task[Any] | None = None

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Look at whatever is entered in the block, in threads that begin there too."""
        threading.setprofile(self._enter)
        sys.setprofile(self._enter)
        try:
            yield
        finally:
            sys.setprofile(None)
            threading.setprofile(None)

    @contextmanager
    def recorded(self) -> Iterator[None]:
        """Record what is entered in the block."""
        self._loop, self._call = asyncio.get_running_loop(), asyncio.current_task()
        try:
            yield
        finally:
            self._loop = None

    def _is_elsewhere(self) -> bool:
        """Return whether another task of the loop is running; threads and callbacks of the loop work for the call."""
        return asyncio._get_running_loop() is self._loop and asyncio.current_task() not in {None, self._call}  # noqa: SLF001

    def _enter(self, frame: FrameType, event: str, _argument: object) -> None:
        if self._loop is not None and event == "call" and not self._is_elsewhere():
            _, ours, file = frame.f_code.co_filename.rpartition("/taskharbor/")
            if ours and file.startswith(LAYERS):
                self.steps.append((file, frame.f_code.co_qualname))

    def row(self) -> list[str]:
        """Return the figures of the walk."""
        files = [file for file, _ in self.steps]
        moves = sum(before != after for before, after in pairwise(files))
        by_layer = [str(sum(file.startswith(layer) for file in {*files})) for layer in LAYERS]
        return [*map(str, (len(files), len({*self.steps}), len({*files}), moves)), "/".join(by_layer)]

    def rooms(self) -> Iterator[str]:
        """Yield where it went, a line for each file that it came to."""
        last = ""
        functions: list[str] = []
        for file, function in [*self.steps, ("", "")]:
            if file != last and functions:
                yield f"{last}: {' > '.join(functions)}"
                functions = []
            last = file
            functions.append(function)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.walk")
    parser.add_argument("--calls", nargs="+", choices=[*CALLS, *EMBEDDED], default=[*CALLS, *EMBEDDED])
    parser.add_argument("--rooms", action="store_true", help="print each step of the way")
    parser.add_argument("--smoke", action="store_true", help="changes nothing: it takes a second")
    options = parser.parse_args(sys.argv[1:])
    walks = {name: walk_of(name) for name in options.calls}
    if options.rooms:
        for name, walk in walks.items():
            print(f"{name}\n\n" + "\n".join(walk.rooms()) + "\n")
    rows = [[name, *walk.row()] for name, walk in walks.items()]
    print(markdown_table(["call", "calls", "functions", "files", "moves", "by layer (e/app/dom/ad)"], rows))


def walk_of(name: str) -> Walk:
    """Return how this call walks."""
    walk = Walk()
    with temporary_folder() as folder, walk.watched():
        if name in CALLS:
            app = create_app(Settings.model_construct(database_url=SecretStr(f"sqlite:///{folder}/tasks.db")))
            asyncio.run(over_http(app, CALLS[name], walk))
        else:
            asyncio.run(embedded(EMBEDDED[name].format(folder=folder), walk))
    return walk


async def over_http(app: FastAPI, call: Call, walk: Walk) -> None:
    async with app.router.lifespan_context(app):
        for _ in range(2):
            await answered(app, CREATE)
        await asyncio.sleep(SETTLED)
        with walk.recorded():
            status = await answered(app, call)
    if status not in {200, 201}:
        raise RuntimeError(f"{call[:2]} was answered with {status}")


async def embedded(url: str, walk: Walk) -> None:
    async with open_taskharbor(url) as harbor:
        for _ in range(2):
            await harbor.create_task(**BODY)
        await asyncio.sleep(SETTLED)
        with walk.recorded():
            await harbor.create_task(**BODY)


async def answered(app: FastAPI, call: Call) -> int:
    """Make a call without a server in between; return the status."""
    method, target, body = call
    path, _, query = target.partition("?")
    text = b"" if body is None else json.dumps(body).encode()
    headers: Sequence[tuple[bytes, bytes]] = [
        (b"host", b"localhost"),
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(text)),
    ]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": headers if text else headers[:1],
        "client": ("127.0.0.1", 1),
        "server": ("localhost", 80),
        "state": {},
    }
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": text, "more_body": False}

    async def send(message: Any) -> None:  # noqa: ANN401  # of ASGI
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    await app(scope, receive, send)
    return statuses[0]


if __name__ == "__main__":
    main()
