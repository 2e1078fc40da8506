"""The statements that read the history and the trash, but for what differs by dialect."""

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    ScalarSelect,
    Select,
    String,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    select,
    tuple_,
    union_all,
)

from taskharbor.adapters.sqlalchemy.queries.task_queries import WORKSPACE
from taskharbor.adapters.sqlalchemy.rows.record_rows import ENTRY_COLUMNS
from taskharbor.adapters.sqlalchemy.rows.task_rows import LOADED_COLUMNS
from taskharbor.adapters.sqlalchemy.statement import integer_parameter
from taskharbor.adapters.sqlalchemy.tables import history, tasks, workspaces
from taskharbor.domain.identifiers import MAX_ID

Statements = Select[*tuple[Any, ...]]


def list_history_since(ids: ColumnElement[bool]) -> Statements:
    """Read `ENTRY_COLUMNS` of tasks for which `ids` holds. Parameters: `in_workspace`, `after` and those of `ids`."""
    return (
        select(*ENTRY_COLUMNS)
        .where(history.c.workspace == WORKSPACE, ids, history.c.revision > integer_parameter("after"))
        .order_by(history.c.revision.desc())
    )


def find_revision() -> Statements:
    """Read the last revision made by then. Parameters: `in_workspace`, `at`.

    If a commit was made later than `at` by more than the clock was ever set back, all that follow it were made after
    `at`, too. So halving, with one entry of the index for each step, finds a revision behind which `at` cannot be; and
    those that are passed over on the way from there were made within twice that time. `commit_times` has the clock.
    """
    steps = select(literal(0, BigInteger).label("low"), literal(_HIGHEST, BigInteger).label("step")).cte(
        "steps", recursive=True
    )
    middle = steps.c.low + steps.c.step
    times = select(history.c.at).where(history.c.workspace == WORKSPACE, history.c.revision <= middle)
    clock = (
        select(workspaces.c.set_back + integer_parameter("at")).where(workspaces.c.id == WORKSPACE).scalar_subquery()
    )
    is_later = times.order_by(history.c.revision.desc()).limit(1).scalar_subquery() > clock
    steps = steps.union_all(
        select(case((is_later, steps.c.low), else_=middle), steps.c.step // literal_column("2", BigInteger)).where(
            steps.c.step > literal_column("0")
        )
    )
    last = select(steps.c.low).where(steps.c.step == literal_column("0")).scalar_subquery()
    return (
        select(history.c.revision)
        .where(history.c.workspace == WORKSPACE, history.c.revision <= last, history.c.at <= integer_parameter("at"))
        .order_by(history.c.revision.desc())
        .limit(1)
    )


def read_history_bounds() -> Statements:
    """Read how far the memory goes. Parameters: `in_workspace`."""
    return select(
        workspaces.c.revision, workspaces.c.purged_revision, workspaces.c.forgotten_revision, workspaces.c.purged_at
    ).where(workspaces.c.id == WORKSPACE)


def last_commit() -> Select[int, int]:
    """Read the revision of a workspace and when the last commit was made. Parameter: `in_workspace`."""
    latest = made_at(literal_column(str(MAX_ID), BigInteger))
    return select(of_workspace(workspaces.c.revision).label("revision"), latest.label("at"))


def of_workspace(number: ColumnElement[int]) -> ColumnElement[int]:
    """Read a number of a workspace, which is 0 in one that is not there. Parameter: `in_workspace`."""
    found = select(number).where(workspaces.c.id == WORKSPACE).scalar_subquery()
    return func.coalesce(found, literal_column("0", BigInteger))


def made_at(revision: ColumnElement[int]) -> ScalarSelect[int]:
    """Read when the last commit up to a revision was made that is known of. Parameters: `in_workspace`."""
    known = (
        select(history.c.revision, history.c.at)
        .where(history.c.workspace == WORKSPACE, history.c.revision <= revision)
        .order_by(history.c.revision.desc())
        .limit(literal_column("1"))
        .subquery()
    )
    purged = select(workspaces.c.purged_revision.label("revision"), workspaces.c.purged_at.label("at")).where(
        workspaces.c.id == WORKSPACE, workspaces.c.purged_revision <= revision, workspaces.c.purged_at.is_not(None)
    )
    either = union_all(select(known), purged).subquery()
    return select(either.c.at).order_by(either.c.revision.desc()).limit(literal_column("1")).scalar_subquery()


def scan_tasks() -> Statements:
    """Read `LOADED_COLUMNS`. Parameters: `in_workspace`, `after`, `at_most`."""
    return (
        select(*LOADED_COLUMNS)
        .where(tasks.c.workspace == WORKSPACE, tasks.c.id > integer_parameter("after"))
        .order_by(tasks.c.id)
        .limit(integer_parameter("at_most"))
    )


def list_deleted() -> Statements:
    """Read `LOADED_COLUMNS`, the last one first. Parameters: `in_workspace`, `before`, `before_id`, `at_most`."""
    place = tuple_(integer_parameter("before"), integer_parameter("before_id"))
    return (
        select(*LOADED_COLUMNS)
        .where(
            tasks.c.workspace == WORKSPACE, tasks.c.deleted.is_not(None), tuple_(tasks.c.deleted, tasks.c.id) < place
        )
        .order_by(tasks.c.deleted.desc(), tasks.c.id.desc())
        .limit(integer_parameter("at_most"))
    )


def list_workspaces(name: ColumnElement[str]) -> Statements:
    """Read names in order, compared as `name`, which is that of a row. Parameters: `after`, `at_most`."""
    return (
        select(workspaces.c.id)
        .where(name > bindparam("after", type_=String))
        .order_by(name)
        .limit(integer_parameter("at_most"))
    )


def oldest_commits() -> Statements:
    """Read of each commit its revision and when it was, the oldest first. Parameters: `in_workspace`, `at_most`."""
    return (
        select(history.c.revision, func.max(history.c.at))
        .where(history.c.workspace == WORKSPACE)
        .group_by(history.c.revision)
        .order_by(history.c.revision)
        .limit(integer_parameter("at_most"))
    )


_HIGHEST: Final = (MAX_ID + 1) // 2
"""The first step: a power of two, as all of them are."""
