"""Translates PostgreSQL's errors for the use cases."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
from asyncpg import exceptions

from taskharbor.application.errors import ConcurrentUpdate, StoreNotReady, StoreUnavailable

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

# The database is there, and not as a migration left it.
_NOT_READY = (
    exceptions.UndefinedTableError,
    exceptions.UndefinedColumnError,
    exceptions.UndefinedFunctionError,
    exceptions.InvalidSchemaNameError,
    exceptions.InsufficientPrivilegeError,
)


@contextmanager
def translated() -> Iterator[None]:
    """Raise the application's error in place of the driver's."""
    try:
        yield
    except _RACES as error:
        raise ConcurrentUpdate from error
    except _NOT_READY as error:
        remedy = "look at its tables and the rights of its role, or restore it from a backup"
        raise StoreNotReady(f"PostgreSQL: {_reason(error)}", remedy=remedy) from error
    except _UNAVAILABLE as error:
        raise StoreUnavailable(_reason(error)) from error


def _reason(error: BaseException) -> str:
    # The driver's own words name hosts, roles and databases, never passwords.
    if isinstance(error, TimeoutError):
        return "PostgreSQL did not answer in time"
    if isinstance(error, OSError) and error.errno is not None and error.errno in errno.errorcode:
        return f"cannot connect to PostgreSQL: {os.strerror(error.errno).lower()}"
    return str(error).partition("\n")[0] or type(error).__name__
