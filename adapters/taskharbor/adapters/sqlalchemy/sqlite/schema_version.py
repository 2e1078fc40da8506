"""The schema version of a SQLite file."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from taskharbor.adapters.sqlalchemy.sqlite.connections import path_from
from taskharbor.adapters.sqlalchemy.sqlite.errors import translated


async def read_version(url: str) -> str | None:
    """Return what Alembic has noted, or None. A file that does not exist is not made.

    Raises:
        StoreUnavailable: if the file cannot be read.
    """
    path = path_from(url)
    if not path.exists():
        return None
    with translated():
        return await asyncio.to_thread(_version_of, path)


def _version_of(path: Path) -> str | None:
    with closing(sqlite3.connect(path)) as connection:
        if not connection.execute(
            "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'"
        ).fetchone():
            return None
        version = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(version[0]) if version else None
