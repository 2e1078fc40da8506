"""The schema of a new file, made at once: Alembic takes a second and 15 MB that most starts never need again."""

import asyncio
from contextlib import closing
from functools import partial
from pathlib import Path

from sqlalchemy.dialects.sqlite import dialect
from sqlalchemy.schema import CreateIndex, CreateTable

from taskharbor.adapters.sqlalchemy.migrations import MigratedDatabase
from taskharbor.adapters.sqlalchemy.sqlite.errors import translated
from taskharbor.adapters.sqlalchemy.sqlite.tables import FULL_TEXT_INDEX, STATISTICS, sqlite_metadata
from taskharbor.adapters.sqlalchemy.sqlite_driver import sqlite3


def sqlite_database(path: Path) -> MigratedDatabase:
    """Return the file as a database whose schema has versions."""
    return MigratedDatabase(
        url=f"sqlite:///{path}",
        read_version=partial(read_version, path),
        read_columns=partial(read_columns, path),
        create=partial(create_schema, path),
    )


def create_schema(path: Path, version: str) -> None:
    """Create the schema of `version`, the newest, as the migrations would; a test compares the two.

    Does nothing if it was created meanwhile. Blocks: for a thread.

    Raises:
        StoreUnavailable: if the file cannot be written.
    """
    with translated():
        connection = sqlite3.connect(path, isolation_level=None, timeout=30)
        try:
            connection.execute("BEGIN IMMEDIATE")
            if not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
                for statement in _statements():
                    connection.execute(statement)
                connection.execute("INSERT INTO alembic_version VALUES (?)", (version,))
            connection.execute("COMMIT")
        finally:
            connection.close()


def _statements() -> list[str]:
    sqlite = dialect()
    made = [CreateTable(table).compile(dialect=sqlite) for table in sqlite_metadata.sorted_tables]
    indexes = [
        index for table in sqlite_metadata.sorted_tables for index in sorted(table.indexes, key=lambda i: str(i.name))
    ]
    made += [CreateIndex(index).compile(dialect=sqlite) for index in indexes]
    # As Alembic makes it.
    noted = (
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
        "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
    )
    return [*map(str, made), *FULL_TEXT_INDEX, noted, *STATISTICS]


async def read_version(path: Path) -> str | None:
    """Return the version that Alembic has recorded, or None. A file that does not exist is not made.

    Raises:
        StoreUnavailable: if the file cannot be read.
    """
    with translated():
        return await asyncio.to_thread(_version_of, path)


def _version_of(path: Path) -> str | None:
    if not path.exists():
        return None
    with closing(sqlite3.connect(path)) as connection:
        if not connection.execute(
            "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'"
        ).fetchone():
            return None
        version = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(version[0]) if version else None


async def read_columns(path: Path) -> set[tuple[str, str]]:
    """Return the names of the tables of a file, each with one of its columns.

    Raises:
        StoreUnavailable: if the file cannot be read.
    """
    return await asyncio.to_thread(_columns_of, path)


def _columns_of(path: Path) -> set[tuple[str, str]]:
    with translated(), closing(sqlite3.connect(path)) as connection:
        return set(connection.execute("SELECT t.name, c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c"))
