"""Commits of one workspace, as the writer's thread carries them out."""

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, TypeAlias

from taskharbor.adapters.sqlalchemy.commits.commit_times import CommitTimes
from taskharbor.adapters.sqlalchemy.rows.record_rows import entry_to_row, record_to_row
from taskharbor.adapters.sqlalchemy.rows.task_rows import WRITTEN_COLUMNS, task_to_row
from taskharbor.adapters.sqlalchemy.sqlite.bulk_statement import BulkStatement
from taskharbor.adapters.sqlalchemy.sqlite.commit_statements import (
    ADD_HISTORY,
    ADD_RECORDS,
    ADD_TASKS,
    BEGIN_WORKSPACE,
    CHANGE_RECORDS,
    FIND_UIDS,
    RECORD_REVISION,
    TAKE_REVISIONS,
    TASK_REVISION,
    change_of_tasks,
)
from taskharbor.adapters.sqlalchemy.sqlite.kept_columns import NOTHING, Kept, kept
from taskharbor.adapters.sqlalchemy.sqlite.search_dialect import words_text
from taskharbor.adapters.sqlalchemy.sqlite.tables import ADD_WORDS
from taskharbor.adapters.sqlalchemy.sqlite_driver import sqlite3
from taskharbor.application.errors import ConcurrentUpdate, UidTaken
from taskharbor.application.ports.task_store import Changeset
from taskharbor.domain.identifiers import Revision, TaskId, WorkspaceId
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.uid import Uid

_NEW_WORDS = 1 + next(place for place, column in enumerate(WRITTEN_COLUMNS) if column.name == "words")
"""Where they are in a new row, which begins with the workspace."""

_Numbered: TypeAlias = Sequence[tuple[Revision, Changeset]]
"""Changesets with the revisions that they take."""


def write(group: Sequence[Changeset], connection: sqlite3.Connection) -> Revision:
    """Write changesets of one workspace that touch different rows in the transaction that is open.

    Each takes the next revision; the last one is returned.

    Raises:
        ConcurrentUpdate: if a changed or guarded task or record has another revision now.
        UidTaken: if an added task has the uid of another one.
    """
    workspace = group[0].workspace
    last = _take_revisions(group, connection)
    for changes in group:
        for task_id, read_at in changes.guarded.items():
            _check(connection, TASK_REVISION.sql, (workspace, task_id), read_at, task_id)
        for key, read_at in changes.guarded_records.items():
            _check(connection, RECORD_REVISION.sql, (workspace, *key), read_at)
    numbered = list(enumerate(group, start=last - len(group) + 1))
    _add_tasks(numbered, connection)
    _change_tasks(numbered, connection)
    _write_records(numbered, connection)
    ADD_HISTORY.write(
        connection,
        [(workspace, *entry_to_row(entry), revision) for revision, changes in numbered for entry in changes.history],
    )
    return last


def _take_revisions(group: Sequence[Changeset], connection: sqlite3.Connection) -> Revision:
    times = CommitTimes.of([entry for changes in group for entry in changes.history])
    values = {
        "in_workspace": group[0].workspace,
        "units": len(group),
        "earliest": times.earliest,
        "latest": times.latest,
        "set_back": times.set_back,
    }
    taken = connection.execute(TAKE_REVISIONS.sql, TAKE_REVISIONS.arguments(values)).fetchone()
    if taken is None:  # there is nothing in this workspace yet: a record needs no id from it
        connection.execute(BEGIN_WORKSPACE.sql, BEGIN_WORKSPACE.arguments(values))
    last: Revision = taken[0] if taken else len(group)
    return last


def _add_tasks(numbered: _Numbered, connection: sqlite3.Connection) -> None:
    rows = [
        (
            changes.workspace,
            *task_to_row(changes.workspace, task, changes.documents, words_text),
            revision,
        )
        for revision, changes in numbered
        for task in changes.added
    ]
    if not rows:
        return
    try:
        last = ADD_TASKS.write(connection, rows)[-1].lastrowid or 0  # for its type, it can be None
    except sqlite3.IntegrityError as error:
        added = [task for _, changes in numbered for task in changes.added]
        taken = _taken_uid(added, numbered[0][1].workspace, connection)
        raise (error if taken is None else UidTaken(taken)) from error
    # There is no other writer, so new rows have consecutive numbers up to the last one.
    first = last - len(rows) + 1
    connection.executemany(ADD_WORDS, [(first + place, row[_NEW_WORDS]) for place, row in enumerate(rows)])


def _change_tasks(numbered: _Numbered, connection: sqlite3.Connection) -> None:
    kinds: defaultdict[Kept, list[Sequence[Any]]] = defaultdict(list)
    for revision, changes in numbered:
        for task in changes.changed:
            before = changes.before.get(task.id)
            keeping = NOTHING if before is None else kept(before, task)
            row = task_to_row(changes.workspace, task, changes.documents, None if keeping.words else words_text)
            _, places = change_of_tasks(keeping)
            kinds[keeping].append((*[row[place] for place in places], revision, task.id, task.revision))
    for keeping, rows in kinds.items():
        statement, _ = change_of_tasks(keeping)
        _write_all(statement, connection, rows, numbered)


def _write_records(numbered: _Numbered, connection: sqlite3.Connection) -> None:
    new: list[Sequence[Any]] = []
    changed: list[Sequence[Any]] = []
    for revision, changes in numbered:
        for record in changes.records:
            *row, read_at = record_to_row(record)
            if read_at:
                changed.append((*row, revision, *record.found_by, read_at))
            else:
                new.append((changes.workspace, *row, revision))
    if changed:
        _write_all(CHANGE_RECORDS, connection, changed, numbered)
    if not new:
        return
    try:
        ADD_RECORDS.write(connection, new)
    except sqlite3.IntegrityError as error:
        raise ConcurrentUpdate from error


def _write_all(
    statement: BulkStatement, connection: sqlite3.Connection, rows: Sequence[Sequence[Any]], numbered: _Numbered
) -> None:
    workspace = numbered[0][1].workspace
    if sum([cursor.rowcount for cursor in statement.write(connection, rows, workspace)]) != len(rows):
        raise ConcurrentUpdate


def _taken_uid(added: Sequence[Task], workspace: WorkspaceId, connection: sqlite3.Connection) -> Uid | None:
    """Return the uid of the first of the tasks that cannot be added because another one has it."""
    tasks = {task.uid: task.id for task in reversed(added)}
    arguments = FIND_UIDS.arguments({"in_workspace": workspace, "uids": json.dumps([*tasks])})
    holders = tasks | dict(connection.execute(FIND_UIDS.sql, arguments).fetchall())
    return next((task.uid for task in added if holders[task.uid] != task.id), None)


def _check(
    connection: sqlite3.Connection, ask: str, where: tuple[Any, ...], read_at: Revision, task_id: TaskId | None = None
) -> None:
    row = connection.execute(ask, where).fetchone()
    if row is None or row[0] != read_at:
        raise ConcurrentUpdate(task_id)
