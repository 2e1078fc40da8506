"""A receiver of webhooks."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

OK = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"


@asynccontextmanager
async def receiving(deliver: Callable[[], None]) -> AsyncIterator[str]:
    """Yield a URL whose requests are answered with 204, each after a call of `deliver`."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
            if lengths:
                await reader.readexactly(int(lengths[0].partition(b":")[2]))
            deliver()
            writer.write(OK)
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the server was stopped
        finally:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
