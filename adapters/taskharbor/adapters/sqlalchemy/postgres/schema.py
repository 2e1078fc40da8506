"""The schema version of a PostgreSQL database."""

from functools import partial
from typing import Final

from taskharbor.adapters.sqlalchemy.migrations import MigratedDatabase, oldest_in
from taskharbor.adapters.sqlalchemy.postgres.errors import translated
from taskharbor.adapters.sqlalchemy.postgres_servers import Servers

_COLUMNS: Final = """
    SELECT table_name::text, column_name::text FROM information_schema.columns
    WHERE table_schema = ANY(current_schemas(false))
"""
_NOTED: Final = "SELECT obj_description('alembic_version'::regclass), (SELECT version_num FROM alembic_version)"


def postgres_database(url: str, servers: Servers | None = None) -> MigratedDatabase:
    """Return the database at `url`, which may name a driver, as one whose schema has versions."""
    servers = servers or Servers.at(url)
    return MigratedDatabase(
        url=url,
        read_version=partial(read_version, servers),
        read_columns=partial(read_columns, servers),
        read_oldest=partial(read_oldest, servers),
    )


async def read_version(servers: Servers) -> str | None:
    """Return the version that Alembic has recorded, or None.

    Raises:
        InvalidValue: for `database_url`, if it is malformed.
        StoreUnavailable: if the database cannot be reached.
    """
    with translated():
        connection = await servers.connect_once()
        try:
            if await connection.fetchval("SELECT to_regclass('alembic_version')") is None:
                return None
            version: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
            return version
        finally:
            await connection.close()


async def read_oldest(servers: Servers) -> str | None:
    """Return the oldest version whose releases can use the schema, as its migration has noted; None if it has not.

    Raises:
        StoreUnavailable: if the database cannot be reached.
    """
    with translated():
        connection = await servers.connect_once()
        try:
            [(note, version)] = await connection.fetch(_NOTED)
            return oldest_in(note, version)
        finally:
            await connection.close()


async def read_columns(servers: Servers) -> set[tuple[str, str]]:
    """Return the names of the tables that this role can see, each with one of its columns.

    Raises:
        StoreUnavailable: if the database cannot be reached.
    """
    with translated():
        connection = await servers.connect_once()
        try:
            return {(table, column) for table, column in await connection.fetch(_COLUMNS)}
        finally:
            await connection.close()
