"""An event loop that accepts many connections a turn.

libuv accepts one connection each time that the loop comes round (since 1.45). Under load a turn takes 10 ms and more,
so that new connections, health checks among them, wait for seconds although their requests would be answered at once.
"""

import asyncio
import socket
from collections.abc import Callable
from typing import Any, Final

import uvloop

FEWEST_AT_ONCE: Final = 8
"""So many are accepted in one turn: other processes that listen shall have some of them, too."""

MOST_AT_ONCE: Final = 256
"""Each time that others are left waiting twice as many as before are accepted in the next turn, up to this."""

PAUSE_SECONDS: Final = 1.0
"""After an error of the system, when there are no more file handles, say."""


class EagerLoop(uvloop.Loop):
    """uvloop, but for how connections are accepted on a socket that is given to it."""

    async def create_server(  # type: ignore[override]  # uvloop's overloads, of which this leaves all as they are
        self,
        protocol_factory: Callable[[], asyncio.BaseProtocol],
        *args: Any,  # noqa: ANN401  # uvloop's own
        sock: socket.socket | None = None,
        backlog: int = 100,
        ssl: Any = None,  # noqa: ANN401  # uvloop's own
        **options: Any,  # noqa: ANN401  # uvloop's own
    ) -> "asyncio.AbstractServer | EagerServer":
        """Listen; on a socket without TLS accept eagerly."""
        if sock is None or ssl is not None:
            options |= {"sock": sock, "backlog": backlog, "ssl": ssl}
            server: asyncio.AbstractServer = await super().create_server(protocol_factory, *args, **options)
            return server
        sock.setblocking(False)
        sock.listen(backlog)
        return EagerServer(self, sock, protocol_factory)


class EagerServer:
    """Accepts what comes on a socket until it is closed; the connections live on."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, sock: socket.socket, protocol_factory: Callable[[], asyncio.BaseProtocol]
    ) -> None:
        self._loop = loop
        self._socket = sock
        self._protocol_factory = protocol_factory
        self._beginning: set[asyncio.Task[Any]] = set()
        self._at_once = FEWEST_AT_ONCE
        self._pause: asyncio.TimerHandle | None = None
        self._resume()

    def close(self) -> None:
        """Accept no more."""
        if self._pause is not None:
            self._pause.cancel()
        if self._socket.fileno() >= 0:
            self._loop.remove_reader(self._socket)
            self._socket.close()

    async def wait_closed(self) -> None:
        """Wait until all that were accepted have their protocol."""
        await asyncio.gather(*self._beginning, return_exceptions=True)

    def _resume(self) -> None:
        self._pause = None
        self._loop.add_reader(self._socket, self._accept)

    def _accept(self) -> None:
        for _ in range(self._at_once):
            try:
                connection, _ = self._socket.accept()
            except BlockingIOError:
                self._at_once = FEWEST_AT_ONCE
                return
            except ConnectionAbortedError:
                continue
            except OSError as error:
                self._loop.call_exception_handler({"message": "cannot accept a connection", "exception": error})
                self._loop.remove_reader(self._socket)
                self._pause = self._loop.call_later(PAUSE_SECONDS, self._resume)
                return
            connection.setblocking(False)
            task = self._loop.create_task(self._begin(connection))
            self._beginning.add(task)
            task.add_done_callback(self._beginning.discard)
        self._at_once = min(self._at_once * 2, MOST_AT_ONCE)

    async def _begin(self, connection: socket.socket) -> None:
        try:
            await self._loop.connect_accepted_socket(self._protocol_factory, connection)
        except OSError:
            connection.close()  # the client has gone
