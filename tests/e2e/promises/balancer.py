"""A load balancer in a few lines: it hands each new connection to a server that is in rotation."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


class Balancer:
    """Passes bytes on. `ports` are those in rotation: the first is taken, and put last."""

    def __init__(self) -> None:
        self.ports: list[int] = []
        self.url = ""
        self._open: Counter[int] = Counter()
        self._closed = asyncio.Event()

    async def retire(self, port: int) -> None:
        """Take a server out of rotation, and wait until its connections have ended."""
        self.ports.remove(port)
        while self._open[port]:
            self._closed.clear()
            await self._closed.wait()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Listen on a free port of the loopback interface."""
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        try:
            yield
        finally:
            server.close()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        port = self.ports.pop(0)
        self.ports.append(port)
        self._open[port] += 1
        with suppress(OSError):  # the client sees that its connection ends
            from_server, to_server = await asyncio.open_connection("127.0.0.1", port)
            there = asyncio.create_task(_pass_on(reader, to_server))
            try:
                await _pass_on(from_server, writer)
            finally:
                there.cancel()
                await asyncio.gather(there, return_exceptions=True)
                to_server.close()
        writer.close()
        self._open[port] -= 1
        self._closed.set()


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await reader.read(65_536):
        writer.write(chunk)
        await writer.drain()
    with suppress(OSError):
        writer.write_eof()
