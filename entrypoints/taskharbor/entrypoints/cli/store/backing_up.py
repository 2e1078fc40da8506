"""`taskharbor backup` and `taskharbor restore-backup`, for SQLite. PostgreSQL has tools of its own."""

import asyncio
import os
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

import typer

from taskharbor.adapters.sqlalchemy.migrations import require_usable
from taskharbor.adapters.sqlalchemy.sqlite.connections import path_from
from taskharbor.adapters.sqlalchemy.sqlite.schema import sqlite_database
from taskharbor.adapters.sqlalchemy.sqlite_driver import sqlite3
from taskharbor.entrypoints.cli.configured import configured, store_failures
from taskharbor.entrypoints.cli.failure import CommandFailed
from taskharbor.entrypoints.cli.output.progress_bar import progress_bar

_OWNER_ONLY: Final = 0o600
_SIDES: Final = ("-wal", "-shm")
"""Files beside a database that belong to it and to no other."""

_ELSEWHERE: Final = {
    "postgresql": "PostgreSQL is backed up by its own tools, pg_dump or a base backup: see docs/operations.md",
    "lmdb": "LMDB is backed up by its own tool, mdb_copy",
    "memory": "memory:// keeps nothing that could be backed up",
}


def back_up(file: str, options: Mapping[str, str | None]) -> None:
    """Write a consistent copy of a SQLite database into a new file, while it is served or not.

    Raises:
        CommandFailed: if the store is none that this can copy, a later release made its schema, or the file is there or
            cannot be written.
    """
    database, backup = _database_of(options), Path(file)
    if not database.exists():
        raise CommandFailed(f"there is no database {database}", exit_code=CommandFailed.STORE)
    if backup.exists():
        raise CommandFailed(f"{backup} exists: name a file that does not", exit_code=CommandFailed.USAGE)
    _require_usable(database, options)
    with _failures(backup):
        os.close(os.open(backup, os.O_CREAT | os.O_EXCL, _OWNER_ONLY))
        try:
            with (
                closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as connection,
                _growing("Writing", backup, database),
            ):
                connection.execute("VACUUM INTO ?", (str(backup),))
            _to_disk(backup)
        except BaseException:
            backup.unlink(missing_ok=True)
            raise
    typer.echo(f"Wrote {backup}, {backup.stat().st_size:,} bytes.")


def restore(file: str, options: Mapping[str, str | None], *, replace: bool) -> None:
    """Put a backup in the place of a SQLite database that nobody uses.

    Sync tokens and cursors that were made by what is lost are refused from then on: they name commits by their time.

    Raises:
        CommandFailed: if the file is no backup, or one of a later release, or the database is there and not to be
            replaced, or in use.
    """
    database, backup = _database_of(options), Path(file)
    _require_backup(backup)
    _require_usable(backup, options)
    if database.exists() and not replace:
        raise CommandFailed(
            f"{database} exists: --replace puts the backup in its place, and what is in it is lost",
            exit_code=CommandFailed.REFUSED,
        )
    with _failures(database):
        if database.exists():
            _require_unused(database)
        new = database.with_name(f"{database.name}.restoring")
        new.unlink(missing_ok=True)
        try:
            os.close(os.open(new, os.O_CREAT | os.O_EXCL, _OWNER_ONLY))
            with (
                closing(sqlite3.connect(backup)) as source,
                closing(sqlite3.connect(new)) as copy,
                _growing("Restoring", new, backup),
            ):
                source.backup(copy)
            _to_disk(new)
            for side in _SIDES:
                database.with_name(database.name + side).unlink(missing_ok=True)
            new.replace(database)
            _to_disk(database.parent)
        finally:
            new.unlink(missing_ok=True)
    typer.echo(f"Restored {database} from {backup}.")


@contextmanager
def _growing(what: str, file: Path, whole: Path) -> Iterator[None]:
    """Show how far a file has come that will be as large as another one."""
    with progress_bar(what, total=whole.stat().st_size, reached=lambda: file.stat().st_size):
        yield


def _database_of(options: Mapping[str, str | None]) -> Path:
    url = configured(options).database_url.get_secret_value()
    scheme = url.partition("://")[0].partition("+")[0].lower()
    if scheme in _ELSEWHERE:
        raise CommandFailed(_ELSEWHERE[scheme], exit_code=CommandFailed.USAGE)
    with store_failures(options):
        return path_from(url)


def _require_backup(backup: Path) -> None:
    if not backup.is_file():
        raise CommandFailed(f"there is no file {backup}", exit_code=CommandFailed.USAGE)
    try:
        with closing(sqlite3.connect(f"{backup.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            connection.execute("SELECT version_num FROM alembic_version, workspaces LIMIT 1")
    except sqlite3.DatabaseError:
        verdict = "it is not a database of Taskharbor"
    if verdict != "ok":
        raise CommandFailed(f"{backup} is not a backup that can be restored: {verdict}", exit_code=CommandFailed.DATA)


def _require_usable(file: Path, options: Mapping[str, str | None]) -> None:
    """Make sure that no later release has made the schema: this one would not know what it copies."""
    found = sqlite_database(file)

    async def look() -> None:
        await require_usable(found, await found.read_version())

    with store_failures(options):
        asyncio.run(look())


def _require_unused(database: Path) -> None:
    """Make sure that no other connection is open: each holds a lock on the file for as long as it is."""
    try:
        with closing(sqlite3.connect(database, timeout=0, isolation_level=None)) as connection:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute("ROLLBACK")
    except sqlite3.OperationalError:
        raise CommandFailed(
            f"{database} is in use: stop what serves it first", exit_code=CommandFailed.REFUSED
        ) from None
    except sqlite3.DatabaseError:
        pass  # it is broken, which is why it is replaced


@contextmanager
def _failures(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CommandFailed(f"{file}: {error.strerror}", exit_code=CommandFailed.SYSTEM) from None
    except sqlite3.Error as error:
        raise CommandFailed(f"{file}: {error}", exit_code=CommandFailed.STORE) from None


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        with suppress(OSError):  # not every file system can do it with a folder
            os.fsync(handle)
    finally:
        os.close(handle)
