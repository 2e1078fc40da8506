"""What PostgreSQL's errors mean to a use case."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
from asyncpg import exceptions

from taskharbor.application.errors import ConcurrentUpdate, StoreUnavailable

# A lost race: the whole use case can be run again.
_RACES = (exceptions.SerializationError, exceptions.DeadlockDetectedError)

# The server is away, going, full, read-only after a fail-over, or refuses us.
_UNAVAILABLE = (
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # the server's last words crossed our statement on their way
    exceptions.PostgresConnectionError,
    exceptions.OperatorInterventionError,
    exceptions.InsufficientResourcesError,
    exceptions.InvalidAuthorizationSpecificationError,
    exceptions.InvalidCatalogNameError,
    exceptions.ReadOnlySQLTransactionError,
    exceptions.LockNotAvailableError,
    OSError,
    TimeoutError,
)


@contextmanager
def translated() -> Iterator[None]:
    """Raise the application's error in place of the driver's."""
    try:
        yield
    except _RACES as error:
        raise ConcurrentUpdate from error
    except _UNAVAILABLE as error:
        raise StoreUnavailable(_reason(error)) from error


def _reason(error: BaseException) -> str:
    # The driver's own words name hosts, roles and databases, never passwords.
    if isinstance(error, TimeoutError):
        return "PostgreSQL did not answer in time"
    if isinstance(error, OSError) and error.errno is not None and error.errno in errno.errorcode:
        return f"cannot connect to PostgreSQL: {os.strerror(error.errno).lower()}"
    return str(error).partition("\n")[0] or type(error).__name__
