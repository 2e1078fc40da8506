"""What it costs to know who calls: the CPU of requests in process, with the door before every operation and without it.

    python -m benchmarks.door [ROUNDS]

The three take turns, so that what else the machine does falls on all of them: `none` takes every request for the same
principal without a look, `local` has no accounts, `token` sends an API token.
"""

import asyncio
import json
import logging
import statistics
import sys
import time
from typing import Any

import structlog
from starlette.types import ASGIApp, Message

from taskharbor.application.access.manage_tokens import CreateToken
from taskharbor.application.principal import Principal, local_in, system_in
from taskharbor.domain.access.permission import Permission
from taskharbor.entrypoints.http import Settings, create_app
from taskharbor.entrypoints.http.access.door import Door
from taskharbor.entrypoints.http.requests.callers import Callers

_BODY = json.dumps({"title": "Water the plants"}).encode()
_HEADERS = [(b"host", b"127.0.0.1"), (b"content-type", b"application/json")]
_REQUESTS = {"get": ("GET", "/tasks/1", b"", 400), "create": ("POST", "/tasks/", _BODY, 100)}


async def _ask(app: ASGIApp, method: str, path: str, headers: list[tuple[bytes, bytes]], body: bytes) -> None:
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "path": path,
        "raw_path": path.encode(), "query_string": b"", "root_path": "", "scheme": "http", "headers": headers,
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
    }  # fmt: skip

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        assert message.get("status", 200) in {200, 201}, message

    await app(scope, receive, send)


async def _measure(rounds: int) -> dict[str, dict[str, list[float]]]:
    guarded = create_app(Settings(database_url="memory://"))
    before, principal = Door.before, Callers.principal
    Door.before = lambda _self, operation: operation  # type: ignore[method-assign]
    open_to_all = create_app(Settings(database_url="memory://"))
    Door.before = before  # type: ignore[method-assign]
    always = local_in("default")

    async def anybody(_self: Callers, _request: object) -> Principal:
        return always

    async with guarded.router.lifespan_context(guarded), open_to_all.router.lifespan_context(open_to_all):
        access = guarded.state.container.use_cases().access
        made = await access.execute(
            CreateToken(name="benchmark", scope=Permission.WRITE, expires_in=None), system_in("default")
        )
        signed = [*_HEADERS, (b"authorization", f"Bearer {made.secret}".encode())]
        ways = {"none": (open_to_all, _HEADERS), "local": (guarded, _HEADERS), "token": (guarded, signed)}
        taken: dict[str, dict[str, list[float]]] = {kind: {way: [] for way in ways} for kind in _REQUESTS}
        for app, headers in ways.values():
            Callers.principal = anybody if app is open_to_all else principal  # type: ignore[method-assign]
            await _ask(app, "POST", "/tasks/", headers, _BODY)
        for _ in range(rounds):
            for kind, (method, path, body, count) in _REQUESTS.items():
                for way, (app, headers) in ways.items():
                    Callers.principal = anybody if way == "none" else principal  # type: ignore[method-assign]
                    began = time.process_time()
                    for _ in range(count):
                        await _ask(app, method, path, headers, body)
                    taken[kind][way].append((time.process_time() - began) / count * 1e6)
        Callers.principal = principal  # type: ignore[method-assign]
    return taken


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.disable(logging.CRITICAL)
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    for kind, ways in asyncio.run(_measure(rounds)).items():
        for way, taken in ways.items():
            more = statistics.median(one - none for one, none in zip(taken, ways["none"], strict=True))
            print(f"{kind:6} {way:5} least {min(taken):6.1f} us, median of pairs {more:+5.1f} us over none")


if __name__ == "__main__":
    main()
