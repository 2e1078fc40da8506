"""The schema version of a SQLite file."""

import aiosqlite

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
        async with aiosqlite.connect(path) as connection:
            rows = await connection.execute_fetchall(
                "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'"
            )
            if not list(rows):
                return None
            versions = list(await connection.execute_fetchall("SELECT version_num FROM alembic_version"))
            return str(versions[0][0]) if versions else None
