"""Alembic's environment: runs the migrations of one database on an engine of SQLAlchemy."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from uuid import uuid4

from alembic import context
from alembic.runtime.migration import MigrationContext, MigrationInfo
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from taskharbor.adapters.sqlalchemy.migrations.online import LOCK_IN_TIME, PROGRESS
from taskharbor.adapters.sqlalchemy.migrations.schema import OLDEST, note_of
from taskharbor.adapters.sqlalchemy.tables import metadata

if TYPE_CHECKING:
    from taskharbor.adapters.sqlalchemy.postgres_servers import Servers

_LOCK = 0x7A5C4A2B  # any number that is ours: PostgreSQL's advisory locks are named by integers
_ATTEMPTS = 100
_PAUSE_SECONDS = 0.5


def _sqlite_engine(url: str) -> Engine:
    from taskharbor.adapters.sqlalchemy.sqlite_driver import sqlite3

    engine = create_engine(url, module=sqlite3, poolclass=NullPool)

    # The driver begins transactions lazily and not before DDL; two processes must not both see an old schema.
    @event.listens_for(engine, "connect")
    def _leave_transactions_to_us(connection: DBAPIConnection, _record: object) -> None:
        connection.isolation_level = None
        connection.cursor().execute("PRAGMA busy_timeout = 30000")

    @event.listens_for(engine, "begin")
    def _begin_immediate(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        transaction_per_migration=True,
        on_version_apply=None if connection.dialect.name == "sqlite" else _note,
    )
    with context.begin_transaction():
        context.run_migrations()


def _note(ctx: MigrationContext, step: MigrationInfo, heads: object, run_args: object) -> None:  # noqa: ARG001  # Alembic's
    """Note, in the transaction of each step, which releases can go on with it."""
    context.execute(f"COMMENT ON TABLE alembic_version IS '{note_of(str(step.up_revision_id), OLDEST)}'")


def _migrate_postgres(connection: Connection) -> None:
    connection.exec_driver_sql(LOCK_IN_TIME)
    connection.commit()
    _migrate(connection)
    connection.commit()


async def _run_on_postgres(url: str) -> None:
    from asyncpg import LockNotAvailableError

    from taskharbor.adapters.sqlalchemy.postgres_servers import Servers

    servers = Servers.at(url)

    async def connect(**_nothing: object) -> object:
        return await servers.connect_once()

    # Statements that are prepared have names that nobody else uses: a pooler may keep them for others.
    own_names = {"async_creator_fn": connect, "prepared_statement_name_func": lambda: f"taskharbor_{uuid4().hex}"}
    engine = create_async_engine("postgresql+asyncpg://", connect_args=own_names, poolclass=NullPool)
    try:
        async with _alone(servers):
            for attempt in range(_ATTEMPTS):
                try:
                    async with engine.connect() as connection:
                        await connection.run_sync(_migrate_postgres)
                    break
                except DBAPIError as error:
                    is_locked = isinstance(getattr(error.orig, "__cause__", None), LockNotAvailableError)
                    if not is_locked or attempt == _ATTEMPTS - 1:
                        raise
                    PROGRESS.info("A table is in use; the migration goes on in a moment")
                    await asyncio.sleep(_PAUSE_SECONDS)
    finally:
        await engine.dispose()


@asynccontextmanager
async def _alone(servers: "Servers") -> AsyncIterator[None]:
    """Hold others who migrate off, by a lock of a transaction: through a pooler there is no session.

    They ask for it again and again: one that waited would be in a statement, which the making of an index waits for.
    """
    connection = await servers.connect_once()
    try:
        while True:
            transaction = connection.transaction()
            await transaction.start()
            if await connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", _LOCK):
                break
            await transaction.rollback()
            await asyncio.sleep(_PAUSE_SECONDS / 5)
        await connection.execute("SELECT 1")  # else the portal of the last statement keeps its snapshot
        yield
        await transaction.rollback()
    finally:
        await connection.close()


def _run(url: str) -> None:
    if not url.startswith("sqlite"):
        asyncio.run(_run_on_postgres(url))
        return
    engine = _sqlite_engine(url)
    with engine.begin() as connection:
        _migrate(connection)
    engine.dispose()


_run(context.config.attributes["url"])
