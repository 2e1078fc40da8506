"""A commit, as the writer's thread carries it out."""

import sqlite3
from collections.abc import Collection, Sequence
from operator import attrgetter
from typing import Any

from sqlalchemy import Table, bindparam, func, insert, literal_column, select, update
from sqlalchemy.sql import ColumnElement

from taskharbor.adapters.sqlalchemy.commit_times import LATEST, SET_BACK, CommitTimes, times_taken
from taskharbor.adapters.sqlalchemy.record_rows import (
    HISTORY_COLUMNS,
    RECORD_COLUMNS,
    entry_to_row,
    record_to_row,
)
from taskharbor.adapters.sqlalchemy.rows import WORDS_SEPARATOR, WRITTEN_COLUMNS, task_to_row
from taskharbor.adapters.sqlalchemy.sqlite.dialect import DIALECT
from taskharbor.adapters.sqlalchemy.sqlite.speech import indexed
from taskharbor.adapters.sqlalchemy.sqlite.sqlite_tables import ADD_WORDS
from taskharbor.adapters.sqlalchemy.statement import Statement
from taskharbor.adapters.sqlalchemy.tables import history, records, tasks, workspaces
from taskharbor.application.errors import ConcurrentUpdate, UidTaken
from taskharbor.application.kept_words import keeps_words
from taskharbor.application.ports.task_store import Changeset
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.domain.task import Task

_WORDS = next(place for place, column in enumerate(WRITTEN_COLUMNS) if column.name == "words")
_IN_MANY_INDEXES = frozenset({"uid", "list", "parent", "rank", "due_wall", "due_utc", "due_key"})
_in_many_indexes = attrgetter("uid", "list", "parent", "rank", "due")
_RECORD_KEY = (records.c.kind, records.c.key)


def _insert(table: Table, columns: Sequence[ColumnElement[Any]]) -> str:
    """Add a row. Parameters in order: the workspace, `columns`, the revision."""
    names = ("workspace", *(str(c.key) for c in columns), "revision")
    return Statement(insert(table).values({name: bindparam(f"new_{name}") for name in names}), DIALECT).sql


def _update(table: Table, columns: Sequence[ColumnElement[Any]], key: Sequence[ColumnElement[Any]]) -> str:
    """Change a row. Parameters in order: `columns`, the revision, the workspace, `key`, the revision that was read."""
    names = (*(str(c.key) for c in columns), "revision")
    found_by = [table.c.workspace, *key, table.c.revision]
    return Statement(
        update(table)
        .where(*(c == bindparam(f"of_{c.key}") for c in found_by))
        .ordered_values(*((table.c[name], bindparam(f"new_{name}")) for name in names)),
        DIALECT,
    ).sql


def _change_without(names: Collection[str]) -> tuple[str, list[int]]:
    """Return the statement that changes a task but for these columns, and the places of the others.

    SQLite writes each index anew that has a column which an UPDATE names, be its value the same, and calls triggers.
    """
    places = [place for place, column in enumerate(WRITTEN_COLUMNS) if column.name not in names]
    return _update(tasks, [WRITTEN_COLUMNS[place] for place in places], [tasks.c.id]), places


def _revision_of(table: Table, key: Sequence[ColumnElement[Any]]) -> str:
    """Ask for a row's revision. Parameters in order: the workspace, `key`."""
    conditions = [c == bindparam(f"of_{c.key}") for c in (table.c.workspace, *key)]
    return Statement(select(table.c.revision).where(*conditions), DIALECT).sql


_TAKE_REVISION = Statement(
    update(workspaces)
    .where(workspaces.c.id == bindparam("in_workspace"))
    .values(revision=workspaces.c.revision + literal_column("1"), **times_taken(func.max))
    .returning(workspaces.c.revision),
    DIALECT,
)
_BEGIN = Statement(
    insert(workspaces).values(
        id=bindparam("in_workspace"),
        revision=literal_column("1"),
        next_task_id=literal_column("1"),
        latest_at=LATEST,
        set_back=SET_BACK,
    ),
    DIALECT,
)
_ADD_TASK = _insert(tasks, WRITTEN_COLUMNS)
_CHANGES_OF_TASKS = {
    (stays, keeps): _change_without({"id"} | (_IN_MANY_INDEXES if stays else set()) | ({"words"} if keeps else set()))
    for stays in (True, False)
    for keeps in (True, False)
}
_TASK_REVISION = _revision_of(tasks, [tasks.c.id])
_ADD_RECORD = _insert(records, RECORD_COLUMNS[:-1])
_CHANGE_RECORD = _update(records, RECORD_COLUMNS[:-1], _RECORD_KEY)
_RECORD_REVISION = _revision_of(records, _RECORD_KEY)
_TELL = _insert(history, HISTORY_COLUMNS)


