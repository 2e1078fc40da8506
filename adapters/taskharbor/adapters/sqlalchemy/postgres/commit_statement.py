"""One statement that is a whole commit, unless it is long: one round trip, nothing to clean up if it fails."""

import asyncio
from collections.abc import Sequence
from functools import cache
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    String,
    Table,
    bindparam,
    case,
    func,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import Insert

from taskharbor.adapters.sqlalchemy.commits.commit_groups import MAX_UNITS
from taskharbor.adapters.sqlalchemy.commits.commit_times import LATEST, SET_BACK, times_taken
from taskharbor.adapters.sqlalchemy.postgres.array_rows import ArrayRows, expect_few_rows, value_of
from taskharbor.adapters.sqlalchemy.postgres.commit_rows import (
    ADDED,
    CHANGED,
    CHANGED_RECORDS,
    GUARDED,
    GUARDED_RECORDS,
    HISTORY,
    NEW_RECORDS,
    RECORD_KEY,
    CommitRows,
    Parts,
)
from taskharbor.adapters.sqlalchemy.postgres.dialect import DIALECT
from taskharbor.adapters.sqlalchemy.rows.record_rows import HISTORY_COLUMNS, RECORD_COLUMNS
from taskharbor.adapters.sqlalchemy.rows.task_rows import WRITTEN_COLUMNS
from taskharbor.adapters.sqlalchemy.statement import Statement
from taskharbor.adapters.sqlalchemy.tables import history, records, tasks, workspaces
from taskharbor.application.documents.task_document import document_of
from taskharbor.application.ports.task_store import Changeset

Sendable: TypeAlias = tuple[str, tuple[Any, ...]]
"""A statement and its parameters, as the driver takes them."""

AT_ONCE: Final = 20_000
"""Characters of documents of which rows are made on the event loop: with all their words, that takes 0.3 ms. What is
handed to a thread waits for Python's lock: of 16 creates, whose rows take 0.15 ms, a sixth of the CPU was that."""

_WORKSPACE = bindparam("workspace", type_=String)

_UNITS = bindparam("units", type_=BigInteger)

_TAKEN: Final = {"revision": workspaces.c.revision + _UNITS, **times_taken(func.greatest)}

_TAKE: Final = update(workspaces).where(workspaces.c.id == _WORKSPACE).values(_TAKEN)


async def statements_of(group: Sequence[Changeset]) -> list[Sendable]:
    """Return what writes changesets of one workspace, which touch different rows: one statement.

    Only what is long has several, to be sent in one transaction: the driver would encode it at a stretch.
    """
    if _is_short(group):
        rows = CommitRows.of(group)
        if rows.is_short:
            return [_sendable(rows, is_first=True)]
        return _in_pieces(rows)
    return await asyncio.to_thread(lambda: _in_pieces(CommitRows.of(group)))


def _is_short(group: Sequence[Changeset]) -> bool:
    if sum([len(changes.added) + len(changes.changed) for changes in group]) > MAX_UNITS:
        return False
    tasks = [(changes, task) for changes in group for task in (*changes.added, *changes.changed)]
    return sum([len(document_of(task, changes.documents)) for changes, task in tasks]) <= AT_ONCE


def _in_pieces(rows: CommitRows) -> list[Sendable]:
    return [_sendable(piece, is_first=number == 0) for number, piece in enumerate(rows.pieces())]


def _sendable(rows: CommitRows, *, is_first: bool) -> Sendable:
    statement = commit_statement(rows.parts, is_first=is_first)
    return statement.sql, statement.arguments(rows.arguments)


