"""How long one read may keep a thread."""

import threading
from collections.abc import Callable, Sequence
from time import thread_time
from typing import Any, Final

from taskharbor.adapters.sqlalchemy.sqlite_driver import sqlite3

STEPS_AT_ONCE: Final = 10_000
"""Instructions of SQLite's machine between two questions whether to go on: some tenths of a millisecond."""


class OverBudget(Exception):  # only the readers see it
    """A read was interrupted."""


class ReadBudget(threading.local):
    """A limit on the CPU seconds of each read, for each thread its own: the work of other threads does not count."""

    def __init__(self) -> None:
        self._seconds = float("inf")
        self._end = float("inf")
        self._is_wanted: Callable[[], bool] = lambda: True

    def watch(self, connection: sqlite3.Connection, seconds: float) -> None:
        """Interrupt the statements of a connection, in the thread that uses it, when their `seconds` are over."""
        self._seconds = seconds
        connection.set_progress_handler(self.is_over, STEPS_AT_ONCE)

    def begin(self, *, is_wanted: Callable[[], bool]) -> None:
        """Begin a read, which ends early once its callers have gone."""
        self._is_wanted = is_wanted
        self._end = thread_time() + self._seconds

    def is_over(self) -> bool:
        """Return whether the read has had its time."""
        return thread_time() > self._end or not self._is_wanted()

    def rows_within_steps(self, connection: sqlite3.Connection, sql: str, arguments: Sequence[Any]) -> list[Any] | None:
        """Return the rows of a SELECT, or None if it takes more than one or two times `STEPS_AT_ONCE`."""
        asked = 0

        def give_up() -> bool:
            nonlocal asked
            asked += 1
            # The first question may come at once: SQLite goes on counting where the statement's last run has ended.
            return asked > 1

        connection.set_progress_handler(give_up, STEPS_AT_ONCE)
        try:
            return connection.execute(sql, arguments).fetchall()
        except sqlite3.OperationalError:
            if asked > 1:
                return None
            raise
        finally:
            self.watch(connection, self._seconds)
