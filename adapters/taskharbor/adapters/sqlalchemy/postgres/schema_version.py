"""The schema version of a PostgreSQL database."""

import asyncpg

from taskharbor.adapters.sqlalchemy.postgres.errors import translated


async def read_version(url: str) -> str | None:
    """Return what Alembic has noted, or None.

    Raises:
        StoreUnavailable: if the database cannot be reached.
    """
    with translated():
        connection = await asyncpg.connect(url.replace("postgresql+asyncpg:", "postgresql:", 1), timeout=10)
        try:
            if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
                return None
            version: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
            return version
        finally:
            await connection.close()
