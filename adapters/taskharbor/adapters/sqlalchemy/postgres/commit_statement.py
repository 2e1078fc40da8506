"""One statement that is a whole commit: one round trip, one transaction, nothing to clean up if it fails."""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Dialect,
    Integer,
    Select,
    String,
    TableValuedAlias,
    bindparam,
    case,
    column,
    func,
    insert,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg

from taskharbor.adapters.sqlalchemy.rows import TASK_COLUMNS, TaskRows
from taskharbor.adapters.sqlalchemy.statement import Statement
from taskharbor.adapters.sqlalchemy.tables import tasks, workspaces
from taskharbor.application.ports.task_store import Changeset

DIALECT: Final[Dialect] = PGDialect_asyncpg()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves its __init__ untyped
_WORKSPACE = bindparam("workspace", type_=String)

_STEP: Final = column("step", BigInteger)
"""Which of the revisions taken a row gets: 0 is the last one, -1 the one before."""


@cache
def commit_statement(*, adds: bool, changes: bool, guards: bool) -> Statement:
    """Return the statement for changesets of one workspace that together have these parts.

    It takes the workspace's next `units` revisions, writes every row with its own, and answers the last. The first
    step locks the workspace's row, so commits of one workspace queue here. The statement's snapshot was taken
    *before* it waited in that queue; therefore changed and guarded tasks are reached by an UPDATE and a locking
    SELECT, which look at the newest committed version of a row again after the wait. If one of them no longer has
    the revision that was read, the division by zero at the end undoes the whole statement, the taken revisions
    included.

    Parameters: those that `commit_arguments` makes.
    """
    taken = (
        update(workspaces)
        .where(workspaces.c.id == _WORKSPACE)
        .values(revision=workspaces.c.revision + bindparam("units", type_=BigInteger))
        .returning(workspaces.c.revision)
        .cte("taken")
    )
    answer: Select[Any] = select(taken.c.revision)
    matched = []
    if changes:
        to_be = _rows("changed", (*TASK_COLUMNS, _STEP))
        values = {c.name: to_be.c[c.name] for c in TASK_COLUMNS if c.name != "id"}
        changed = (
            update(tasks)
            .where(*_same_version(to_be))
            .values({**values, "revision": taken.c.revision + to_be.c.step})
            .returning(tasks.c.id)
            .cte("changed")
        )
        matched.append(select(func.count()).select_from(changed).scalar_subquery())
    if guards:
        read = _rows("guarded", (tasks.c.id, tasks.c.revision))
        guarded = (
            select(tasks.c.id)
            .select_from(tasks, taken, read)
            .where(*_same_version(read))
            .with_for_update(read=True, of=tasks)
            .cte("guarded")
        )
        matched.append(select(func.count()).select_from(guarded).scalar_subquery())
    if matched:
        total = sum(matched[1:], start=matched[0])
        all_match = total == bindparam("expected", type_=BigInteger)
        one_or_zero = case((all_match, literal_column("1", Integer)), else_=literal_column("0", Integer))
        answer = select(taken.c.revision // one_or_zero)
    if adds:
        new = _rows("added", (*TASK_COLUMNS, _STEP))
        values = {c.name: new.c[c.name] for c in TASK_COLUMNS}
        row = {"workspace": _WORKSPACE, **values, "revision": taken.c.revision + new.c.step}
        added = insert(tasks).from_select(list(row), select(*row.values()).select_from(new, taken))
        answer = answer.add_cte(added.cte("added"))
    return Statement(answer, DIALECT)


def commit_arguments(group: Sequence[Changeset], rows: TaskRows) -> dict[str, Any]:
    """Return the parameters with which `commit_statement` writes `group`, whose changesets touch different tasks."""
    added: list[Sequence[Any]] = []
    changed: list[Sequence[Any]] = []
    guarded: list[Sequence[Any]] = []
    for step, changes in enumerate(group, start=1 - len(group)):
        added += [(*rows.task_to_row(task), step) for task in changes.added]
        changed += [(*rows.task_to_row(task), step) for task in changes.changed]
        guarded += changes.guarded.items()
    return {
        "workspace": group[0].workspace,
        "units": len(group),
        **_arrays("added", (*TASK_COLUMNS, _STEP), added),
        **_arrays("changed", (*TASK_COLUMNS, _STEP), changed),
        **_arrays("guarded", (tasks.c.id, tasks.c.revision), guarded),
        "expected": len(changed) + len(guarded),
    }


def _rows(name: str, columns: Sequence[ColumnElement[Any]]) -> TableValuedAlias:
    arrays = [bindparam(f"{name}_{c.key}", type_=ARRAY(c.type)) for c in columns]
    table = func.unnest(*arrays).table_valued(*[column(str(c.key), c.type) for c in columns], name=f"{name}_rows")
    return table.render_derived()


def _arrays(
    name: str, columns: Sequence[ColumnElement[Any]], rows: Sequence[Sequence[Any]]
) -> dict[str, Sequence[Any]]:
    return {f"{name}_{c.key}": values for c, values in zip(columns, zip(*rows, strict=True), strict=False)}


def _same_version(read: TableValuedAlias) -> tuple[ColumnElement[bool], ...]:
    return tasks.c.workspace == _WORKSPACE, tasks.c.id == read.c.id, tasks.c.revision == read.c.revision
