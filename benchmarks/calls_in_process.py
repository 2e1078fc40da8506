"""Sends one call again and again to an app in this process, without a server, and prints the CPU that it took.

    python benchmarks/calls_in_process.py STORE CALL REQUESTS

STORE is memory, sqlite, or the URL of an empty database on PostgreSQL.

It stands alone and knows older checkouts, so that `benchmarks.asgi` can run it with the interpreter of each. It prints
the 5th percentile and the median of windows of a few dozen requests, in microseconds a request: what else the machine
does makes some windows dearer, and none cheaper.
"""

import asyncio
import gc
import json
import os
import sys
import tempfile
import time
from typing import Any, Final

from taskharbor.entrypoints import logs
from taskharbor.entrypoints.http import create_app

TOGETHER: Final = 16
TASKS: Final = 50
LOADED: Final = 1.0
"""Seconds after which all is loaded that a server loads in a thread beside its first requests."""
_HOST: Final = [(b"host", b"127.0.0.1"), (b"user-agent", b"wrk"), (b"accept", b"*/*")]
_TASK: Final[dict[str, Any]] = {
    "title": "Water the plants",
    "description": "All of them, and the ones on the balcony too",
    "due": {"date": "2026-12-01"},
    "tags": ["home"],
}
_CREATE: Final = json.dumps(_TASK).encode()
_BATCH: Final = json.dumps({"commands": [{"command": "create", **_TASK} for _ in range(100)]}).encode()


def _request(call: str, number: int) -> tuple[str, str, bytes, bytes]:
    """Return method, path, query and body."""
    match call:
        case "get":
            return "GET", f"/tasks/{number % TASKS + 1}", b"", b""
        case "page of 10":
            return "GET", "/tasks/", b"limit=10&skip=%d" % (number % (TASKS - 10)), b""
        case "create":
            return "POST", "/tasks/", b"", _CREATE
        case "change":
            return "PATCH", f"/tasks/{number % TASKS + 1}", b"", b'{"title":"Water all plants %d"}' % number
        case _:
            return "POST", "/batch", b"", _BATCH


async def _ask(app: Any, call: str, number: int) -> None:  # noqa: ANN401  # that of any version
    method, path, query, body = _request(call, number)
    headers = [*_HOST, (b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": query, "root_path": "",
        "headers": headers if body else list(_HOST), "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
        "state": {},
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        if message.get("status", 200) not in {200, 201}:
            raise RuntimeError(f"{call} was answered with {message['status']}")

    await app(scope, receive, send)


async def _send(app: Any, call: str, first: int, count: int, together: int) -> None:  # noqa: ANN401
    numbers = iter(range(first, first + count))

    async def client() -> None:
        for number in numbers:
            await _ask(app, call, number)

    await asyncio.gather(*(client() for _ in range(together)))


def _new_app(store: str, folder: str) -> Any:  # noqa: ANN401
    urls = {"memory": "memory://", "sqlite": f"sqlite:///{folder}/tasks.db"}
    os.environ |= {"TASKHARBOR_DATABASE_URL": urls.get(store, store), "TASKHARBOR_MIGRATE": "true"}
    return create_app()


def _log_to_nowhere() -> None:
    output: Any = open(os.devnull, "w")  # noqa: PTH123, SIM115  # for as long as the process lives
    try:
        from taskharbor.entrypoints.grouped_output import GroupedOutput  # noqa: PLC0415
    except ImportError:  # each line was a call of the kernel
        pass
    else:
        output = GroupedOutput(output)
    logs.configure_logs("info", "json", output)


async def main(store: str, call: str, requests: int) -> None:
    _log_to_nowhere()
    is_batch = call.startswith("batch")
    window, together = (4, 1) if is_batch else (64, TOGETHER)
    taken: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        app = _new_app(store, folder)
        async with app.router.lifespan_context(app):
            await _send(app, "create", 0, TASKS, 1)
            await _send(app, call, 0, window, together)
            await asyncio.sleep(LOADED)
            gc.collect()
            gc.freeze()
            for first in range(0, requests, window):
                began = time.process_time()
                await _send(app, call, first, window, together)
                taken.append((time.process_time() - began) / window * 1e6)
    taken.sort()
    print(f"{taken[len(taken) // 20]:.1f} {taken[len(taken) // 2]:.1f}")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
