"""Which version a database's schema has, and how it gets to the one that this release needs."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING, Final

from taskharbor.application.errors import StoreNotReady
from taskharbor.domain.frozen import frozen

if TYPE_CHECKING:  # importing Alembic takes longer than opening a database that is up to date
    from alembic.config import Config

HEAD: Final = "0007"
"""The newest revision under `versions/`; a test holds the two together."""

OLDEST: Final = "0002"
"""Releases that need this version, or a later one, can serve the newest too: a test holds migrations to that.

A migration that takes something away is for a release later than that which has stopped using it, and raises this.
"""

_NOTE: Final = "can be used by releases of Taskharbor from schema "

_ONE_AT_A_TIME: Final = threading.Lock()  # what Alembic's migrations import, `context` and `op`, is global


@frozen(kw_only=True)
class MigratedDatabase:
    """A database whose schema has versions.

    Attributes:
        url: its URL for Alembic, with the driver that runs the migrations.
        read_version: returns what Alembic has noted, or None if there is no schema yet.
        read_columns: returns the names of the tables that are there, each with one of its columns.
        read_oldest: returns what the last migration has noted as the oldest version whose releases can use the schema;
            None where there can be no other release at work.
        create: makes the newest schema at once, faster than Alembic does; blocks, so it is run in a thread.
    """

    url: str
    read_version: Callable[[], Awaitable[str | None]]
    read_columns: Callable[[], Awaitable[Collection[tuple[str, str]]]]
    read_oldest: Callable[[], Awaitable[str | None]] | None = None
    create: Callable[[str], None] | None = None


async def prepare(database: MigratedDatabase, *, may_upgrade: bool) -> None:
    """Make sure that the database can be used by this release, bringing an older schema up to date if `may_upgrade`.

    Raises:
        StoreNotReady: if its schema is newer than this release knows, or older and must not be upgraded here, or it has
            tables of something else, or refuses the upgrade.
    """
    version = await database.read_version()
    if version == HEAD:
        return
    if await require_usable(database, version):
        return
    if not may_upgrade:
        found = "no schema yet" if version is None else f"schema {version}"
        raise StoreNotReady(
            f"The database has {found}, this release of Taskharbor needs {HEAD}", remedy="run `taskharbor db upgrade`"
        )
    if version is None and database.create is not None:
        await asyncio.to_thread(database.create, HEAD)
        if await database.read_version() is None:
            raise StoreNotReady(
                "The database has tables that are not ours, or no note of which schema they are",
                remedy="name another one, or restore it from a backup",
            )
        return
    # Alembic is synchronous; its environment runs an event loop of its own in that thread.
    await asyncio.to_thread(run_alembic, database.url)


async def require_usable(database: MigratedDatabase, version: str | None) -> bool:
    """Make sure that this release can use the schema or bring it up to date; return whether a later one has made it.

    Raises:
        StoreNotReady: if a later release made it, and has left nothing in it for this one.
    """
    if version in (None, HEAD) or version in _known_versions():
        return False
    oldest = None if database.read_oldest is None else await database.read_oldest()
    if oldest is not None and oldest <= HEAD:
        return True
    raise StoreNotReady(
        f"The database has schema {version}, which this release of Taskharbor does not support",
        remedy="use the release that created it, or a later one",
    )


def note_of(version: str, oldest: str) -> str:
    """Return what the database is told about which releases can use this version."""
    return f"{_NOTE}{oldest}{_about(version)}"


def oldest_in(note: str | None, version: str | None) -> str | None:
    """Return the oldest version in a note, or None if it is none of ours, or is about another version."""
    about = _about(version)
    if note is None or not (note.startswith(_NOTE) and note.endswith(about)):
        return None
    return note.removeprefix(_NOTE).removesuffix(about)


def _about(version: str | None) -> str:
    return f", while it is schema {version}"


def run_alembic(url: str) -> None:
    """Run the migrations that the database at `url` does not have yet. Blocks: for a thread.

    Raises:
        StoreNotReady: if the database refuses one: it is full, say, or its tables are not as the version says.
    """
    from alembic import command
    from sqlalchemy.exc import DBAPIError

    config = _alembic_config()
    config.attributes["url"] = url
    try:
        with _ONE_AT_A_TIME:
            command.upgrade(config, "head")
    except DBAPIError as error:
        refusal = str(getattr(error.orig, "__cause__", None) or error.orig).partition("\n")[0]
        remedy = "look at its tables, the rights of its user and its disk, or restore it from a backup"
        raise StoreNotReady(f"The schema cannot be brought up to date ({refusal})", remedy=remedy) from error


def _known_versions() -> set[str]:
    from alembic.script import ScriptDirectory

    return {script.revision for script in ScriptDirectory.from_config(_alembic_config()).walk_revisions()}


def _alembic_config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config