@cache
def commit_statement(parts: Parts, *, is_first: bool = True) -> Statement:
    """Return the statement that writes rows of changesets of one workspace, of these kinds.

    It takes the workspace's next `units` revisions, writes every row with its own, and answers the last. The first
    step locks the workspace's row, so commits of one workspace queue here. The statement's snapshot was taken
    *before* it waited in that queue; therefore what was changed and guarded is reached by an UPDATE and a locking
    SELECT, which look at the newest committed version of a row again after the wait. If one of them no longer has
    the revision that was read, the division by zero at the end undoes the whole statement, the taken revisions
    included.

    Of a commit that is sent in pieces, in one transaction, the first one does this. The others find the revision taken.

    Parameters: `CommitRows.arguments`.
    """
    if is_first:
        taken = (_begin_or_take() if "new_records" in parts else _TAKE).returning(workspaces.c.revision).cte("taken")
    else:
        taken = select(workspaces.c.revision).where(workspaces.c.id == _WORKSPACE).cte("taken")
    matched: list[ColumnElement[int]] = []
    if "changed" in parts:
        matched.append(_change(CHANGED, tasks, (tasks.c.id,), WRITTEN_COLUMNS, taken))
    if "guarded" in parts:
        matched.append(_guard(GUARDED, tasks, (tasks.c.id,), taken))
    if "changed_records" in parts:
        matched.append(_change(CHANGED_RECORDS, records, RECORD_KEY, RECORD_COLUMNS[:-1], taken))
    if "guarded_records" in parts:
        matched.append(_guard(GUARDED_RECORDS, records, RECORD_KEY, taken))
    answer: Select[Any] = select(taken.c.revision)
    if matched:
        all_match = sum(matched[1:], start=matched[0]) == bindparam("expected", type_=BigInteger)
        one_or_zero = case((all_match, literal_column("1", Integer)), else_=literal_column("0", Integer))
        answer = select(taken.c.revision // one_or_zero)
    if "added" in parts:
        answer = answer.add_cte(_add(ADDED, tasks, WRITTEN_COLUMNS, taken))
    if "new_records" in parts:
        answer = answer.add_cte(_add(NEW_RECORDS, records, RECORD_COLUMNS[:-1], taken))
    if "history" in parts:
        answer = answer.add_cte(_add(HISTORY, history, HISTORY_COLUMNS, taken))
    return Statement(answer, DIALECT)


def _begin_or_take() -> Insert:
    """Take revisions of a workspace in which there may be nothing yet, since a record needs no id from it."""
    first = Insert(workspaces).values(
        id=_WORKSPACE, revision=_UNITS, next_task_id=literal_column("1"), latest_at=LATEST, set_back=SET_BACK
    )
    return first.on_conflict_do_update(index_elements=["id"], set_=_TAKEN)


def _add(added: ArrayRows, table: Table, columns: Sequence[ColumnElement[Any]], taken: FromClause) -> CTE:
    new = added.table().render_derived()
    row = {"workspace": _WORKSPACE, **_values(new, columns), "revision": taken.c.revision + new.c.step}
    return insert(table).from_select(list(row), select(*row.values()).select_from(new, taken)).cte(f"{added.name}_now")


def _change(
    changed: ArrayRows,
    table: Table,
    key: Sequence[ColumnElement[Any]],
    columns: Sequence[ColumnElement[Any]],
    taken: FromClause,
) -> ColumnElement[int]:
    """Change the rows; return how many still had the revision at which they were read."""
    to_be = expect_few_rows(changed.table(), f"{changed.name}_few")
    values = _values(to_be, [c for c in columns if c not in set(key)])
    if "words" in values:
        values["words"] = func.coalesce(values["words"], table.c.words)  # none came if they stay as they are
    written = (
        update(table)
        .where(*_same_version(table, key, to_be))
        .values({**values, "revision": taken.c.revision + to_be.c.step})
        .returning(table.c.revision)
        .cte(f"{changed.name}_now")
    )
    return select(func.count()).select_from(written).scalar_subquery()


def _guard(
    guarded: ArrayRows, table: Table, key: Sequence[ColumnElement[Any]], taken: FromClause
) -> ColumnElement[int]:
    """Lock the rows; return how many still have the revision at which they were read."""
    read = expect_few_rows(guarded.table(), f"{guarded.name}_few")
    locked = (
        select(table.c.revision)
        .select_from(table, taken, read)
        .where(*_same_version(table, key, read))
        .with_for_update(read=True, of=table)
        .cte(f"{guarded.name}_now")
    )
    return select(func.count()).select_from(locked).scalar_subquery()


def _same_version(table: Table, key: Sequence[ColumnElement[Any]], read: FromClause) -> tuple[ColumnElement[bool], ...]:
    same_key = [table.c[str(c.key)] == read.c[str(c.key)] for c in key]
    return table.c.workspace == _WORKSPACE, *same_key, table.c.revision == read.c.read_at


def _values(rows: FromClause, columns: Sequence[ColumnElement[Any]]) -> dict[str, ColumnElement[Any]]:
    return {str(c.key): value_of(rows, str(c.key)) for c in columns}
