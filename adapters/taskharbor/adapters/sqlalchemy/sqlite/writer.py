"""One thread that writes, and commits everything that is waiting in one transaction."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Final, TypeVar

from taskharbor.adapters.sqlalchemy.commits.commit_groups import size_of_group
from taskharbor.adapters.sqlalchemy.sqlite.commit import write
from taskharbor.adapters.sqlalchemy.sqlite.database_file import DatabaseFile
from taskharbor.adapters.sqlalchemy.sqlite.errors import is_of_the_file
from taskharbor.adapters.sqlalchemy.sqlite.workers import Unit, Workers
from taskharbor.adapters.sqlalchemy.sqlite_driver import HAS_WAL_RESET_RACE, sqlite3
from taskharbor.application.errors import StoreUnavailable
from taskharbor.application.ports.task_store import Changeset, CommitOutcome
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import Revision, WorkspaceId

R = TypeVar("R")

MAX_COMMITS_TOGETHER: Final = 256
"""Units of work in one transaction, so that the first of them does not wait indefinitely."""

TURNS: Final = 2
"""Requests that have arrived meanwhile join the transaction: a create at 16 connections took 225 microseconds of CPU
instead of 271, and an idle server waits 10 microseconds longer."""


@frozen
class Commit:
    """A changeset as work for the writer."""

    changes: Changeset

    def __call__(self, connection: sqlite3.Connection) -> Revision:
        """Write it alone."""
        return write([self.changes], connection)


class GroupCommitWriter(Workers):
    """Runs units of work one after the other on the only connection of this process that writes.

    A disk takes as long to make one unit durable as a hundred, so those that arrive while a transaction is being
    committed share the next one, each in a savepoint of its own: one that fails undoes itself only. Changesets of a
    workspace that touch different rows are written together, in fewer statements, and one by one if they are refused
    because of one of them. A unit's answer is given after the COMMIT that holds it. BEGIN IMMEDIATE takes the write
    lock first, so a transaction never fails half-way because another process writes too; it waits at most the
    connection's busy time-out.

    Attributes:
        groups: at the place n, how many groups of n commits there were. One thread counts, any other may look.
    """

    def __init__(self, file: DatabaseFile) -> None:
        self.groups = [0] * (MAX_COMMITS_TOGETHER + 1)
        super().__init__(
            file.connect,
            partial(_commit_all, file, self.groups),
            threads=1,
            largest_group=MAX_COMMITS_TOGETHER,
            turns=TURNS,
            name="taskharbor-sqlite-writer",
            file=file,
            writes=True,
        )

    def commit(self, changes: Changeset) -> asyncio.Future[Revision]:
        """Write `changes` in the next transaction; return the future of the revision that they take.

        It raises what `TaskStore.commit` raises.
        """
        outcome = CommitOutcome(loop=self.loop)
        self.gather(Unit(Commit(changes), outcome))
        return outcome


def _commit_all(file: DatabaseFile, groups: list[int], connection: sqlite3.Connection, units: list[Unit]) -> None:
    try:
        connection.execute("BEGIN IMMEDIATE")
        _run_all(file, connection, units)
        connection.execute("COMMIT")
        written = sum(isinstance(unit.work, Commit) and unit.error is None for unit in units)
        file.require(connection)  # else it was written to a file that is no longer there
        groups[min(written, MAX_COMMITS_TOGETHER)] += 1
        if HAS_WAL_RESET_RACE:
            file.checkpoint(connection)
    except BaseException as error:  # noqa: BLE001  # it belongs to those who wait for the group
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        for unit in units:
            unit.error = error


def _run_all(file: DatabaseFile, connection: sqlite3.Connection, units: list[Unit]) -> None:
    commits: dict[WorkspaceId, list[tuple[Unit, Changeset]]] = {}
    for unit in units:
        if not isinstance(unit.work, Commit):
            _run(connection, unit)
        elif (changes := unit.work.changes).began <= file.replaced_at:  # it may have read in the former file
            unit.error = file.replaced()
        else:
            commits.setdefault(changes.workspace, []).append((unit, changes))
    for waiting in commits.values():
        while waiting:
            size = 1 if len(waiting) == 1 else size_of_group([changes for _, changes in waiting])
            _run_together(connection, waiting[:size])
            del waiting[:size]


def _run_together(connection: sqlite3.Connection, group: list[tuple[Unit, Changeset]]) -> None:
    if len(group) == 1:
        _run(connection, group[0][0])
        return
    try:
        last = _attempt(connection, partial(write, [changes for _, changes in group]))
    except _TransactionLost:
        raise
    except BaseException:  # noqa: BLE001  # it is that of one of them, which will see it
        for unit, _ in group:
            _run(connection, unit)
    else:
        for revision, (unit, _) in enumerate(group, start=last - len(group) + 1):
            unit.result = revision


def _run(connection: sqlite3.Connection, unit: Unit) -> None:
    try:
        unit.result = _attempt(connection, unit.work)
    except _TransactionLost:
        raise
    except BaseException as error:  # noqa: BLE001  # raised where the unit is awaited
        unit.error = error


class _TransactionLost(StoreUnavailable):
    """One of its units cannot be undone alone, or SQLite has undone everything: the disk is full, say."""


def _attempt(connection: sqlite3.Connection, work: Callable[[sqlite3.Connection], R]) -> R:
    """Return the result of `work`; if it fails, roll its changes back.

    Raises:
        _TransactionLost: if that cannot be done.
    """
    _mark(connection, "SAVEPOINT attempt")
    try:
        result = work(connection)
    except BaseException as error:
        _mark(connection, "ROLLBACK TO attempt", because_of=error)
        _mark(connection, "RELEASE attempt", because_of=error)
        raise
    _mark(connection, "RELEASE attempt")
    return result


def _mark(connection: sqlite3.Connection, sql: str, *, because_of: BaseException | None = None) -> None:
    try:
        connection.execute(sql)
    except sqlite3.Error as failure:
        first = because_of if is_of_the_file(because_of) else failure
        raise _TransactionLost(f"SQLite: {first}") from (because_of or failure)
