"""Statements that write several rows each.

For each statement SQLite's driver lets go of Python's lock, and waits to have it back. Beside a busy event loop that
costs both threads more than most rows do; here it happens once for up to 64 of them.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import chain
from typing import Any, Final

from taskharbor.adapters.sqlalchemy.sqlite_driver import sqlite3

MOST_ROWS: Final = 64
"""Rows in one statement. There is one for each power of two, so that there are few to be prepared."""


class BulkStatement:
    """Writes rows with as few statements as that takes.

    Args:
        made: returns the statement for one row, and the part of it that is there for each row; is called with the first
            row. Its parameters are those of the row, and behind them those that are there once.
        between: what stands between two of these parts.
    """

    def __init__(self, made: Callable[[], tuple[str, str]], *, between: str) -> None:
        self._made = cache(made)
        self._between = between
        self._sql = cache(self._for_rows)

    def _for_rows(self, size: int) -> str:
        sql, row = self._made()
        before, after = sql.split(row)
        return before + self._between.join([row] * size) + after

    def write(
        self, connection: sqlite3.Connection, rows: Sequence[Sequence[Any]], *once: object
    ) -> list[sqlite3.Cursor]:
        """Write the rows; return the cursors of the statements."""
        return [connection.execute(self._sql(len(part)), (*chain.from_iterable(part), *once)) for part in _parts(rows)]


def _parts(rows: Sequence[Sequence[Any]]) -> Iterator[Sequence[Sequence[Any]]]:
    begin = 0
    while left := len(rows) - begin:
        size = min(MOST_ROWS, 1 << left.bit_length() - 1)
        yield rows[begin : begin + size]
        begin += size
