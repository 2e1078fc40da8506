"""How long one read may keep a thread."""

import threading
from collections.abc import Callable
from time import thread_time
from typing import Final

from taskharbor.adapters.sqlalchemy.sqlite_driver import sqlite3

_STEPS: Final = 10_000
"""Instructions of SQLite's machine between two looks at the clock: some tenths of a millisecond."""


class OverBudget(Exception):  # only the readers see it
    """A read was interrupted."""


class ReadBudget(threading.local):
    """A limit on the CPU seconds of each read of a thread: the work of other threads does not count."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = float("inf")
        self._is_wanted: Callable[[], bool] = lambda: True

    def watch(self, connection: sqlite3.Connection) -> None:
        """Interrupt the statements of a connection, in the thread that uses it, when the time is over."""
        connection.set_progress_handler(self.is_over, _STEPS)

    def begin(self, *, is_wanted: Callable[[], bool]) -> None:
        """Begin a read, which ends early once its callers have gone."""
        self._is_wanted = is_wanted
        self._end = thread_time() + self._seconds

    def is_over(self) -> bool:
        """Return whether the read has had its time."""
        return thread_time() > self._end or not self._is_wanted()
