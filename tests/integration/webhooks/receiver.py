"""A real receiver of webhooks: an HTTP server on a port of its own, which does to each request what a test says."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from standardwebhooks import Webhook as Verifier

Handle = Callable[["Received", asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Received:
    """One request."""

    head: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict:
        return json.loads(self.body)

    @property
    def data(self) -> dict:
        return self.json["data"]

    @property
    def titles(self) -> list[str]:
        return [item["title"] for item in self.data["items"]]

    def verify(self, secret: str) -> None:
        Verifier(secret).verify(self.body, self.headers)


def answer(status: str, *headers: str, body: bytes = b"") -> Handle:
    """Answer with this status."""

    async def handle(_received: Received, writer: asyncio.StreamWriter) -> None:
        lines = [f"HTTP/1.1 {status}", f"content-length: {len(body)}", "connection: close", *headers, "", ""]
        writer.write("\r\n".join(lines).encode() + body)
        await writer.drain()

    return handle


async def hang(_received: Received, _writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()


async def hang_up(_received: Received, writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


async def pour(_received: Received, writer: asyncio.StreamWriter) -> None:
    """Answer with more than anybody wants to read."""
    writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
    while True:
        writer.write(b"10000\r\n" + b"x" * 65_536 + b"\r\n")
        await writer.drain()


@dataclass
class Receiver:
    """What has come, and what is done with what comes: the next of `handlers`, else 204."""

    port: int = 0
    received: list[Received] = field(default_factory=list)
    handlers: list[Handle] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    writers: set[asyncio.StreamWriter] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    async def count(self, number: int) -> list[Received]:
        """Wait until so many requests have come."""
        async with asyncio.timeout(50):
            while len(self.received) < number:
                self.news.clear()
                await self.news.wait()
        return self.received

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.writers.add(writer)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            lines = head.split("\r\n")
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:]) if name}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            received = Received(lines[0], headers, body)
            self.received.append(received)
            handle = self.handlers.pop(0) if self.handlers else answer("204 No Content")
            self.news.set()
            await handle(received, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.writers.discard(writer)
            writer.close()


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        server.close()
        for writer in receiver.writers:
            writer.transport.abort()
        await server.wait_closed()
