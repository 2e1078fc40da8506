"""Purging: the steps of one transaction, which each database carries out in its own way."""

from collections.abc import Callable, Generator, Sequence
from datetime import datetime
from typing import Any, Final, TypeAlias

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Dialect,
    Executable,
    bindparam,
    case,
    delete,
    literal_column,
    select,
    tuple_,
    update,
)

from taskharbor.adapters.sqlalchemy.queries.history_queries import oldest_commits
from taskharbor.adapters.sqlalchemy.queries.task_queries import WORKSPACE
from taskharbor.adapters.sqlalchemy.rows.task_rows import microseconds_of
from taskharbor.adapters.sqlalchemy.statement import Statement
from taskharbor.adapters.sqlalchemy.tables import history, records, tasks, workspaces
from taskharbor.application.ports.housekeeping import Cutoffs, Purged
from taskharbor.domain.identifiers import WorkspaceId

Rows: TypeAlias = Sequence[Sequence[Any]]
Step: TypeAlias = tuple[str, tuple[Any, ...]]
"""A statement and its arguments."""

_BEFORE: Final = bindparam("before", type_=BigInteger)
_REMOVED_BEFORE: Final = bindparam("removed_before", type_=BigInteger)
_LATEST: Final = bindparam("latest", type_=BigInteger)
_NEVER: Final = -(2**62)
"""Microseconds; before any instant."""
_AT_MOST: Final = bindparam("at_most", type_=BigInteger)


class Purge:
    """Knows the statements of one dialect.

    Args:
        dialect: how they are written.
        ids: holds for the rows of the history whose tasks are in the parameter `ids`.
        list_of: makes a value of that parameter.
        lock: the statement that reads the extent, and on which commits wait from then on.
    """

    def __init__(
        self, dialect: Dialect, *, ids: ColumnElement[bool], list_of: Callable[[list[int]], object], lock: Executable
    ) -> None:
        self._list_of = list_of
        self._lock = Statement(lock, dialect)
        self._made_at = Statement(
            select(history.c.at)
            .where(history.c.workspace == WORKSPACE, history.c.revision == bindparam("of_revision", type_=BigInteger))
            .limit(literal_column("1")),
            dialect,
        )
        self._tombstones = Statement(_delete_tombstones(), dialect)
        self._their_history = Statement(delete(history).where(history.c.workspace == WORKSPACE, ids), dialect)
        self._records = Statement(_delete_records(), dialect)
        self._oldest = Statement(oldest_commits(), dialect)
        self._commits = Statement(
            delete(history).where(
                history.c.workspace == WORKSPACE, history.c.revision <= bindparam("last", type_=BigInteger)
            ),
            dialect,
        )
        self._move = Statement(
            update(workspaces)
            .where(workspaces.c.id == WORKSPACE)
            .values(
                purged_revision=bindparam("purged", type_=BigInteger),
                purged_at=bindparam("made_at", type_=BigInteger),
                forgotten_revision=bindparam("forgotten", type_=BigInteger),
            ),
            dialect,
        )

    def steps(self, workspace: WorkspaceId, cutoffs: Cutoffs, *, limit: int) -> Generator[Step, Rows, Purged]:
        """Yield each step and be sent its rows; return what was purged."""
        found = yield _step(self._lock, workspace)
        if not found:
            return Purged()
        _, purged, forgotten, purged_at = found[0]
        gone: Rows = []
        if cutoffs.deleted is not None:
            before = microseconds_of(cutoffs.deleted)
            gone = yield _step(self._tombstones, workspace, before=before, at_most=limit)
        now_purged = max([purged, *(revision for _, revision in gone)])
        if now_purged != purged:  # before the history that tells it is gone, too
            told = yield _step(self._made_at, workspace, of_revision=now_purged)
            purged_at = told[0][0] if told else None
        if gone:
            yield _step(self._their_history, workspace, ids=self._list_of([task_id for task_id, _ in gone]))
        before = microseconds_of(cutoffs.expired)
        removed = _NEVER if cutoffs.deleted is None else microseconds_of(cutoffs.deleted)
        bounds = {"before": before, "removed_before": removed, "latest": max(before, removed)}
        expired = yield _step(self._records, workspace, **bounds, at_most=limit)
        oldest: Rows = []
        if cutoffs.recorded is not None:
            oldest = yield _step(self._oldest, workspace, at_most=limit + 2)
        old = _before_the_last_of(oldest, cutoffs.recorded)
        if old:
            yield _step(self._commits, workspace, last=old[:limit][-1])
        now = now_purged, max([forgotten, *old[:limit]])
        if now != (purged, forgotten):
            yield _step(self._move, workspace, purged=now[0], made_at=purged_at, forgotten=now[1])
        return Purged(
            tasks=len(gone),
            records=len(expired),
            commits=len(old[:limit]),
            more=limit in {len(gone), len(expired)} or len(old) > limit,
        )


def _step(statement: Statement, workspace: WorkspaceId, **values: Any) -> Step:
    return statement.sql, statement.arguments({"in_workspace": workspace, **values})


def _before_the_last_of(oldest: Rows, cutoff: datetime | None) -> list[int]:
    """Return the commits from the first one on that were made before `cutoff`, but for the last one of them."""
    old: list[int] = []
    for revision, at in oldest:
        if cutoff is None or at >= microseconds_of(cutoff):
            break
        old.append(revision)
    return old[:-1]


def _delete_tombstones() -> Executable:
    oldest = (
        select(tasks.c.id)
        .where(tasks.c.workspace == WORKSPACE, tasks.c.deleted.is_not(None), tasks.c.deleted < _BEFORE)
        .order_by(tasks.c.deleted)
        .limit(_AT_MOST)
    )
    return (
        delete(tasks)
        .where(tasks.c.workspace == WORKSPACE, tasks.c.id.in_(oldest))
        .returning(tasks.c.id, tasks.c.revision)
    )


def _delete_records() -> Executable:
    oldest = (
        select(records.c.kind, records.c.key)
        .where(
            records.c.workspace == WORKSPACE,
            records.c.expires.is_not(None),
            records.c.expires < _LATEST,  # which the index knows
            records.c.expires < case((records.c.document.is_(None), _REMOVED_BEFORE), else_=_BEFORE),
        )
        .order_by(records.c.expires)
        .limit(_AT_MOST)
    )
    return (
        delete(records)
        .where(records.c.workspace == WORKSPACE, tuple_(records.c.kind, records.c.key).in_(oldest))
        .returning(records.c.key)
    )
