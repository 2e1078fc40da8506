"""Which SQLite is used: that of the package `pysqlite3`, unless it has a race and that of Python is newer.

SQLite up to 3.51.2 has a race in its write-ahead log: a checkpoint that begins just after another one may take
a commit, which begins the log anew meanwhile, for one that has been written back, and the file is corrupt
(https://sqlite.org/wal.html#walresetbug). It takes two connections that write.
"""

from types import NoneType
from typing import TYPE_CHECKING, Final


def has_wal_reset_race(version: tuple[int, ...]) -> bool:
    """Return whether this release of SQLite has the race; it was mended in 3.51.3, 3.50.7 and 3.44.6."""
    return version < (3, 51, 3) and not ((3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45))


if TYPE_CHECKING:
    import sqlite3
else:
    try:
        import pysqlite3 as sqlite3
    except ModuleNotFoundError:
        import sqlite3
    if has_wal_reset_race(sqlite3.sqlite_version_info):  # else a second SQLite is not loaded, which takes 2 MB
        import sqlite3 as of_python

        if of_python.sqlite_version_info > sqlite3.sqlite_version_info:
            sqlite3 = of_python

HAS_WAL_RESET_RACE: Final = has_wal_reset_race(sqlite3.sqlite_version_info)

__all__ = ["HAS_WAL_RESET_RACE", "has_wal_reset_race", "register_constants", "sqlite3"]


def register_constants() -> None:
    """Have `None` and truth values bound as what they are, without a search for a way to adapt them.

    The search takes half a microsecond each time, and 14 of the 31 values of a new task are such: 64 of these are
    inserted in 250 microseconds instead of 780. What the program around us has registered is left alone.
    """
    nothing: dict[None, None] = {}
    if (NoneType, sqlite3.PrepareProtocol) not in sqlite3.adapters:
        sqlite3.register_adapter(NoneType, nothing.get)  # written in C, it returns None
    if (bool, sqlite3.PrepareProtocol) not in sqlite3.adapters:
        sqlite3.register_adapter(bool, int)


register_constants()
