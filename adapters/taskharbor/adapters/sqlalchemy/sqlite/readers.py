"""A few connections that only read."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import aiosqlite

from taskharbor.adapters.sqlalchemy.sqlite.connections import PRAGMAS
from taskharbor.adapters.sqlalchemy.sqlite.errors import translated
from taskharbor.application.errors import StoreUnavailable


class Readers:
    """Answers each SELECT from one snapshot of committed data, on the first of its connections that is free."""

    def __init__(self, path: Path, *, size: int, timeout: float) -> None:
        self._path = path
        self._size = size
        self._timeout = timeout
        self._all: list[aiosqlite.Connection] = []
        self._free: asyncio.LifoQueue[aiosqlite.Connection] = asyncio.LifoQueue()

    async def start(self) -> None:
        """Connect.

        Raises:
            StoreUnavailable: if the file cannot be opened.
        """
        with translated():
            for _ in range(self._size):
                connection = await aiosqlite.connect(self._path, isolation_level=None, timeout=self._timeout)
                self._all.append(connection)
                for pragma in (*PRAGMAS, "PRAGMA query_only = ON"):
                    await connection.execute_fetchall(pragma)
                self._free.put_nowait(connection)

    async def fetch(self, sql: str, arguments: Sequence[Any] = ()) -> list[Any]:
        """Return the rows of a SELECT.

        Raises:
            StoreUnavailable: if the file cannot be read.
        """
        if not self._all:
            raise StoreUnavailable("it is closed")
        connection = await self._free.get()
        try:
            with translated():
                rows: list[Any] = await connection.execute_fetchall(sql, arguments)  # type: ignore[assignment]  # a list
                return rows
        finally:
            # If we were cancelled its thread may still be reading; the next SELECT then queues behind that one.
            self._free.put_nowait(connection)

    async def aclose(self) -> None:
        """Disconnect."""
        connections, self._all = self._all, []
        for connection in connections:
            await connection.close()
