"""Tells other processes that something was committed, and hears it from them, by NOTIFY and LISTEN."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final
from uuid import uuid4

import asyncpg

from taskharbor.adapters.sqlalchemy.postgres.errors import translated
from taskharbor.adapters.sqlalchemy.postgres_servers import Servers
from taskharbor.application.errors import StoreNotReady, StoreUnavailable
from taskharbor.domain.identifiers import WorkspaceId

CHANNEL: Final = "taskharbor_commits"

PAUSE: Final = 0.02
"""Seconds between two announcements: commits that come meanwhile are announced together."""

CHECK_EVERY: Final = 30.0
"""Seconds between two looks at whether the connection that listens is alive."""

_PROBE: Final = "-"
"""What no workspace is called."""

_PROBE_SECONDS: Final = 5.0

_NOTIFY: Final = f"SELECT pg_notify('{CHANNEL}', said) FROM unnest($1::text[]) AS said"  # noqa: S608  # a constant


class Announcements:
    """Announces commits once they are durable. A NOTIFY within a commit would take a lock on the whole server.

    A process that is killed in between has announced nothing, so those who listen also look at the revision.

    Args:
        write: carries out a statement in a transaction of its own.
    """

    def __init__(self, write: Callable[[str, Sequence[Any]], Awaitable[object]]) -> None:
        self._write = write
        self._me = uuid4().hex
        self._pending: set[WorkspaceId] = set()
        self._sender: asyncio.Task[None] | None = None
        self._listening: set[asyncpg.Connection] = set()

    def announce(self, workspace: WorkspaceId) -> None:
        """Tell the others soon; return at once."""
        self._pending.add(workspace)
        if self._sender is None:
            self._sender = asyncio.create_task(self._send())

    async def hear(self, servers: Servers, hear: Callable[[WorkspaceId | None], None]) -> None:
        """Call `hear` with the workspace of each commit that another process announces.

        Raises:
            StoreUnavailable: when the connection is lost, or no notification comes.
        """

        def heard(_connection: object, _pid: int, _channel: str, said: object) -> None:
            sender, _, workspace = str(said).partition(" ")
            if sender != self._me:
                hear(workspace)
            elif workspace == _PROBE:
                works.set()

        lost, works = asyncio.Event(), asyncio.Event()
        with translated():
            connection = await servers.connect_once()
        self._listening.add(connection)
        try:
            connection.add_termination_listener(lambda _connection: lost.set())
            with translated():
                await connection.add_listener(CHANNEL, heard)
                # A pooler may have taken the LISTEN, and give no notification.
                await self._write(_NOTIFY, [[f"{self._me} {_PROBE}"]])
                async with asyncio.timeout(_PROBE_SECONDS):
                    await works.wait()
            hear(None)
            await self._until_lost(connection, lost)
        finally:
            self._listening.discard(connection)
            connection.terminate()
        raise StoreUnavailable("the connection that listened was lost")

    async def aclose(self) -> None:
        """Announce what is pending, and listen no more."""
        if self._sender is not None:
            await self._sender
        for connection in list(self._listening):
            connection.terminate()

    @staticmethod
    async def _until_lost(connection: asyncpg.Connection, lost: asyncio.Event) -> None:
        """Wait until the connection is lost, also if nobody says so, as where a router has forgotten it."""
        while not lost.is_set():
            try:
                async with asyncio.timeout(CHECK_EVERY):
                    await lost.wait()
            except TimeoutError:
                with translated():
                    await connection.execute("SELECT 1", timeout=_PROBE_SECONDS)

    async def _send(self) -> None:
        try:
            while self._pending:
                said = [f"{self._me} {workspace}" for workspace in self._pending]
                self._pending.clear()
                try:
                    await self._write(_NOTIFY, [said])
                except (StoreUnavailable, StoreNotReady, asyncpg.PostgresError):  # its queue may be full
                    return  # they look at the revision
                await asyncio.sleep(PAUSE)
        finally:
            self._sender = None
