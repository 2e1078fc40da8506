"""The tokens that are in the full-text index.

FTS5 hands the tasks of a whole token over one by one, in the order of rows. Those of a beginning it first gathers from
all tokens that begin so: among a million tasks 2 ms for a word as they are searched for, where the first ten that have
one of the few tokens that begin so take 0.06.
"""

from typing import Final

from taskharbor.adapters.sqlalchemy.sqlite_driver import sqlite3

_BEFORE_ALL: Final = "\x01"
"""Comes before whatever a token may have in this place."""

_NEXT: Final = "SELECT term FROM temp.vocabulary WHERE term >= ? LIMIT 1"


def show_vocabulary(connection: sqlite3.Connection) -> None:
    """Let a connection ask for tokens: a table of its own, which is nothing but a view of the index."""
    connection.execute("CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab('main', 'task_words', 'instance')")


def tokens_with(connection: sqlite3.Connection, beginning: str, *, at_most: int) -> list[str] | None:
    """Return the tokens that begin so, as the index holds them; None if there are more. Each takes 0.02 to 0.04 ms."""
    found: list[str] = []
    least = beginning
    while True:
        # One at a time: a range of them would read all tasks that have the first, to come to the second.
        row = connection.execute(_NEXT, (least,)).fetchone()
        if row is None or not row[0].startswith(beginning):
            return found
        if len(found) == at_most:
            return None
        found.append(row[0])
        least = row[0] + _BEFORE_ALL
