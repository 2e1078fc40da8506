"""A client of an ASGI app that reads an answer while it comes, and may stop reading."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from starlette.types import ASGIApp, Message


class StreamClient:
    """One request to `/events`. Its server side blocks in `send` while `gate` is not set."""

    def __init__(self, app: ASGIApp, query: str = "", headers: dict[str, str] | None = None, method: str = "GET"):
        self._app = app
        self.scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": method,
            "path": "/events",
            "raw_path": b"/events",
            "root_path": "",
            "scheme": "http",
            "query_string": query.encode(),
            "headers": [
                (name.lower().encode(), value.encode()) for name, value in {"host": "test", **(headers or {})}.items()
            ],
            "client": ("127.0.0.1", 1),
            "server": ("test", 80),
            "state": {},
        }
        self.gate = asyncio.Event()
        self.gate.set()
        self.gone = asyncio.Event()
        self.status: int | None = None
        self.headers: dict[str, str] = {}
        self.text = b""
        self.is_complete = False
        self._news = asyncio.Event()
        self._asked = False
        self.aborted = False
        self.stop: Callable[[], None] | None = None
        self.task: asyncio.Task[None] | None = None

    # What our own server offers to a response.
    def is_lost(self) -> bool:
        return self.gone.is_set()

    def abort(self) -> None:
        self.aborted = True

    def when_stopping(self, stop: Callable[[], None] | None) -> None:
        self.stop = stop

    async def receive(self) -> Message:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        await self.gate.wait()
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        else:
            self.text += message.get("body", b"")
            self.is_complete = not message.get("more_body", False)
        self._news.set()

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not holds():
                self._news.clear()
                await self._news.wait()

    async def until_text(self, part: bytes) -> None:
        await self.until(lambda: part in self.text)

    def ids(self) -> list[str]:
        """Return the ids of the events that have data."""
        return [block.split(b"\n")[0].removeprefix(b"id: ").decode() for block in self._blocks()]

    def data(self) -> list[bytes]:
        return [line.removeprefix(b"data: ") for line in self.text.split(b"\n") if line.startswith(b"data: ")]

    def _blocks(self) -> list[bytes]:
        return [block for block in self.text.split(b"\n\n") if b"\ndata: " in block and block.startswith(b"id: ")]


@asynccontextmanager
async def listening(
    app: ASGIApp, query: str = "", own_server: bool = True, **more: object
) -> AsyncIterator[StreamClient]:
    client = StreamClient(app, query, **more)  # type: ignore[arg-type]
    if own_server:
        client.scope["taskharbor.connection"] = client
    client.task = asyncio.create_task(app(client.scope, client.receive, client.send))  # type: ignore[arg-type]
    await client.until(lambda: client.status is not None)
    try:
        yield client
    finally:
        client.gone.set()
        client.gate.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(10):
                await client.task
