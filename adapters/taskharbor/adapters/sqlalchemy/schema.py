"""The schema of the database that a URL names: which version it has, and the newest one."""

from taskharbor.adapters.sqlalchemy.migrations import HEAD, MigratedDatabase, prepare, require_usable
from taskharbor.adapters.sqlalchemy.tables import metadata
from taskharbor.application.errors import StoreNotReady
from taskharbor.domain.errors import InvalidValue


def head() -> str:
    """Return the version that this release needs."""
    return HEAD


async def current(url: str) -> str | None:
    """Return the version of the database at `url`, or None if it has no schema yet.

    Raises:
        InvalidValue: for `database_url`, if it names a store without a schema.
        StoreNotReady: if its schema is newer than this release knows.
        StoreUnavailable: if the database cannot be reached.
    """
    database = _database_at(url)
    version = await database.read_version()
    await require_usable(database, version)
    return version


async def check(url: str) -> None:
    """Make sure that the database can be used by this release as it is.

    Raises:
        InvalidValue: for `database_url`, if it names a store without a schema.
        StoreNotReady: as `require_version` and `require_columns`.
        StoreUnavailable: if the database cannot be reached.
    """
    await require_version(url)
    await require_columns(url)


async def require_version(url: str) -> None:
    """Make sure that the database says to have the schema of this release.

    Raises:
        InvalidValue: for `database_url`, if it names a store without a schema.
        StoreNotReady: if its schema is older or newer than this release needs, or there is none.
        StoreUnavailable: if the database cannot be reached.
    """
    await prepare(_database_at(url), may_upgrade=False)


async def require_columns(url: str) -> None:
    """Make sure that the database has all tables and columns that this release uses.

    Raises:
        InvalidValue: for `database_url`, if it names a store without a schema.
        StoreNotReady: if some are not there, or not for this role of the database.
        StoreUnavailable: if the database cannot be reached.
    """
    found = await _database_at(url).read_columns()
    needed = [(table.name, column.name) for table in metadata.sorted_tables for column in table.columns]
    for table, column in needed:
        if (table, column) not in found:
            what = f"the column {column} of the table {table}" if table in dict(found) else f"the table {table}"
            raise StoreNotReady(f"The database lacks {what}", remedy="restore a backup")


async def upgrade(url: str) -> None:
    """Bring the database's schema up to date, a transaction for each step. Safe to run from several processes at once.

    Servers of the release before can go on. One that is broken off goes on where it was.

    Raises:
        InvalidValue: for `database_url`, if it names a store without a schema.
        StoreNotReady: if its schema is newer than this release knows.
        StoreUnavailable: if the database cannot be reached.
    """
    await prepare(_database_at(url), may_upgrade=True)


def _database_at(url: str) -> MigratedDatabase:
    if url.startswith("sqlite"):
        from taskharbor.adapters.sqlalchemy.sqlite.connections import path_from
        from taskharbor.adapters.sqlalchemy.sqlite.schema import sqlite_database

        return sqlite_database(path_from(url))
    if url.startswith("postgres"):
        from taskharbor.adapters.sqlalchemy.postgres.schema import postgres_database

        return postgres_database(url)
    raise InvalidValue("database_url", "names a store that has no schema: only sqlite and postgresql have one")
