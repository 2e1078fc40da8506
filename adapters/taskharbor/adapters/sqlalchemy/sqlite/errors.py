"""Translates SQLite's errors for the use cases."""

from collections.abc import Iterator
from contextlib import contextmanager

from taskharbor.adapters.sqlalchemy.sqlite_driver import sqlite3
from taskharbor.application.errors import StoreUnavailable


def is_of_the_file(error: BaseException | None) -> bool:
    """Return whether an error says that the file cannot be opened, read or written, or stays locked by others.

    A wrong statement is our own error; a violated constraint is one of the data, which the caller can interpret.
    """
    return isinstance(error, sqlite3.DatabaseError) and not isinstance(
        error, sqlite3.ProgrammingError | sqlite3.IntegrityError
    )


def store_error(error: BaseException) -> BaseException:
    """Return `StoreUnavailable` for an error of the file, and any other error itself.

    A constraint that is violated and means nothing to who could interpret it is not one of our schema.
    """
    if not is_of_the_file(error) and not isinstance(error, sqlite3.IntegrityError):
        return error
    unavailable = StoreUnavailable(f"SQLite: {error}")
    unavailable.__cause__ = error
    return unavailable


@contextmanager
def translated() -> Iterator[None]:
    """Raise `StoreUnavailable` in place of an error of the file."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if is_of_the_file(error):
            raise store_error(error) from error
        raise
