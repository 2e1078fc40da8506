"""Translates PostgreSQL's errors for the use cases."""

import errno
import os
from types import TracebackType

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


class translated:  # noqa: N801  # it is used like a function: with translated()
    """Raises the application's error in place of the driver's. A class: as a generator it took 1 microsecond a call."""

    __slots__ = ()

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, exc_type: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is None:
            return
        if isinstance(error, _RACES):
            raise ConcurrentUpdate from error
        if isinstance(error, _NOT_READY):
            remedy = "look at its tables and the rights of its role, or restore it from a backup"
            raise StoreNotReady(f"PostgreSQL: {_reason(error)}", remedy=remedy) from error
        if isinstance(error, _UNAVAILABLE):
            raise StoreUnavailable(_reason(error)) from error


def _reason(error: BaseException) -> str:
    # The driver's own words name hosts, roles and databases, never passwords.
    if isinstance(error, TimeoutError):
        return "PostgreSQL did not answer in time"
    if isinstance(error, OSError) and error.errno is not None and error.errno in errno.errorcode:
        return f"cannot connect to PostgreSQL: {os.strerror(error.errno).lower()}"
    return str(error).partition("\n")[0] or type(error).__name__
