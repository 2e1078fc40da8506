"""What SQLite's errors mean to a use case."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from taskharbor.application.errors import StoreUnavailable


@contextmanager
def translated() -> Iterator[None]:
    """Raise `StoreUnavailable` when the file cannot be opened, read or written, or stays locked by others."""
    try:
        yield
    except sqlite3.ProgrammingError:
        raise  # ours: a wrong statement
    except sqlite3.IntegrityError:
        raise  # an error of the data, which the caller can interpret
    except sqlite3.DatabaseError as error:
        raise StoreUnavailable(f"SQLite: {error}") from error
