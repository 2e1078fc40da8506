"""Alembic's environment: runs the migrations of one database on an engine of SQLAlchemy."""

import asyncio
from uuid import uuid4

from alembic import context
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from taskharbor.adapters.sqlalchemy.tables import metadata

_LOCK = 0x7A5C4A2B  # any number that is ours: PostgreSQL's advisory locks are named by integers


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
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()


async def _run_on_postgres(url: str) -> None:
    from taskharbor.adapters.sqlalchemy.postgres_servers import Servers

    servers = Servers.at(url)

    async def connect(**_nothing: object) -> object:
        return await servers.connect_once()

    # Statements that are prepared have names that nobody else uses: a pooler may keep them for others.
    own_names = {"async_creator_fn": connect, "prepared_statement_name_func": lambda: f"taskharbor_{uuid4().hex}"}
    engine = create_async_engine("postgresql+asyncpg://", connect_args=own_names, poolclass=NullPool)
    async with engine.begin() as connection:
        await connection.run_sync(_migrate)
    await engine.dispose()


def _run(url: str) -> None:
    if not url.startswith("sqlite"):
        asyncio.run(_run_on_postgres(url))
        return
    engine = _sqlite_engine(url)
    with engine.begin() as connection:
        _migrate(connection)
    engine.dispose()


_run(context.config.attributes["url"])
