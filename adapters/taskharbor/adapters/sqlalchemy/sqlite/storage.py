"""The store in a SQLite file."""

import json
import sqlite3
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final, Self

from sqlalchemy import String, bindparam, func, select
from sqlalchemy.dialects.sqlite import Insert, dialect

from taskharbor.adapters.sqlalchemy import migrations
from taskharbor.adapters.sqlalchemy.changes import changes_after
from taskharbor.adapters.sqlalchemy.identities import BlockIdentities
from taskharbor.adapters.sqlalchemy.identity_statements import put_back, reserve_block
from taskharbor.adapters.sqlalchemy.rows import TASK_COLUMNS, VIEW_COLUMNS, TaskRows
from taskharbor.adapters.sqlalchemy.sqlite.commit import write
from taskharbor.adapters.sqlalchemy.sqlite.connections import PRAGMAS, path_from
from taskharbor.adapters.sqlalchemy.sqlite.readers import Readers
from taskharbor.adapters.sqlalchemy.sqlite.writer import GroupCommitWriter
from taskharbor.adapters.sqlalchemy.statement import Statement
from taskharbor.adapters.sqlalchemy.tables import tasks
from taskharbor.adapters.storage_url import StorageOptions
from taskharbor.application.errors import StoreUnavailable
from taskharbor.application.ports.change_feed import ChangeSlice, Position
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_queries import TaskPage
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.task_view import TaskView
from taskharbor.domain.identifiers import MAX_ID, Revision, TaskId, WorkspaceId
from taskharbor.domain.task import Task

MOST_READERS: Final = 4
"""Reading is quick and mostly holds Python's lock: more threads than this only wait for each other."""

_DIALECT = dialect()
_WORKSPACE = bindparam("workspace", type_=String)

_LOAD = Statement(
    select(*TASK_COLUMNS).where(
        tasks.c.workspace == _WORKSPACE,
        tasks.c.id.in_(select(func.json_each(bindparam("ids")).table_valued("value").c.value)),
    ),
    _DIALECT,
)
_GET = Statement(
    select(*VIEW_COLUMNS).where(
        tasks.c.workspace == _WORKSPACE, tasks.c.id == bindparam("of_id"), tasks.c.deleted.is_(None)
    ),
    _DIALECT,
)
_LIST = Statement(
    select(*VIEW_COLUMNS)
    .where(tasks.c.workspace == _WORKSPACE, tasks.c.id > bindparam("after"), tasks.c.deleted.is_(None))
    .order_by(tasks.c.id)
    .limit(bindparam("limit"))
    .offset(bindparam("skip")),
    _DIALECT,
)
_CHANGES = Statement(changes_after(_WORKSPACE), _DIALECT)
_RESERVE = Statement(reserve_block(Insert), _DIALECT)
_PUT_BACK = Statement(put_back(), _DIALECT)


class SqliteStorage(Storage):
    """Keeps tasks in one file, which several processes may share.

    One thread writes, a few read; see `GroupCommitWriter` and `Readers`.
    """

    def __init__(self, path: Path, options: StorageOptions) -> None:
        self._path = path
        self._options = options
        self._writer = GroupCommitWriter(self._connect)
        self._readers = Readers(self._connect_to_read, size=min(options.pool_size, MOST_READERS))
        self._identities = BlockIdentities(self._reserve)
        self._rows = TaskRows(to_instant=_instant_to_text, from_instant=datetime.fromisoformat)

    @classmethod
    def from_url(cls, url: str, options: StorageOptions) -> Self:
        """Return the store in the file of a `sqlite:///` URL, with a driver name or without.

        Raises:
            InvalidValue: for `database_url`, if it names no file.
        """
        return cls(path_from(url), options)

    async def open(self) -> None:
        """Make the file if there is none, and bring its schema up to date unless told not to."""
        if not self._path.parent.is_dir():
            raise StoreUnavailable(f"SQLite: there is no folder {self._path.parent}")
        may_upgrade = self._options.migrate is not False
        await migrations.prepare(f"sqlite:///{self._path}", may_upgrade=may_upgrade)
        try:
            await self._writer.start()
            await self._readers.start()
        except BaseException:
            await self.aclose()
            raise

    async def aclose(self) -> None:
        """Commit what is waiting, put back ids that nobody was given, and close the file."""
        for workspace, unused, block_end in self._identities.take_unused():
            values = {"of_workspace": workspace, "unused": unused, "block_end": block_end}
            arguments = _PUT_BACK.arguments(values)
            with suppress(StoreUnavailable):  # a gap does no harm
                await self._writer.run(partial(_execute, _PUT_BACK.sql, arguments))
        # Of two connections that close at the same moment neither is the last one, which tidies the write-ahead log up.
        await self._readers.aclose()
        await self._writer.aclose()

    async def ping(self) -> None:
        """Read something."""
        await self._readers.fetch("SELECT 1")

    async def next_task_id(self, workspace: WorkspaceId) -> TaskId:
        """Return the next id of a reserved block."""
        return await self._identities.next(workspace)

    async def load_tasks(self, workspace: WorkspaceId, ids: Collection[TaskId]) -> Mapping[TaskId, Task]:
        """Read the tasks in one statement."""
        values = {"workspace": workspace, "ids": json.dumps(list(ids))}
        rows = await self._readers.fetch(_LOAD.sql, _LOAD.arguments(values))
        return {row[0]: self._rows.task_from_row(row) for row in rows}

    async def commit(self, changes: Changeset) -> Revision:
        """Write everything in the writer's next transaction."""
        return await self._writer.run(lambda connection: write(changes, connection, self._rows))

    async def get_task(self, workspace: WorkspaceId, task_id: TaskId) -> TaskView | None:
        """Read one live task."""
        rows = await self._readers.fetch(_GET.sql, _GET.arguments({"workspace": workspace, "of_id": task_id}))
        return self._rows.view_from_row(rows[0]) if rows else None

    async def list_tasks(self, workspace: WorkspaceId, *, after: TaskId, skip: int, limit: int) -> TaskPage:
        """Read a page in one statement."""
        values = {"workspace": workspace, "after": after, "skip": skip, "limit": limit + 1}
        rows = await self._readers.fetch(_LIST.sql, _LIST.arguments(values))
        return TaskPage.of([self._rows.view_from_row(row) for row in rows], limit)

    async def list_changes(self, workspace: WorkspaceId, *, after: Position, limit: int) -> ChangeSlice:
        """Read tasks and tombstones in one statement."""
        last_id = MAX_ID if after.task_id is None else after.task_id
        values = {"workspace": workspace, "after_revision": after.revision, "after_id": last_id, "limit": limit}
        rows = await self._readers.fetch(_CHANGES.sql, _CHANGES.arguments(values))
        return self._rows.changes_from_rows(rows)

    async def _reserve(self, workspace: WorkspaceId, size: int) -> TaskId:
        arguments = _RESERVE.arguments({"workspace": workspace, "size": size})

        def reserve(connection: sqlite3.Connection) -> TaskId:
            first: TaskId = connection.execute(_RESERVE.sql, arguments).fetchone()[0]
            return first

        return await self._writer.run(reserve)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None, timeout=self._options.timeout)
        for pragma in PRAGMAS:
            connection.execute(pragma)
        return connection

    def _connect_to_read(self) -> sqlite3.Connection:
        connection = self._connect()
        connection.execute("PRAGMA query_only = ON")
        return connection


def _execute(sql: str, arguments: tuple[Any, ...], connection: sqlite3.Connection) -> None:
    connection.execute(sql, arguments)


def _instant_to_text(instant: datetime) -> str:
    return instant.isoformat(timespec="microseconds")
