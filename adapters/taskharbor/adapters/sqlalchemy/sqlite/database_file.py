"""The file behind the connections of a process: it can be taken away, or another one be put in its place.

A connection goes on with the file that it has opened, whatever is done to its name: what is written then is lost. So
each thread looks, before its work and after a commit, whether the file at the path is still the one that it has.
"""

import logging
import os
from collections.abc import Callable
from contextlib import closing, suppress
from math import inf
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Final, NamedTuple, TypeAlias
from urllib.parse import quote

from taskharbor.adapters.sqlalchemy.migrations.schema import HEAD
from taskharbor.adapters.sqlalchemy.sqlite.connections import CHECKPOINTED_BY_US, LARGE_LOG, PRAGMAS
from taskharbor.adapters.sqlalchemy.sqlite_driver import HAS_WAL_RESET_RACE, sqlite3
from taskharbor.application.errors import StoreUnavailable

_LOG: Final = logging.getLogger("taskharbor.sqlite")
_BESIDE: Final = ("-wal", "-shm")

# https://sqlite.org/fileformat2.html#walformat
_WAL_HEADER_BYTES: Final = 32
_WAL_SEQUENCE: Final = slice(12, 16)

_Identity: TypeAlias = tuple[int, int]
"""Device and inode."""


class WriteAheadLog(NamedTuple):
    """A log.

    Attributes:
        size: bytes.
        starts: how often it was begun anew, after all of it had been written back; None if it is empty.
    """

    size: int
    starts: int | None


class DatabaseFile:
    """Opens connections to the file at a path, and knows which file each of them has.

    Args:
        path: where it is.
        timeout: seconds that a connection waits for locks.
        when_replaced: called, in whichever thread notices, when another file is in its place.

    Attributes:
        replaced_at: `time.monotonic()` when that was last noticed.
    """

    def __init__(self, path: Path, *, timeout: float, when_replaced: Callable[[], None]) -> None:
        self._path = path
        self._name = os.fspath(path)
        self._logs = tuple(path.with_name(path.name + suffix) for suffix in _BESIDE)
        self._log_name = os.fspath(self._logs[0])
        self._timeout = timeout
        self._when_replaced = when_replaced
        self.replaced_at = -inf
        self._lock = Lock()
        self._current: _Identity | None = None
        self._beside: dict[Path, _Identity | None] = {}
        self._files: dict[int, _Identity | None] = {}

    def connect(self, *, for_any_thread: bool = False) -> sqlite3.Connection:
        """Return a new connection, for this thread or `for_any_thread` that does not share it with another.

        Raises:
            sqlite3.Error, StoreUnavailable: if it cannot be opened.
        """
        with self._lock:
            found = self._found()
            connection = self._opened(for_any_thread=for_any_thread)
            for pragma in (*PRAGMAS, *(CHECKPOINTED_BY_US if HAS_WAL_RESET_RACE else ())):
                connection.execute(pragma)
            connection.execute("SELECT count(*) FROM sqlite_master")
            self._current = self._files[id(connection)] = found
            self._beside = {path: _identity_of(path) for path in self._logs}
            return connection

    def has(self, connection: sqlite3.Connection) -> bool:
        """Return whether a connection has the file that is at the path.

        Raises:
            StoreUnavailable: if none is there.
        """
        return self._found() == self._files.get(id(connection))

    def require(self, connection: sqlite3.Connection) -> None:
        """Make sure of that.

        Raises:
            StoreUnavailable: if not.
        """
        if not self.has(connection):
            raise self.replaced()

    def replaced(self) -> StoreUnavailable:
        """Return the error that says so."""
        return StoreUnavailable(f"SQLite: another file is in the place of {self._path}")

    def again(self, connection: sqlite3.Connection, connect: Callable[[], sqlite3.Connection]) -> sqlite3.Connection:
        """Return a connection to the file that is at the path now, in place of one to another.

        Args:
            connection: the former; it is closed.
            connect: makes a new one with `self.connect`.

        Raises:
            sqlite3.Error, StoreUnavailable: if it cannot be opened, or is not a file of ours with this schema.
        """
        with self._lock:
            if self._found() != self._current:
                self._take_logs_away(connection)
                self._current = self._found()
                self.replaced_at = monotonic()
                self._when_replaced()
                _LOG.warning("another file is in the place of %s: opening that", self._path)
        self._files.pop(id(connection), None)
        connection.close()
        self._require_schema()
        return connect()

    def checkpoint(self, connection: sqlite3.Connection) -> None:
        """Write a large log back, where SQLite must not do so by itself.

        This mode holds the lock of writers meanwhile, so no commit begins the log anew.
        """
        with suppress(OSError, sqlite3.Error):  # the next commit tries again
            if os.stat(self._log_name).st_size > LARGE_LOG:  # noqa: PTH116  # the quicker way
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def log(self) -> WriteAheadLog | None:
        """Return what can be said of the write-ahead log; None if there is none.

        The other file beside the database must not be opened like this: closing it would let go of SQLite's locks.
        """
        try:
            with self._logs[0].open("rb") as log:
                header, size = log.read(_WAL_HEADER_BYTES), os.fstat(log.fileno()).st_size
        except OSError:
            return None
        return WriteAheadLog(size, int.from_bytes(header[_WAL_SEQUENCE], "big") if header else None)

    def _opened(self, *, for_any_thread: bool = False) -> sqlite3.Connection:
        # Never made here: an empty file would be taken for the one that is gone.
        uri = f"file:{quote(self._path.as_posix())}?mode=rw"
        return sqlite3.connect(
            uri, uri=True, isolation_level=None, timeout=self._timeout, check_same_thread=not for_any_thread
        )

    def _require_schema(self) -> None:
        """Make sure that the file is one of ours before anything is done to it."""
        with closing(self._opened()) as connection:
            try:
                version = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            except sqlite3.DatabaseError:
                version = None
        if version != (HEAD,):
            found = "no schema of Taskharbor" if version is None else f"schema {version[0]}"
            raise StoreUnavailable(f"SQLite: the file that is now at {self._path} has {found}, not {HEAD}")

    def _found(self) -> _Identity:
        found = _identity_of(self._name)
        if found is None:
            raise StoreUnavailable(f"SQLite: the file {self._path} is gone")
        return found

    def _take_logs_away(self, former: sqlite3.Connection) -> None:
        """Remove the log of the former file: SQLite would take it for that of the new one.

        What it has is first written to the former file, wherever that is now; else the log is kept under another name.
        """
        with suppress(sqlite3.Error):
            former.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for path, identity in self._beside.items():
            if identity is None or _identity_of(path) != identity:
                continue
            if path.name.endswith("-wal") and path.stat().st_size:
                path.rename(path.with_name(f"{path.name}.former"))
            else:
                path.unlink()


def _identity_of(path: Path | str) -> _Identity | None:
    try:
        found = os.stat(path)  # noqa: PTH116  # the quicker way, for each group of work
    except OSError:
        return None
    return found.st_dev, found.st_ino
