"""A few threads that only read."""

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, Final

from taskharbor.adapters.sqlalchemy.sqlite.workers import Unit, Workers

MAX_READS_TOGETHER: Final = 8
"""Reads that one thread takes at a time, so that a slow one does not hold up many."""


class Readers(Workers):
    """Answers each SELECT from one snapshot of committed data, on the first of its connections that is free."""

    def __init__(self, connect: Callable[[], sqlite3.Connection], *, size: int) -> None:
        super().__init__(
            connect, _read_group, threads=size, largest_group=MAX_READS_TOGETHER, name="taskharbor-sqlite-reader"
        )

    async def fetch(self, sql: str, arguments: Sequence[Any] = ()) -> list[Any]:
        """Return the rows of a SELECT.

        Raises:
            StoreUnavailable: if the file cannot be read.
        """
        return await self.run(lambda connection: connection.execute(sql, arguments).fetchall())


def _read_group(connection: sqlite3.Connection, group: list[Unit]) -> None:
    for unit in group:
        if unit.answer.cancelled():
            continue
        try:
            unit.result = unit.work(connection)
        except Exception as error:  # noqa: BLE001  # raised where the result is awaited
            unit.error = error
