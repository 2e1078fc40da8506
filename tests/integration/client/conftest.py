from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from fastapi import FastAPI

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.client import connect
from taskharbor.entrypoints.container import container_from
from taskharbor.entrypoints.embedded import Harbor, open_taskharbor
from taskharbor.entrypoints.http import create_app
from taskharbor.entrypoints.settings.settings import Settings
from taskharbor.testing import FakeClock, FakeUids

LOCAL = "127.0.0.0/8"
KEY = b"a key of cursors, the same for both"


class Recorder(httpx.ASGITransport):
    """Takes note of the method and the path of each request."""

    def __init__(self, app: FastAPI) -> None:
        super().__init__(app)
        self.seen: set[tuple[str, str]] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.seen.add((request.method, request.url.path))
        return await super().handle_async_request(request)


@asynccontextmanager
async def here() -> AsyncIterator[Harbor]:
    parts: dict[str, Any] = {"storage": InMemoryStorage(), "clock": FakeClock(), "uids": FakeUids()}
    async with open_taskharbor(**parts, cursor_key=KEY, webhook_networks=[LOCAL]) as harbor:
        yield harbor


@asynccontextmanager
async def server_of(**parts: Any) -> AsyncIterator[FastAPI]:
    settings = Settings(
        database_url="memory://", cursor_key=KEY.decode(), webhook_networks=LOCAL, deliver_webhooks=False
    )
    app = create_app(container=container_from(settings, **{"storage": InMemoryStorage(), **parts}))
    async with app.router.lifespan_context(app):
        yield app


@asynccontextmanager
async def there(record: set[tuple[str, str]] | None = None) -> AsyncIterator[Harbor]:
    async with server_of(clock=FakeClock(), uids=FakeUids()) as app:
        transport = Recorder(app)
        async with connect("http://test", transport=transport) as harbor:
            yield harbor
    if record is not None:
        record |= transport.seen
