"""Which version a database's schema has, and how it gets to the one that this release needs."""

import asyncio
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

from taskharbor.application.errors import StoreNotReady
from taskharbor.domain.errors import InvalidValue

if TYPE_CHECKING:  # importing Alembic takes longer than opening a database that is up to date
    from alembic.config import Config

HEAD: Final = "0001"
"""The newest revision under `versions/`; a test holds the two together."""

_ONE_AT_A_TIME: Final = threading.Lock()  # what Alembic's migrations import, `context` and `op`, is global


def head() -> str:
    """Return the version that this release needs."""
    return HEAD


async def current(url: str) -> str | None:
    """Return the version of the database at `url`, or None if it has no schema yet.

    Raises:
        InvalidValue: for `database_url`, if it names a store without a schema.
        StoreUnavailable: if the database cannot be reached.
    """
    if url.startswith("sqlite"):
        from taskharbor.adapters.sqlalchemy.sqlite.schema import read_version

        return await read_version(url)
    if url.startswith("postgres"):
        from taskharbor.adapters.sqlalchemy.postgres.schema import read_version

        return await read_version(url)
    raise InvalidValue("database_url", "names a store that has no schema: only sqlite and postgresql have one")


async def check(url: str) -> None:
    """Make sure that the database can be used by this release as it is.

    Raises:
        StoreNotReady: if its schema is older or newer than this release needs, or there is none.
    """
    await prepare(url, may_upgrade=False)


async def prepare(url: str, *, may_upgrade: bool) -> None:
    """Make sure that the database can be used by this release, bringing an older schema up to date if `may_upgrade`.

    Raises:
        StoreNotReady: if its schema is newer than this release knows, or older and must not be upgraded here.
    """
    version = await current(url)
    if version == HEAD:
        return
    if version is not None and version not in _known_versions():
        raise StoreNotReady(
            f"The database has schema {version}, which this release of Taskharbor does not know",
            remedy="use the release that made it, or a later one",
        )
    if not may_upgrade:
        found = "no schema yet" if version is None else f"schema {version}"
        raise StoreNotReady(
            f"The database has {found}, this release of Taskharbor needs {HEAD}", remedy="run `taskharbor db upgrade`"
        )
    await upgrade(url)


async def upgrade(url: str) -> None:
    """Bring the database's schema up to date, in one transaction. Safe to run from several processes at once.

    Raises:
        StoreUnavailable: if the database cannot be reached.
    """
    version = await current(url)  # reports an unreachable database in our own words
    if version is None and url.startswith("sqlite"):
        from taskharbor.adapters.sqlalchemy.sqlite.connections import path_from
        from taskharbor.adapters.sqlalchemy.sqlite.schema import create_schema

        await asyncio.to_thread(create_schema, path_from(url), HEAD)
        return
    # Alembic is synchronous; its environment runs an event loop of its own in that thread.
    await asyncio.to_thread(run_alembic, url)


def run_alembic(url: str) -> None:
    """Run the migrations that the database at `url` does not have yet. Blocks: for a thread."""
    from alembic import command

    config = _alembic_config()
    config.attributes["url"] = url
    with _ONE_AT_A_TIME:
        command.upgrade(config, "head")


def _known_versions() -> set[str]:
    from alembic.script import ScriptDirectory

    return {script.revision for script in ScriptDirectory.from_config(_alembic_config()).walk_revisions()}


def _alembic_config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config
