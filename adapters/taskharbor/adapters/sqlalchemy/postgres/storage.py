"""The store on PostgreSQL."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import chain
from typing import Any, Self

import asyncpg
from asyncpg import exceptions
from sqlalchemy import ARRAY, BigInteger, String, any_, bindparam, select
from sqlalchemy.dialects.postgresql import Insert

from taskharbor.adapters.sqlalchemy import migrations
from taskharbor.adapters.sqlalchemy.changes import changes_after
from taskharbor.adapters.sqlalchemy.identities import BlockIdentities
from taskharbor.adapters.sqlalchemy.identity_statements import put_back, reserve_block
from taskharbor.adapters.sqlalchemy.postgres.commit_queue import CommitQueue
from taskharbor.adapters.sqlalchemy.postgres.commit_statement import (
    DIALECT,
    commit_arguments,
    commit_statement,
)
from taskharbor.adapters.sqlalchemy.postgres.errors import translated
from taskharbor.adapters.sqlalchemy.rows import TASK_COLUMNS, VIEW_COLUMNS, TaskRows
from taskharbor.adapters.sqlalchemy.statement import Statement
from taskharbor.adapters.sqlalchemy.tables import tasks
from taskharbor.adapters.storage_url import StorageOptions
from taskharbor.application.errors import ConcurrentUpdate, StoreUnavailable, UidTaken
from taskharbor.application.ports.change_feed import ChangeSlice, Position
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_queries import TaskPage
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.task_view import TaskView
from taskharbor.domain.identifiers import MAX_ID, Revision, TaskId, WorkspaceId
from taskharbor.domain.task import Task

_WORKSPACE = bindparam("workspace", type_=String)

_LOAD = Statement(
    select(*TASK_COLUMNS).where(
        tasks.c.workspace == _WORKSPACE, tasks.c.id == any_(bindparam("ids", type_=ARRAY(BigInteger)))
    ),
    DIALECT,
)
_GET = Statement(
    select(*VIEW_COLUMNS).where(
        tasks.c.workspace == _WORKSPACE, tasks.c.id == bindparam("id", type_=BigInteger), tasks.c.deleted.is_(None)
    ),
    DIALECT,
)
_LIST = Statement(
    select(*VIEW_COLUMNS)
    .where(
        tasks.c.workspace == _WORKSPACE, tasks.c.id > bindparam("after", type_=BigInteger), tasks.c.deleted.is_(None)
    )
    .order_by(tasks.c.id)
    .limit(bindparam("limit", type_=BigInteger))
    .offset(bindparam("skip", type_=BigInteger)),
    DIALECT,
)
_CHANGES = Statement(changes_after(_WORKSPACE), DIALECT)
_RESERVE = Statement(reserve_block(Insert), DIALECT)
_PUT_BACK = Statement(put_back(), DIALECT)


class PostgresStorage(Storage):
    """Keeps tasks in PostgreSQL 14 or later, over a pool of asyncpg connections.

    Each call takes a connection for exactly one statement, so none is held while Python thinks.
    """

    def __init__(self, dsn: str, options: StorageOptions) -> None:
        self._dsn = dsn
        self._options = options
        self._pool: asyncpg.Pool | None = None
        self._asking = 0
        self._nobody_asks = asyncio.Event()
        self._queue = CommitQueue(self._send)
        self._identities = BlockIdentities(self._reserve)
        self._rows = TaskRows(to_instant=_as_it_is, from_instant=_aware)

    @classmethod
    def from_url(cls, url: str, options: StorageOptions) -> Self:
        """Return the store at a `postgresql://` URL, with a driver name or without."""
        _, _, rest = url.partition("://")
        return cls(f"postgresql://{rest}", options)

    async def open(self) -> None:
        """Connect, and check the schema or bring it up to date."""
        with translated():
            await migrations.prepare(self._dsn, may_upgrade=bool(self._options.migrate))
            self._pool = await asyncpg.create_pool(
                self._dsn,
                min_size=1,
                max_size=self._options.pool_size,
                command_timeout=self._options.timeout,
                timeout=self._options.timeout,
                reset=_nothing_to_reset,
            )

    async def aclose(self) -> None:
        """Commit what is waiting, put back ids that nobody was given, and close every connection."""
        await self._queue.join()
        for workspace, unused, block_end in self._identities.take_unused():
            values = {"of_workspace": workspace, "unused": unused, "block_end": block_end}
            with suppress(StoreUnavailable):  # a gap does no harm
                await self._fetch(_PUT_BACK.sql, *_PUT_BACK.arguments(values))
        if self._pool is not None:
            pool, self._pool = self._pool, None
            # The pool's own closing does not wait for those who wait for a connection: they would make new ones.
            self._nobody_asks.clear()
            while self._asking:
                await self._nobody_asks.wait()
            await pool.close()

    async def ping(self) -> None:
        """Make one round trip."""
        await self._fetch("SELECT 1")

    async def next_task_id(self, workspace: WorkspaceId) -> TaskId:
        """Return the next id of a reserved block."""
        return await self._identities.next(workspace)

    async def load_tasks(self, workspace: WorkspaceId, ids: Collection[TaskId]) -> Mapping[TaskId, Task]:
        """Read the tasks in one statement."""
        rows = await self._fetch(_LOAD.sql, *_LOAD.arguments({"workspace": workspace, "ids": list(ids)}))
        return {row[0]: self._rows.task_from_row(row) for row in rows}

    async def commit(self, changes: Changeset) -> Revision:
        """Write everything in one statement, together with what others want written at the same time."""
        return await self._queue.commit(changes)

    async def get_task(self, workspace: WorkspaceId, task_id: TaskId) -> TaskView | None:
        """Read one live task."""
        rows = await self._fetch(_GET.sql, *_GET.arguments({"workspace": workspace, "id": task_id}))
        return self._rows.view_from_row(rows[0]) if rows else None

    async def list_tasks(self, workspace: WorkspaceId, *, after: TaskId, skip: int, limit: int) -> TaskPage:
        """Read a page in one statement."""
        values = {"workspace": workspace, "after": after, "skip": skip, "limit": limit + 1}
        rows = await self._fetch(_LIST.sql, *_LIST.arguments(values))
        return TaskPage.of([self._rows.view_from_row(row) for row in rows], limit)

    async def list_changes(self, workspace: WorkspaceId, *, after: Position, limit: int) -> ChangeSlice:
        """Read tasks and tombstones in one statement."""
        last_id = MAX_ID if after.task_id is None else after.task_id
        values = {"workspace": workspace, "after_revision": after.revision, "after_id": last_id, "limit": limit}
        rows = await self._fetch(_CHANGES.sql, *_CHANGES.arguments(values))
        return self._rows.changes_from_rows(rows)

    async def _send(self, group: Sequence[Changeset]) -> Revision:
        statement = commit_statement(
            adds=any(changes.added for changes in group),
            changes=any(changes.changed for changes in group),
            guards=any(changes.guarded for changes in group),
        )
        arguments = statement.arguments(commit_arguments(group, self._rows))
        try:
            answer = await self._fetch(statement.sql, *arguments)
        except exceptions.DivisionByZeroError as error:
            raise ConcurrentUpdate from error
        except exceptions.UniqueViolationError as error:
            raise _taken(group, error) from error
        if not answer:
            raise ConcurrentUpdate  # the workspace does not exist, so neither does what was read in it
        last: Revision = answer[0][0]
        return last

    async def _reserve(self, workspace: WorkspaceId, size: int) -> TaskId:
        rows = await self._fetch(_RESERVE.sql, *_RESERVE.arguments({"workspace": workspace, "size": size}))
        first: TaskId = rows[0][0]
        return first

    async def _fetch(self, sql: str, *arguments: Any) -> Sequence[Any]:
        if self._pool is None:
            raise StoreUnavailable("it is closed")
        self._asking += 1
        try:
            with translated():
                # A time-out is a task and a timer; whoever need not wait for a connection needs neither.
                timeout = None if self._pool.get_idle_size() else self._options.timeout
                async with self._pool.acquire(timeout=timeout) as connection:
                    if self._pool is None:
                        raise StoreUnavailable("it was closed meanwhile")
                    rows: Sequence[Any] = await connection.fetch(sql, *arguments)
                    return rows
        finally:
            self._asking -= 1
            if not self._asking:
                self._nobody_asks.set()


def _taken(
    group: Sequence[Changeset], error: exceptions.UniqueViolationError
) -> UidTaken | exceptions.UniqueViolationError:
    # The driver sets these by name, so no type checker knows them.
    if getattr(error, "constraint_name", None) == "tasks_uid_key":
        detail = getattr(error, "detail", None) or ""
        for task in chain.from_iterable(changes.added for changes in group):
            if task.uid in detail:
                return UidTaken(task.uid)
    return error


def _as_it_is(value: Any) -> Any:
    return value


def _aware(instant: datetime) -> datetime:
    # The driver takes the first and the last instant of Python for infinities, and gives those back without a zone.
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


async def _nothing_to_reset(connection: object) -> None:
    """Statements here leave no session state behind, so a connection goes back as it is: no round trip."""
