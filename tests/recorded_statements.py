"""Records the statements that the SQL stores send to their drivers."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

import asyncpg
import pytest

from taskharbor.adapters.sqlalchemy.sqlite_driver import sqlite3


def record_statements(monkeypatch: pytest.MonkeyPatch) -> tuple[set[str], set[str]]:
    """Return the texts of what is sent to SQLite and to PostgreSQL from now on, on connections opened from now on."""
    to_sqlite: set[str] = set()
    to_postgres: set[str] = set()

    class Recording(sqlite3.Connection):
        def execute(self, sql: str, parameters: Sequence[object] = (), /) -> sqlite3.Cursor:
            to_sqlite.add(sql)
            return super().execute(sql, parameters)

        def executemany(self, sql: str, parameters: Iterable[Sequence[object]], /) -> sqlite3.Cursor:
            to_sqlite.add(sql)
            return super().executemany(sql, parameters)

    connect = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *args, **options: connect(*args, factory=Recording, **options))

    # Everything that has parameters goes through here, prepared or not.
    prepare = asyncpg.Connection._get_statement  # noqa: SLF001  # all other ways lead through it

    async def recorded(self: asyncpg.Connection, query: str, *args: object, **options: object) -> object:
        to_postgres.add(query)
        return await prepare(self, query, *args, **options)

    monkeypatch.setattr(asyncpg.Connection, "_get_statement", recorded)
    return to_sqlite, to_postgres


def texts_that_read_or_write(statements: set[str]) -> Sequence[str]:
    """Return those that are about rows of our tables, in order."""
    return sorted(sql for sql in statements if _ROWS.match(sql) and _TABLES.search(sql))


_ROWS: Final = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b")
_TABLES: Final = re.compile(r"\b(tasks|records|history|workspaces)\b")