def write(changes: Changeset, connection: sqlite3.Connection) -> Revision:
    """Write `changes` in the transaction that is open; return the revision that they took.

    Raises:
        ConcurrentUpdate: if a changed or guarded task or record has another revision now.
        UidTaken: if an added task has the uid of another one.
    """
    workspace = changes.workspace
    times = CommitTimes.of(changes.history)
    about = {
        "in_workspace": workspace,
        "earliest": times.earliest,
        "latest": times.latest,
        "set_back": times.set_back,
    }
    taken = connection.execute(_TAKE_REVISION.sql, _TAKE_REVISION.arguments(about)).fetchone()
    if taken is None:  # there is nothing in this workspace yet: a record needs no id from it
        connection.execute(_BEGIN.sql, _BEGIN.arguments(about))
    revision: Revision = taken[0] if taken else 1
    for task_id, read_at in changes.guarded.items():
        _check(connection, _TASK_REVISION, (workspace, task_id), read_at, task_id)
    for key, read_at in changes.guarded_records.items():
        _check(connection, _RECORD_REVISION, (workspace, *key), read_at)
    words = []
    for task in changes.added:
        row = _row(changes, task)
        try:
            added = connection.execute(_ADD_TASK, (workspace, *row, revision))
        except sqlite3.IntegrityError as error:
            raise (UidTaken(task.uid) if "tasks.uid" in str(error) else error) from error
        words.append((added.lastrowid, row[_WORDS]))
    connection.executemany(ADD_WORDS, words)
    for task in changes.changed:
        sql, values = _change(changes, task)
        where = (workspace, task.id, task.revision)
        if connection.execute(sql, (*values, revision, *where)).rowcount != 1:
            raise ConcurrentUpdate(task.id)
    _write_records(changes, connection, revision)
    connection.executemany(_TELL, [(workspace, *entry_to_row(entry), revision) for entry in changes.history])
    return revision


def _write_records(changes: Changeset, connection: sqlite3.Connection, revision: Revision) -> None:
    for record in changes.records:
        *row, read_at = record_to_row(record)
        if read_at:
            where = (changes.workspace, *record.found_by, read_at)
            if connection.execute(_CHANGE_RECORD, (*row, revision, *where)).rowcount != 1:
                raise ConcurrentUpdate
        else:
            try:
                connection.execute(_ADD_RECORD, (changes.workspace, *row, revision))
            except sqlite3.IntegrityError as error:
                raise ConcurrentUpdate from error


def _change(changes: Changeset, task: Task) -> tuple[str, list[Any]]:
    """Return the statement for a changed task, and the values that it gets."""
    before = changes.before.get(task.id)
    stays = before is not None and _in_many_indexes(before) == _in_many_indexes(task)
    keeps = before is not None and keeps_words(before, task)
    sql, places = _CHANGES_OF_TASKS[stays, keeps]
    row = _row(changes, task, with_words=not keeps)
    return sql, [row[place] for place in places]


def _row(changes: Changeset, task: Task, *, with_words: bool = True) -> Sequence[Any]:
    row = [*task_to_row(changes.workspace, task, changes.document_of(task), with_words=with_words)]
    words = row[_WORDS]
    row[_WORDS] = " ".join(map(indexed, words.split(WORDS_SEPARATOR))) if words else ""
    return row


def _check(
    connection: sqlite3.Connection, ask: str, where: tuple[Any, ...], read_at: Revision, task_id: TaskId | None = None
) -> None:
    row = connection.execute(ask, where).fetchone()
    if row is None or row[0] != read_at:
        raise ConcurrentUpdate(task_id)
