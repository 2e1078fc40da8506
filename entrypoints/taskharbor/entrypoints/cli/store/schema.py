"""`taskharbor db`."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

import typer

from taskharbor.adapters.sqlalchemy.schema import check, current, head, upgrade
from taskharbor.application.shards.shard_records import HOME
from taskharbor.entrypoints.cli.configured import configured, store_failures
from taskharbor.entrypoints.cli.failure import CommandFailed

T = TypeVar("T")


def upgrade_schema(database_url: str | None) -> None:
    """Upgrade the schema, that of each shard too; say on stderr how far that is."""
    if any(_with_databases(current, database_url).values()):  # a new one takes no time
        progress = logging.getLogger("taskharbor.migrations")
        progress.addHandler(logging.StreamHandler())
        progress.setLevel(logging.INFO)
    databases = _with_databases(upgrade, database_url)
    typer.echo(f"The schema is at {head()}{_of(databases)}.")


def show_schema(database_url: str | None) -> None:
    """Print the version of the schema, and that of each shard."""
    databases = _with_databases(current, database_url)
    for name, version in databases.items():
        prefix = f"{name}: " if len(databases) > 1 else ""
        typer.echo(prefix + (version or "none: run `taskharbor db upgrade`"))


def check_schema(database_url: str | None) -> None:
    """Say that the schema is up to date, or fail."""
    databases = _with_databases(check, database_url)
    typer.echo(f"The schema is up to date, at {head()}{_of(databases)}.")


def _of(databases: Mapping[str, object]) -> str:
    return f" in {len(databases)} databases" if len(databases) > 1 else ""


def _with_databases(action: Callable[[str], Awaitable[T]], database_url: str | None) -> dict[str, T]:
    options = {"database_url": database_url}
    settings = configured(options)
    shards = settings.shard_urls()

    async def act(url: str) -> T:
        return await action(url)

    found = {}
    for name, url in {HOME: settings.database_url.get_secret_value(), **shards}.items():
        try:
            with store_failures(options):
                found[name] = asyncio.run(act(url))
        except CommandFailed as failure:
            if not shards:
                raise
            raise CommandFailed(f"{name}: {failure}", exit_code=failure.exit_code) from None
    return found
