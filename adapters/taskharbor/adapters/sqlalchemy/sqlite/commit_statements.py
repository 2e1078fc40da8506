"""The statements of a commit in SQLite."""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import Table, bindparam, func, insert, literal_column, select, update
from sqlalchemy.sql import ColumnElement

from taskharbor.adapters.sqlalchemy.commits.commit_times import LATEST, SET_BACK, times_taken
from taskharbor.adapters.sqlalchemy.queries import task_queries as reads
from taskharbor.adapters.sqlalchemy.rows.record_rows import HISTORY_COLUMNS, RECORD_COLUMNS
from taskharbor.adapters.sqlalchemy.rows.task_rows import WRITTEN_COLUMNS
from taskharbor.adapters.sqlalchemy.sqlite.bulk_statement import BulkStatement
from taskharbor.adapters.sqlalchemy.sqlite.dialect import DIALECT
from taskharbor.adapters.sqlalchemy.sqlite.kept_columns import Kept
from taskharbor.adapters.sqlalchemy.statement import Statement
from taskharbor.adapters.sqlalchemy.tables import history, records, tasks, workspaces

Columns = Sequence[ColumnElement[Any]]

_RECORD_KEY: Final = (records.c.kind, records.c.key)


def _insert(table: Table, columns: Columns) -> BulkStatement:
    """Add rows. Each is the workspace, `columns` and the revision."""

    def made() -> tuple[str, str]:
        names = [DIALECT.identifier_preparer.quote(name) for name in ("workspace", *_names(columns), "revision")]
        row = f"({', '.join('?' * len(names))})"
        # SQLAlchemy's own would have the columns in the order in which migrations have added them to the table.
        return f"INSERT INTO {table.name} ({', '.join(names)}) VALUES {row}", row  # noqa: S608

    return BulkStatement(made, between=", ")


def _update(table: Table, columns: Columns, key: Columns) -> BulkStatement:
    """Change rows. Each is `columns`, the new revision, `key` and the revision that was read; once: the workspace."""

    def made() -> tuple[str, str]:
        names, key_names = (*_names(columns), "revision"), _names(key)
        fields = [*(f"new_{name}" for name in names), *(f"of_{name}" for name in key_names), "read_at"]
        values: list[ColumnElement[Any]] = [bindparam(field).label(field) for field in fields]
        row = select(*values)
        to_be = row.subquery("to_be")
        same_key = [table.c[name] == to_be.c[f"of_{name}"] for name in key_names]
        statement = (
            update(table)
            .where(table.c.workspace == bindparam("of_workspace"), *same_key, table.c.revision == to_be.c.read_at)
            .ordered_values(*((table.c[name], to_be.c[f"new_{name}"]) for name in names))
        )
        return Statement(statement, DIALECT).sql, Statement(row, DIALECT).sql

    return BulkStatement(made, between=" UNION ALL ")


@cache
def change_of_tasks(keeping: Kept) -> tuple[BulkStatement, list[int]]:
    """Return the statement that changes tasks but for some columns, and the places of those that it changes."""
    kept = {"id"} | keeping.columns
    places = [place for place, column in enumerate(WRITTEN_COLUMNS) if column.name not in kept]
    return _update(tasks, [WRITTEN_COLUMNS[place] for place in places], [tasks.c.id]), places


def _revision_of(table: Table, key: Columns) -> Statement:
    """Ask for a row's revision. Parameters in order: the workspace, `key`."""
    conditions = [c == bindparam(f"of_{c.key}") for c in (table.c.workspace, *key)]
    return Statement(select(table.c.revision).where(*conditions), DIALECT)


def _names(columns: Columns) -> tuple[str, ...]:
    return tuple([str(column.key) for column in columns])


TAKE_REVISIONS: Final = Statement(
    update(workspaces)
    .where(workspaces.c.id == bindparam("in_workspace"))
    .values(revision=workspaces.c.revision + bindparam("units"), **times_taken(func.max))
    .returning(workspaces.c.revision),
    DIALECT,
)
BEGIN_WORKSPACE: Final = Statement(
    insert(workspaces).values(
        id=bindparam("in_workspace"),
        revision=bindparam("units"),
        next_task_id=literal_column("1"),
        latest_at=LATEST,
        set_back=SET_BACK,
    ),
    DIALECT,
)
_UIDS = func.json_each(bindparam("uids")).table_valued("value", name="uids")
FIND_UIDS: Final = Statement(reads.find_uids(tasks.c.uid.in_(select(_UIDS.c.value))), DIALECT)
ADD_TASKS: Final = _insert(tasks, WRITTEN_COLUMNS)
TASK_REVISION: Final = _revision_of(tasks, [tasks.c.id])
ADD_RECORDS: Final = _insert(records, RECORD_COLUMNS[:-1])
CHANGE_RECORDS: Final = _update(records, RECORD_COLUMNS[:-1], _RECORD_KEY)
RECORD_REVISION: Final = _revision_of(records, _RECORD_KEY)
ADD_HISTORY: Final = _insert(history, HISTORY_COLUMNS)
