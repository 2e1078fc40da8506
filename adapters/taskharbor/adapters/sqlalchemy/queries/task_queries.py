"""The statements that read, the same for both databases but for what `Dialect` differences they are given."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    BigInteger,
    BindParameter,
    ColumnElement,
    FromClause,
    Select,
    String,
    Text,
    bindparam,
    literal_column,
    select,
    tuple_,
)

from taskharbor.adapters.sqlalchemy.rows.record_rows import ENTRY_COLUMNS, RECORD_COLUMNS
from taskharbor.adapters.sqlalchemy.rows.task_rows import LOADED_COLUMNS
from taskharbor.adapters.sqlalchemy.statement import integer_parameter
from taskharbor.adapters.sqlalchemy.tables import history, records, tasks

Statements = Select[*tuple[Any, ...]]

# Named apart from the columns, as SQLite's dialect does not distinguish the two in an UPDATE.
WORKSPACE: BindParameter[str] = bindparam("in_workspace", type_=String)


def load_tasks(ids: ColumnElement[bool]) -> Statements:
    """Read `LOADED_COLUMNS` of the tasks for which `ids` holds. Parameters: `in_workspace` and those of `ids`."""
    return select(*LOADED_COLUMNS).where(tasks.c.workspace == WORKSPACE, ids)


def find_uids(uids: ColumnElement[bool]) -> Statements:
    """Read uid and id of the tasks for which `uids` holds. Parameters: `in_workspace` and those of `uids`."""
    return select(tasks.c.uid, tasks.c.id).where(tasks.c.workspace == WORKSPACE, uids)


def get_tasks(blocked: ColumnElement[bool], ids: ColumnElement[bool]) -> Statements:
    """Read the id, then what `view_from_row` wants, of live tasks for which `ids` holds.

    Parameters: `in_workspace` and those of `ids`.
    """
    return select(tasks.c.id, tasks.c.document, tasks.c.revision, blocked.label("blocked")).where(
        tasks.c.workspace == WORKSPACE, ids, tasks.c.deleted.is_(None)
    )


def shown(blocked: ColumnElement[bool]) -> tuple[ColumnElement[Any], ...]:
    """Return the columns of which the JSON of a live task is made: see `json_page`."""
    return tasks.c.document, tasks.c.revision, blocked.label("blocked"), tasks.c.claimed_until


def list_tasks(
    blocked: ColumnElement[bool],
    *,
    at_most: int | None = None,
    after: ColumnElement[int] | None = None,
    skip: ColumnElement[int] | None = None,
    finds_first: bool = False,
) -> Statements:
    """Read what is `shown` of live tasks.

    Parameters: `in_workspace`; unless they are given, `after` and `at_most`; those of `skip`.

    Args:
        blocked: whether a task is blocked.
        at_most: how many.
        after: all of them have a greater id.
        skip: how many are left out.
        finds_first: whether the first one behind these is found before any is read, for a database that reads what it
            leaves out.
    """
    before = integer_parameter("after") if after is None else after
    page = _live(select(*shown(blocked)), before).limit(
        integer_parameter("at_most") if at_most is None else literal_column(str(at_most), BigInteger)
    )
    if skip is None:
        return page
    if not finds_first:
        return page.offset(skip)
    ids = tasks.alias("passed_over")
    first = _live(select(ids.c.id), before, ids).limit(literal_column("1", BigInteger)).offset(skip)
    return page.where(tasks.c.id >= first.scalar_subquery())


def _live(found: Statements, after: ColumnElement[int], of: FromClause = tasks) -> Statements:
    """Return the live ones behind an id, in their order. Parameters: `in_workspace`, those of `after`."""
    return found.where(of.c.workspace == WORKSPACE, of.c.id > after, of.c.deleted.is_(None)).order_by(of.c.id)


def list_changed(
    blocked: ColumnElement[bool],
    *,
    at_most: int | None = None,
    place: Callable[[BindParameter[int]], ColumnElement[int]] = lambda parameter: parameter,
) -> Statements:
    """Read what `json_changes_page` wants of tasks, deleted ones too, in order of revision and id.

    Parameters: `in_workspace`, `after_revision`, `after_id`; unless it is given, `at_most`. Those of the place after
    which they are stand in the statement as `place` makes of them.
    """
    position = tuple_(place(integer_parameter("after_revision")), place(integer_parameter("after_id")))
    return (
        select(
            *shown(blocked),
            tasks.c.deleted,
            tasks.c.id,
            tasks.c.uid,
        )
        .where(tasks.c.workspace == WORKSPACE, tuple_(tasks.c.revision, tasks.c.id) > position)
        .order_by(tasks.c.revision, tasks.c.id)
        .limit(integer_parameter("at_most") if at_most is None else literal_column(str(at_most), BigInteger))
    )


def list_records() -> Statements:
    """Read `RECORD_COLUMNS` of a kind. Parameters: `in_workspace`, `of_kind`, `after`, `at_most`."""
    return (
        select(*RECORD_COLUMNS)
        .where(
            records.c.workspace == WORKSPACE,
            records.c.kind == bindparam("of_kind", type_=String),
            records.c.key > bindparam("after", type_=Text),
            records.c.document.is_not(None),
        )
        .order_by(records.c.key)
        .limit(integer_parameter("at_most"))
    )


def list_history() -> Statements:
    """Read `ENTRY_COLUMNS` of a task. Parameters: `in_workspace`, `of_id`, `before`, `at_most`."""
    return (
        select(*ENTRY_COLUMNS)
        .where(
            history.c.workspace == WORKSPACE,
            history.c.task_id == integer_parameter("of_id"),
            history.c.revision < integer_parameter("before"),
        )
        .order_by(history.c.revision.desc())
        .limit(integer_parameter("at_most"))
    )


def list_commit() -> Statements:
    """Read `ENTRY_COLUMNS` of a commit. Parameters: `in_workspace`, `of_revision`."""
    return (
        select(*ENTRY_COLUMNS)
        .where(history.c.workspace == WORKSPACE, history.c.revision == integer_parameter("of_revision"))
        .order_by(history.c.task_id)
    )
