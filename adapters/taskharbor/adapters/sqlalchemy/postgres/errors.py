"""Translates PostgreSQL's errors for the use cases."""

import errno
import os
from collections.abc import Sequence
from itertools import chain
from types import TracebackType

import asyncpg
from asyncpg import exceptions

from taskharbor.application.errors import ConcurrentUpdate, StoreNotReady, StoreUnavailable, UidTaken
from taskharbor.application.ports.task_store import Changeset

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
    exceptions.PostgresSystemError,  # its disk
    exceptions.InternalServerError,  # what is on it is damaged
    OSError,
    TimeoutError,
)

# The database is there, and not as a migration left it.
_NOT_READY = (
    exceptions.UndefinedTableError,
    exceptions.UndefinedColumnError,
    exceptions.UndefinedFunctionError,
    exceptions.UndefinedObjectError,
    exceptions.WrongObjectTypeError,
    exceptions.InvalidColumnReferenceError,  # what ON CONFLICT needs is not unique
    exceptions.DatatypeMismatchError,
    exceptions.NotNullViolationError,
    exceptions.CheckViolationError,
    exceptions.InvalidSchemaNameError,
    exceptions.InsufficientPrivilegeError,
)

# The pooler has handed our statement to a connection that does not know it.
_POOLED = (exceptions.InvalidSQLStatementNameError, exceptions.DuplicatePreparedStatementError)


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
            raise _not_ready(error) from error
        if isinstance(error, _POOLED):
            remedy = "have the URL end in ?statement_cache_size=0"
            raise StoreNotReady(
                "A pooler in front of PostgreSQL keeps no prepared statements", remedy=remedy
            ) from error
        if isinstance(error, _UNAVAILABLE):
            raise StoreUnavailable(_reason(error)) from error


def _not_ready(error: BaseException) -> StoreNotReady:
    remedy = "look at its tables and the rights of its role, or restore it from a backup"
    return StoreNotReady(f"PostgreSQL: {_reason(error)}", remedy=remedy)


def _reason(error: BaseException) -> str:
    # The driver's own words name hosts, roles and databases, never passwords.
    if isinstance(error, TimeoutError):
        return "PostgreSQL did not answer in time"
    if isinstance(error, OSError) and error.errno is not None and error.errno in errno.errorcode:
        return f"cannot connect to PostgreSQL: {os.strerror(error.errno).lower()}"
    return str(error).partition("\n")[0] or type(error).__name__


def refusal_of(
    group: Sequence[Changeset], error: exceptions.UniqueViolationError
) -> UidTaken | ConcurrentUpdate | StoreNotReady:
    """Return why a group of commits was refused, by the constraint that one of them breaks."""
    # The driver sets these by name, so no type checker knows them.
    constraint = getattr(error, "constraint_name", None)
    if constraint == "records_pkey":
        return ConcurrentUpdate()
    if constraint == "tasks_uid_key":
        detail = getattr(error, "detail", None) or ""
        for task in chain.from_iterable(changes.added for changes in group):
            if task.uid in detail:
                return UidTaken(task.uid)
    return _not_ready(error)
