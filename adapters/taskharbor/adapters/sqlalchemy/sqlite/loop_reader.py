"""Quick reads on the event loop itself."""

import asyncio
import sys
from collections.abc import Callable, Sequence
from time import perf_counter
from typing import Any, Final, TypeVar

from taskharbor.adapters.sqlalchemy.sqlite.database_file import DatabaseFile
from taskharbor.adapters.sqlalchemy.sqlite.errors import translated
from taskharbor.adapters.sqlalchemy.sqlite.read_budget import ReadBudget
from taskharbor.adapters.sqlalchemy.sqlite.vocabulary import show_vocabulary
from taskharbor.adapters.sqlalchemy.sqlite_driver import sqlite3
from taskharbor.application.errors import StoreUnavailable

R = TypeVar("R")

CPU_SECONDS: Final = 0.001
"""So long a read may keep the event loop; then it is interrupted, and a thread begins it anew."""

STALLED_SECONDS: Final = 0.01
"""By the clock. A read that took longer has waited: for the disk, or only for the processor."""

PAUSE: Final = 1.0
"""Seconds for which threads do all reads, once one has waited for the disk or failed here."""


class LoopReader:
    """Reads what is read in microseconds where it is asked for.

    The statement of a page of ten takes 7 microseconds. To hand it to a thread, which must get Python's lock, and the
    answer back takes several times that.

    Whatever does not go smoothly is left to threads, which also report what is wrong: a read that takes long, a file
    that is slow to answer, is locked, or is not the one that was opened. In the write-ahead log readers wait for no
    writer, so this connection does not wait for locks.

    Args:
        file: what is read.
        budget: interrupts reads.
    """

    def __init__(self, file: DatabaseFile, budget: ReadBudget) -> None:
        self._file = file
        self._budget = budget
        self._connection: sqlite3.Connection | None = None
        self._reopening: asyncio.Task[None] | None = None
        self._pause_ends = 0.0
        self._blocks_read: int | None = None

    async def start(self) -> None:
        """Connect.

        Raises:
            StoreUnavailable: if the file cannot be opened.
        """
        with translated():
            self._connection = await asyncio.to_thread(self._connected)
        self._budget.watch(self._connection, CPU_SECONDS)
        self._blocks_read = _blocks_read()

    async def aclose(self) -> None:
        """Disconnect."""
        if self._reopening is not None:
            await asyncio.wait({self._reopening})
        connection, self._connection = self._connection, None
        if connection is not None:
            await asyncio.to_thread(connection.close)

    def fetch(self, sql: str, arguments: Sequence[Any]) -> list[Any] | None:
        """Return the rows of a SELECT; None if a thread is to read them."""
        return self.run(lambda connection: connection.execute(sql, arguments).fetchall())

    def run(self, work: Callable[[sqlite3.Connection], R]) -> R | None:
        """Return what `work`, which only reads, returns; None if a thread is to do it."""
        began = perf_counter()
        connection = self._connection
        if connection is None or self._reopening is not None or began < self._pause_ends:
            return None
        try:
            if not self._file.has(connection):
                self._reopening = asyncio.get_running_loop().create_task(self._reopen(connection))
                return None
            self._budget.begin(is_wanted=_always)
            done = work(connection)
        except (sqlite3.DatabaseError, StoreUnavailable):
            if not self._budget.is_over():
                self._pause_ends = began + PAUSE
            return None
        if perf_counter() - began > STALLED_SECONDS and self._has_waited_for_the_disk():
            self._pause_ends = perf_counter() + PAUSE
        return done

    def _has_waited_for_the_disk(self) -> bool:
        before, self._blocks_read = self._blocks_read, _blocks_read()
        return self._blocks_read is None or self._blocks_read != before

    async def _reopen(self, former: sqlite3.Connection) -> None:
        try:
            self._connection = await asyncio.to_thread(self._file.again, former, self._connected)
            self._budget.watch(self._connection, CPU_SECONDS)
        except (sqlite3.Error, StoreUnavailable):
            self._pause_ends = perf_counter() + PAUSE  # threads say what is wrong
        finally:
            self._reopening = None

    def _connected(self) -> sqlite3.Connection:
        connection = self._file.connect(for_any_thread=True)
        show_vocabulary(connection)
        connection.execute("PRAGMA query_only = ON")
        connection.execute("PRAGMA busy_timeout = 0")
        return connection


def _blocks_read() -> int | None:
    """Return how often this thread, or else the process, has waited for a disk to read; None if nobody counts that."""
    if sys.platform == "win32":
        return None
    import resource  # noqa: PLC0415  # there is none on Windows

    return resource.getrusage(getattr(resource, "RUSAGE_THREAD", resource.RUSAGE_SELF)).ru_inblock


def _always() -> bool:
    return True
