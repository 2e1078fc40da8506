"""Statements that are given up if they take long."""

import sqlite3
from collections.abc import Sequence
from typing import Any, Final

STEPS_AT_ONCE: Final = 10_000
"""Instructions of SQLite's machine between two questions whether to go on: half a millisecond."""


def rows_soon(connection: sqlite3.Connection, sql: str, arguments: Sequence[Any]) -> list[Any] | None:
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
        connection.set_progress_handler(None, 0)
