"""One thread that writes, and commits everything that is waiting in one transaction."""

import sqlite3
from collections.abc import Callable
from typing import Final

from taskharbor.adapters.sqlalchemy.sqlite.errors import translated
from taskharbor.adapters.sqlalchemy.sqlite.workers import Unit, Workers

LARGEST_GROUP: Final = 256
"""Units of work in one transaction, so that the first of them does not wait for ever."""


class GroupCommitWriter(Workers):
    """Runs units of work one after the other on the only connection of this process that writes.

    A disk takes as long to make one unit durable as a hundred, so those that arrive while a transaction is being
    committed share the next one, each in a savepoint of its own: one that fails undoes itself only. A unit's answer
    is given after the COMMIT that holds it. BEGIN IMMEDIATE takes the write lock first, so a transaction never
    fails half-way because another process writes too; it waits at most the connection's busy time-out.
    """

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(
            connect, _commit_group, threads=1, largest_group=LARGEST_GROUP, name="taskharbor-sqlite-writer"
        )


def _commit_group(connection: sqlite3.Connection, group: list[Unit]) -> None:
    try:
        with translated():
            connection.execute("BEGIN IMMEDIATE")
            for unit in group:
                _run_unit(connection, unit)
            connection.execute("COMMIT")
    except BaseException as error:  # noqa: BLE001  # it belongs to those who wait for the group
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        for unit in group:
            unit.error = error


def _run_unit(connection: sqlite3.Connection, unit: Unit) -> None:
    connection.execute("SAVEPOINT unit")
    try:
        with translated():
            unit.result = unit.work(connection)
    except BaseException as error:
        if not connection.in_transaction:
            raise  # SQLite has undone the whole transaction by itself: the disk is full, say
        connection.execute("ROLLBACK TO unit")
        unit.error = error
    connection.execute("RELEASE unit")
