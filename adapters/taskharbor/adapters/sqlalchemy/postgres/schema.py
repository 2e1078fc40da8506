"""The schema version of a PostgreSQL database."""

from functools import partial

import asyncpg

from taskharbor.adapters.sqlalchemy.migrations import MigratedDatabase
from taskharbor.adapters.sqlalchemy.postgres.errors import translated
from taskharbor.domain.errors import InvalidValue


def postgres_database(url: str) -> MigratedDatabase:
    """Return the database at `url`, which may name a driver, as one whose schema has versions."""
    dsn = url.replace("postgresql+asyncpg:", "postgresql:", 1)
    return MigratedDatabase(url=dsn, read_version=partial(read_version, dsn))


async def read_version(dsn: str) -> str | None:
    """Return the version that Alembic has recorded, or None.

    Raises:
        InvalidValue: for `database_url`, if it is malformed.
        StoreUnavailable: if the database cannot be reached.
    """
    with translated():
        try:
            connection = await asyncpg.connect(dsn, timeout=10)
        except ValueError:
            # What the driver says of a malformed URL may repeat its password.
            raise InvalidValue("database_url", "is not postgresql://user:password@host:port/database") from None
        try:
            if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
                return None
            version: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
            return version
        finally:
            await connection.close()
