"""`taskharbor db`."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

import typer

from taskharbor.adapters.sqlalchemy.schema import check, current, head, upgrade
from taskharbor.entrypoints.cli.configured import configured, store_failures

T = TypeVar("T")


def upgrade_schema(database_url: str | None) -> None:
    """Upgrade the schema; say on stderr how far that is."""
    if _with_database(current, database_url) is not None:  # a new one takes no time
        progress = logging.getLogger("taskharbor.migrations")
        progress.addHandler(logging.StreamHandler())
        progress.setLevel(logging.INFO)
    _with_database(upgrade, database_url)
    typer.echo(f"The schema is at {head()}.")


def show_schema(database_url: str | None) -> None:
    """Print the version of the schema."""
    typer.echo(_with_database(current, database_url) or "none: run `taskharbor db upgrade`")


def check_schema(database_url: str | None) -> None:
    """Say that the schema is up to date, or fail."""
    _with_database(check, database_url)
    typer.echo(f"The schema is up to date, at {head()}.")


def _with_database(action: Callable[[str], Awaitable[T]], database_url: str | None) -> T:
    options = {"database_url": database_url}
    url = configured(options).database_url.get_secret_value()

    async def act() -> T:
        return await action(url)

    with store_failures(options):
        return asyncio.run(act())
