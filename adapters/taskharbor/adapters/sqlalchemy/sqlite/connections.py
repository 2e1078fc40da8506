"""Where the file is and how a connection to it is set up."""

from pathlib import Path
from typing import Final

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from taskharbor.domain.errors import InvalidValue

PRAGMAS: Final = (
    "PRAGMA journal_mode = WAL",  # readers and the writer do not wait for each other
    "PRAGMA synchronous = FULL",  # an answered commit survives a power cut
    "PRAGMA foreign_keys = ON",
    "PRAGMA wal_autocheckpoint = 4000",  # pages, 16 MB: what is written often is written back once
)

CHECKPOINTED_BY_US: Final = ("PRAGMA wal_autocheckpoint = 0",)
LARGE_LOG: Final = 16 * 2**20
"""Bytes of the write-ahead log after which it is written back."""


def path_from(url: str) -> Path:
    """Return the file that `url` names.

    Raises:
        InvalidValue: for `database_url`, if it names no file.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise InvalidValue("database_url", "is not a URL") from None
    if parsed.host or parsed.query:
        raise InvalidValue(
            "database_url", "must be sqlite:/// and a path: three slashes, or four for an absolute one, and no ?options"
        )
    if parsed.database in {None, "", ":memory:"}:
        raise InvalidValue(
            "database_url", "must name a file, such as sqlite:///tasks.db; memory:// keeps tasks in memory"
        )
    return Path(str(parsed.database))
