"""One statement that is a whole commit: one round trip, one transaction, nothing to clean up if it fails."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Self

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
    column,
    func,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import Insert

from taskharbor.adapters.sqlalchemy.commits.commit_times import LATEST, SET_BACK, CommitTimes, times_taken
from taskharbor.adapters.sqlalchemy.postgres.array_rows import ArrayRows, expect_few_rows, value_of, words_text
from taskharbor.adapters.sqlalchemy.postgres.dialect import DIALECT
from taskharbor.adapters.sqlalchemy.rows.record_rows import (
    HISTORY_COLUMNS,
    RECORD_COLUMNS,
    entry_to_row,
    record_to_row,
)
from taskharbor.adapters.sqlalchemy.rows.task_rows import WRITTEN_COLUMNS, task_to_row
from taskharbor.adapters.sqlalchemy.statement import Statement
from taskharbor.adapters.sqlalchemy.tables import history, records, tasks, workspaces
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.store_kit.search_tokens import same_tokens
from taskharbor.domain.tasks.task import Task

_WORKSPACE = bindparam("workspace", type_=String)

_UNITS = bindparam("units", type_=BigInteger)

_TAKEN: Final = {"revision": workspaces.c.revision + _UNITS, **times_taken(func.greatest)}

_TAKE: Final = update(workspaces).where(workspaces.c.id == _WORKSPACE).values(_TAKEN)

_STEP: Final = column("step", BigInteger)
"""Which of the revisions taken a row gets: 0 is the last one, -1 the one before."""

_READ_AT: Final = column("read_at", BigInteger)
"""The revision at which a row was read."""

_RECORD_KEY: Final = (records.c.kind, records.c.key)


_ADDED: Final = ArrayRows("added", (*WRITTEN_COLUMNS, _STEP))
_CHANGED: Final = ArrayRows("changed", (*WRITTEN_COLUMNS, _STEP, _READ_AT))
_GUARDED: Final = ArrayRows("guarded", (tasks.c.id, _READ_AT))
_NEW_RECORDS: Final = ArrayRows("new_records", (*RECORD_COLUMNS[:-1], _STEP))
_CHANGED_RECORDS: Final = ArrayRows("changed_records", (*RECORD_COLUMNS[:-1], _STEP, _READ_AT))
_GUARDED_RECORDS: Final = ArrayRows("guarded_records", (*_RECORD_KEY, _READ_AT))
_HISTORY: Final = ArrayRows("history", (*HISTORY_COLUMNS, _STEP))


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Which kinds of rows a commit has."""

    added: bool
    changed: bool
    guarded: bool
    new_records: bool
    changed_records: bool
    guarded_records: bool
    history: bool

    @classmethod
    def of(cls, group: Iterable[Changeset]) -> Self:
        """Return which kinds of rows the changesets have together."""
        group = list(group)
        return cls(
            added=any(changes.added for changes in group),
            changed=any(changes.changed for changes in group),
            guarded=any(changes.guarded for changes in group),
            new_records=any(not record.revision for changes in group for record in changes.records),
            changed_records=any(record.revision for changes in group for record in changes.records),
            guarded_records=any(changes.guarded_records for changes in group),
            history=any(changes.history for changes in group),
        )


