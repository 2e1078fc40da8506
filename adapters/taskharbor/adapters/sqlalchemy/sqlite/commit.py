"""A commit, as the writer's thread carries it out."""

import sqlite3

from sqlalchemy import String, bindparam, insert, literal_column, select, update
from sqlalchemy.dialects.sqlite import dialect

from taskharbor.adapters.sqlalchemy.rows import TASK_COLUMNS, TaskRows
from taskharbor.adapters.sqlalchemy.statement import Statement
from taskharbor.adapters.sqlalchemy.tables import tasks, workspaces
from taskharbor.application.errors import ConcurrentUpdate, UidTaken
from taskharbor.application.ports.task_store import Changeset
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.domain.task import Task

_DIALECT = dialect()
_WORKSPACE = bindparam("in_workspace", type_=String)

_TAKE_REVISION = Statement(
    update(workspaces)
    .where(workspaces.c.id == _WORKSPACE)
    .values(revision=workspaces.c.revision + literal_column("1"))
    .returning(workspaces.c.revision),
    _DIALECT,
)
_ADD = Statement(insert(tasks).values({c.name: bindparam(f"new_{c.name}") for c in tasks.c}), _DIALECT)
_CHANGE = Statement(
    update(tasks)
    .where(tasks.c.workspace == _WORKSPACE, tasks.c.id == bindparam("of_id"), tasks.c.revision == bindparam("read_at"))
    .values({c.name: bindparam(f"new_{c.name}") for c in TASK_COLUMNS}),
    _DIALECT,
)
_REVISION = Statement(
    select(tasks.c.revision).where(tasks.c.workspace == _WORKSPACE, tasks.c.id == bindparam("of_id")), _DIALECT
)


def write(changes: Changeset, connection: sqlite3.Connection, rows: TaskRows) -> Revision:
    """Write `changes` in the transaction that is open; return the revision that they took.

    Raises:
        ConcurrentUpdate: if a changed or guarded task has another revision now.
        UidTaken: if an added task has the uid of another one.
    """
    where = {"in_workspace": changes.workspace}
    taken = connection.execute(_TAKE_REVISION.sql, _TAKE_REVISION.arguments(where)).fetchone()
    if taken is None:
        raise ConcurrentUpdate  # the workspace does not exist, so neither does what was read in it
    revision: Revision = taken[0]
    for task_id, read_at in changes.guarded.items():
        _check(connection, changes, task_id, read_at)
    for task in changes.added:
        try:
            connection.execute(_ADD.sql, _ADD.arguments(_new(changes, task, rows, revision)))
        except sqlite3.IntegrityError as error:
            raise (UidTaken(task.uid) if "tasks.uid" in str(error) else error) from error
    for task in changes.changed:
        values = {**where, "of_id": task.id, "read_at": task.revision, **_new(changes, task, rows, revision)}
        if connection.execute(_CHANGE.sql, _CHANGE.arguments(values)).rowcount != 1:
            raise ConcurrentUpdate(task.id)
    return revision


def _new(changes: Changeset, task: Task, rows: TaskRows, revision: Revision) -> dict[str, object]:
    values = {f"new_{c.name}": value for c, value in zip(TASK_COLUMNS, rows.task_to_row(task), strict=True)}
    return {**values, "new_workspace": changes.workspace, "new_revision": revision}


def _check(connection: sqlite3.Connection, changes: Changeset, task_id: TaskId, read_at: Revision) -> None:
    values = {"in_workspace": changes.workspace, "of_id": task_id}
    row = connection.execute(_REVISION.sql, _REVISION.arguments(values)).fetchone()
    if row is None or row[0] != read_at:
        raise ConcurrentUpdate(task_id)
