"""One statement that is a whole commit: one round trip, one transaction, nothing to clean up if it fails."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Self

from sqlalchemy import (
    ARRAY,
    CTE,
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    String,
    Table,
    TableValuedAlias,
    Text,
    bindparam,
    case,
    cast,
    column,
    func,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import Insert

from taskharbor.adapters.sqlalchemy.commit_times import LATEST, SET_BACK, CommitTimes, times_taken
from taskharbor.adapters.sqlalchemy.postgres.dialect import DIALECT
from taskharbor.adapters.sqlalchemy.postgres.few import few
from taskharbor.adapters.sqlalchemy.record_rows import (
    HISTORY_COLUMNS,
    RECORD_COLUMNS,
    entry_to_row,
    record_to_row,
)
from taskharbor.adapters.sqlalchemy.rows import WRITTEN_COLUMNS, task_to_row
from taskharbor.adapters.sqlalchemy.statement import Statement
from taskharbor.adapters.sqlalchemy.tables import history, records, tasks, workspaces
from taskharbor.application.kept_words import keeps_words
from taskharbor.application.ports.task_store import Changeset
from taskharbor.domain.task import Task

_WORKSPACE = bindparam("workspace", type_=String)

_UNITS = bindparam("units", type_=BigInteger)

_TAKEN: Final = {"revision": workspaces.c.revision + _UNITS, **times_taken(func.greatest)}

_TAKE: Final = update(workspaces).where(workspaces.c.id == _WORKSPACE).values(_TAKEN)

_STEP: Final = column("step", BigInteger)
"""Which of the revisions taken a row gets: 0 is the last one, -1 the one before."""

_READ_AT: Final = column("read_at", BigInteger)
"""The revision at which a row was read."""

_RECORD_KEY: Final = (records.c.kind, records.c.key)

_FROM_TEXT: Final[dict[str, Callable[[ColumnElement[Any]], ColumnElement[Any]]]] = {
    # An array of arrays cannot be unnested one by one, so these travel as text.
    "depends_on": lambda text: cast(func.string_to_array(text, literal_column("','")), ARRAY(BigInteger)),
    "words": lambda text: func.array_to_tsvector(func.string_to_array(text, literal_column("E'\\x1f'"))),
}


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
        matched.append(_change("changed", tasks, (tasks.c.id,), WRITTEN_COLUMNS, taken))
    if parts.guarded:
        matched.append(_guard("guarded", tasks, (tasks.c.id,), taken))
    if parts.changed_records:
        matched.append(_change("changed_records", records, _RECORD_KEY, RECORD_COLUMNS[:-1], taken))
    if parts.guarded_records:
        matched.append(_guard("guarded_records", records, _RECORD_KEY, taken))
    answer: Select[Any] = select(taken.c.revision)
    if matched:
        all_match = sum(matched[1:], start=matched[0]) == bindparam("expected", type_=BigInteger)
        one_or_zero = case((all_match, literal_column("1", Integer)), else_=literal_column("0", Integer))
        answer = select(taken.c.revision // one_or_zero)
    if parts.added:
        answer = answer.add_cte(_add("added", tasks, WRITTEN_COLUMNS, taken))
    if parts.new_records:
        answer = answer.add_cte(_add("new_records", records, RECORD_COLUMNS[:-1], taken))
    if parts.history:
        answer = answer.add_cte(_add("history", history, HISTORY_COLUMNS, taken))
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
    told: list[Sequence[Any]] = []
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
        told += [(*entry_to_row(entry), step) for entry in changes.history]
    expected = len(changed) + len(guarded) + len(changed_records) + len(guarded_records)
    times = CommitTimes.of(entry for changes in group for entry in changes.history)
    return {
        "workspace": workspace,
        "units": len(group),
        "earliest": times.earliest,
        "latest": times.latest,
        "set_back": times.set_back,
        **_arrays("added", (*WRITTEN_COLUMNS, _STEP), added),
        **_arrays("changed", (*WRITTEN_COLUMNS, _STEP, _READ_AT), changed),
        **_arrays("guarded", (tasks.c.id, _READ_AT), guarded),
        **_arrays("new_records", (*RECORD_COLUMNS[:-1], _STEP), new_records),
        **_arrays("changed_records", (*RECORD_COLUMNS[:-1], _STEP, _READ_AT), changed_records),
        **_arrays("guarded_records", (*_RECORD_KEY, _READ_AT), guarded_records),
        **_arrays("history", (*HISTORY_COLUMNS, _STEP), told),
        "expected": expected,
        "few": expected,
    }


def _begin_or_take() -> Insert:
    """Take revisions of a workspace in which there may be nothing yet, since a record needs no id from it."""
    first = Insert(workspaces).values(
        id=_WORKSPACE, revision=_UNITS, next_task_id=literal_column("1"), latest_at=LATEST, set_back=SET_BACK
    )
    return first.on_conflict_do_update(index_elements=["id"], set_=_TAKEN)


def _row(changes: Changeset, task: Task) -> Sequence[Any]:
    before = changes.before.get(task.id)
    with_words = before is None or not keeps_words(before, task)
    return task_to_row(changes.workspace, task, changes.document_of(task), with_words=with_words)


def _add(name: str, table: Table, columns: Sequence[ColumnElement[Any]], taken: FromClause) -> CTE:
    new = _rows(name, (*columns, _STEP)).render_derived()
    row = {"workspace": _WORKSPACE, **_values(new, columns), "revision": taken.c.revision + new.c.step}
    return insert(table).from_select(list(row), select(*row.values()).select_from(new, taken)).cte(f"{name}_now")


def _change(
    name: str,
    table: Table,
    key: Sequence[ColumnElement[Any]],
    columns: Sequence[ColumnElement[Any]],
    taken: FromClause,
) -> ColumnElement[int]:
    """Change the rows; return how many still had the revision at which they were read."""
    to_be = few(_rows(name, (*columns, _STEP, _READ_AT)), f"{name}_few")
    values = _values(to_be, [c for c in columns if c not in set(key)])
    if "words" in values:
        values["words"] = func.coalesce(values["words"], table.c.words)  # none came if they stay as they are
    changed = (
        update(table)
        .where(*_same_version(table, key, to_be))
        .values({**values, "revision": taken.c.revision + to_be.c.step})
        .returning(table.c.revision)
        .cte(f"{name}_now")
    )
    return select(func.count()).select_from(changed).scalar_subquery()


def _guard(name: str, table: Table, key: Sequence[ColumnElement[Any]], taken: FromClause) -> ColumnElement[int]:
    """Lock the rows; return how many still have the revision at which they were read."""
    read = few(_rows(name, (*key, _READ_AT)), f"{name}_few")
    guarded = (
        select(table.c.revision)
        .select_from(table, taken, read)
        .where(*_same_version(table, key, read))
        .with_for_update(read=True, of=table)
        .cte(f"{name}_now")
    )
    return select(func.count()).select_from(guarded).scalar_subquery()


def _same_version(table: Table, key: Sequence[ColumnElement[Any]], read: FromClause) -> tuple[ColumnElement[bool], ...]:
    same_key = [table.c[str(c.key)] == read.c[str(c.key)] for c in key]
    return table.c.workspace == _WORKSPACE, *same_key, table.c.revision == read.c.read_at


def _values(rows: FromClause, columns: Sequence[ColumnElement[Any]]) -> dict[str, ColumnElement[Any]]:
    names = [str(c.key) for c in columns]
    return {name: _FROM_TEXT[name](rows.c[name]) if name in _FROM_TEXT else rows.c[name] for name in names}


def _rows(name: str, columns: Sequence[ColumnElement[Any]]) -> TableValuedAlias:
    types = [Text() if c.key in _FROM_TEXT or isinstance(c.type, Text) else c.type for c in columns]
    arrays = [bindparam(f"{name}_{c.key}", type_=ARRAY(type_)) for c, type_ in zip(columns, types, strict=True)]
    shaped = [column(str(c.key), type_) for c, type_ in zip(columns, types, strict=True)]
    return func.unnest(*arrays).table_valued(*shaped, name=f"{name}_rows")


def _arrays(
    name: str, columns: Sequence[ColumnElement[Any]], rows: Sequence[Sequence[Any]]
) -> dict[str, Sequence[Any]]:
    return {f"{name}_{c.key}": values for c, values in zip(columns, zip(*rows, strict=True), strict=False)}