@cache
def commit_statement(parts: Parts) -> Statement:
    """Return the statement for changesets of one workspace that together have these parts.

    It takes the workspace's next `units` revisions, writes every row with its own, and answers the last. The first
    step locks the workspace's row, so commits of one workspace queue here. The statement's snapshot was taken
    *before* it waited in that queue; therefore what was changed and guarded is reached by an UPDATE and a locking
    SELECT, which look at the newest committed version of a row again after the wait. If one of them no longer has
    the revision that was read, the division by zero at the end undoes the whole statement, the taken revisions
    included.

    Parameters: those that `commit_arguments` makes.
    """
    taken = (_begin_or_take() if parts.new_records else _TAKE).returning(workspaces.c.revision).cte("taken")
    matched: list[ColumnElement[int]] = []
    if parts.changed:
        matched.append(_change(_CHANGED, tasks, (tasks.c.id,), WRITTEN_COLUMNS, taken))
    if parts.guarded:
        matched.append(_guard(_GUARDED, tasks, (tasks.c.id,), taken))
    if parts.changed_records:
        matched.append(_change(_CHANGED_RECORDS, records, _RECORD_KEY, RECORD_COLUMNS[:-1], taken))
    if parts.guarded_records:
        matched.append(_guard(_GUARDED_RECORDS, records, _RECORD_KEY, taken))
    answer: Select[Any] = select(taken.c.revision)
    if matched:
        all_match = sum(matched[1:], start=matched[0]) == bindparam("expected", type_=BigInteger)
        one_or_zero = case((all_match, literal_column("1", Integer)), else_=literal_column("0", Integer))
        answer = select(taken.c.revision // one_or_zero)
    if parts.added:
        answer = answer.add_cte(_add(_ADDED, tasks, WRITTEN_COLUMNS, taken))
    if parts.new_records:
        answer = answer.add_cte(_add(_NEW_RECORDS, records, RECORD_COLUMNS[:-1], taken))
    if parts.history:
        answer = answer.add_cte(_add(_HISTORY, history, HISTORY_COLUMNS, taken))
    return Statement(answer, DIALECT)


def commit_arguments(group: Sequence[Changeset]) -> dict[str, Any]:
    """Return the parameters with which `commit_statement` writes `group`, whose changesets touch different rows."""
    workspace = group[0].workspace
    added: list[Sequence[Any]] = []
    changed: list[Sequence[Any]] = []
    guarded: list[Sequence[Any]] = []
    new_records: list[Sequence[Any]] = []
    changed_records: list[Sequence[Any]] = []
    guarded_records: list[Sequence[Any]] = []
    entries: list[Sequence[Any]] = []
    for step, changes in enumerate(group, start=1 - len(group)):
        added += [(*_row(changes, task), step) for task in changes.added]
        changed += [(*_row(changes, task), step, task.revision) for task in changes.changed]
        guarded += changes.guarded.items()
        for record in changes.records:
            *row, read_at = record_to_row(record)
            if read_at:
                changed_records.append((*row, step, read_at))
            else:
                new_records.append((*row, step))
        guarded_records += [(*key, revision) for key, revision in changes.guarded_records.items()]
        entries += [(*entry_to_row(entry), step) for entry in changes.history]
    expected = len(changed) + len(guarded) + len(changed_records) + len(guarded_records)
    times = CommitTimes.of([entry for changes in group for entry in changes.history])
    return {
        "workspace": workspace,
        "units": len(group),
        "earliest": times.earliest,
        "latest": times.latest,
        "set_back": times.set_back,
        **_ADDED.arguments(added),
        **_CHANGED.arguments(changed),
        **_GUARDED.arguments(guarded),
        **_NEW_RECORDS.arguments(new_records),
        **_CHANGED_RECORDS.arguments(changed_records),
        **_GUARDED_RECORDS.arguments(guarded_records),
        **_HISTORY.arguments(entries),
        "expected": expected,
        "expect_few_rows": expected,
    }


def _begin_or_take() -> Insert:
    """Take revisions of a workspace in which there may be nothing yet, since a record needs no id from it."""
    first = Insert(workspaces).values(
        id=_WORKSPACE, revision=_UNITS, next_task_id=literal_column("1"), latest_at=LATEST, set_back=SET_BACK
    )
    return first.on_conflict_do_update(index_elements=["id"], set_=_TAKEN)


def _row(changes: Changeset, task: Task) -> Sequence[Any]:
    before = changes.before.get(task.id)
    keeps = before is not None and same_tokens(before, task)
    return task_to_row(changes.workspace, task, changes.document_of(task), None if keeps else words_text)


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
