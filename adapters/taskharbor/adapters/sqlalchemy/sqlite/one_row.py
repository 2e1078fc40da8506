"""A page of tasks in one row.

SQLite's driver lets go of Python's lock for each row, and gets it back when whoever has it has done: beside a thread
that is busy with Python a hundred rows took 77 ms, and in one row a quarter of one.
"""

import sqlite3
from collections.abc import Sequence
from typing import Any, Final

from taskharbor.adapters.sqlalchemy.rows import Row

_BETWEEN_TASKS: Final = "\x1e"
"""Is in no document: JSON does not hold control characters as they are."""


def in_one_row(sql: str) -> str:
    """Return the statement that reads the rows of `sql`, which are what `view_from_row` wants, as one text.

    `sql` must have a limit: the order of its rows is kept then.
    """
    row = "revision || ' ' || blocked || ' ' || document"
    return f"SELECT group_concat({row}, char({ord(_BETWEEN_TASKS)})) FROM ({sql})"  # noqa: S608  # all of it ours


def rows_from(one_row: Sequence[Any]) -> list[Row]:
    """Return the rows again."""
    (text,) = one_row
    if text is None:
        return []
    parts = [row.split(" ", 2) for row in text.split(_BETWEEN_TASKS)]
    return [(document, int(revision), int(blocked)) for revision, blocked, document in parts]


def read_page(connection: sqlite3.Connection, sql: str, arguments: Sequence[Any]) -> list[Row]:
    """Return the rows of a SELECT that has a limit and reads what `view_from_row` wants."""
    return rows_from(connection.execute(in_one_row(sql), arguments).fetchone())
