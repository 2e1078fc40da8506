"""The store in a SQLite file."""

import asyncio
import json
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final, Self

from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects.sqlite import Insert

from taskharbor.adapters.sqlalchemy.commits.id_blocks import IdBlocks, put_back, reserve_block
from taskharbor.adapters.sqlalchemy.commits.purging import Purge
from taskharbor.adapters.sqlalchemy.migrations import prepare
from taskharbor.adapters.sqlalchemy.queries import history_queries as past_reads
from taskharbor.adapters.sqlalchemy.queries import task_queries as reads
from taskharbor.adapters.sqlalchemy.reads.compiled_queries import CompiledQueries
from taskharbor.adapters.sqlalchemy.reads.sql_reads import SqlReads
from taskharbor.adapters.sqlalchemy.rows.record_rows import RECORD_COLUMNS, record_from_row
from taskharbor.adapters.sqlalchemy.rows.task_rows import Row
from taskharbor.adapters.sqlalchemy.search.shape import shape_of
from taskharbor.adapters.sqlalchemy.sqlite.bounded_search import find_anywhere, find_by_id, is_bounded
from taskharbor.adapters.sqlalchemy.sqlite.commit_statements import FIND_UIDS
from taskharbor.adapters.sqlalchemy.sqlite.connections import path_from
from taskharbor.adapters.sqlalchemy.sqlite.database_file import DatabaseFile
from taskharbor.adapters.sqlalchemy.sqlite.dialect import BLOCKED, DIALECT
from taskharbor.adapters.sqlalchemy.sqlite.facets import count_facets
from taskharbor.adapters.sqlalchemy.sqlite.file_watch import FileWatch
from taskharbor.adapters.sqlalchemy.sqlite.marked_search import marked
from taskharbor.adapters.sqlalchemy.sqlite.readers import Readers
from taskharbor.adapters.sqlalchemy.sqlite.schema import sqlite_database
from taskharbor.adapters.sqlalchemy.sqlite.search_dialect import SEARCH_DIALECT
from taskharbor.adapters.sqlalchemy.sqlite.writer import GroupCommitWriter
from taskharbor.adapters.sqlalchemy.sqlite_driver import HAS_WAL_RESET_RACE, sqlite3
from taskharbor.adapters.sqlalchemy.statement import Statement
from taskharbor.adapters.sqlalchemy.tables import history, records, tasks, workspaces
from taskharbor.adapters.storage_options import StorageOptions
from taskharbor.application.documents.encoded_tasks import EncodedTasks
from taskharbor.application.errors import StoreUnavailable
from taskharbor.application.ports.commit_hints import CommitHints
from taskharbor.application.ports.housekeeping import Cutoffs, Purged
from taskharbor.application.ports.record_store import Record, RecordKey
from taskharbor.application.ports.store_figures import MeasuredStore, StoreFigures
from taskharbor.application.ports.task_search import TaskFacets, TaskQuery
from taskharbor.application.ports.task_store import Changeset
from taskharbor.domain.identifiers import Revision, TaskId, WorkspaceId
from taskharbor.domain.search.due_buckets import DueBuckets
from taskharbor.domain.search.filter import Filter
from taskharbor.domain.values.uid import Uid

MOST_READERS: Final = 4
"""Reading is quick and mostly holds Python's lock: more threads than this only wait for each other."""

_LOG: Final = logging.getLogger("taskharbor.sqlite")
_RACE: Final = (
    "SQLite %s can damage a file that several processes write (the WAL-reset bug, mended in 3.51.3), so the log is "
    "written back only while writers wait; the package pysqlite3 brings a later SQLite"
)

TIMEOUT: Final = 10.0
"""Seconds to wait for locks of other processes, unless the options say."""

_IDS = func.json_each(bindparam("ids")).table_valued("value", name="ids")
_KEYS = func.json_each(bindparam("keys")).table_valued("value", name="keys")
_LOAD = Statement(reads.load_tasks(tasks.c.id.in_(select(_IDS.c.value))), DIALECT)
_LOAD_RECORDS = Statement(
    select(*RECORD_COLUMNS)
    .select_from(_KEYS, records)
    .where(
        records.c.workspace == reads.WORKSPACE,
        records.c.kind == func.json_extract(_KEYS.c.value, "$[0]"),
        records.c.key == func.json_extract(_KEYS.c.value, "$[1]"),
    ),
    DIALECT,
)
_GET = Statement(reads.get_tasks(BLOCKED, tasks.c.id.in_(select(_IDS.c.value))), DIALECT)
_OF_IDS = history.c.task_id.in_(select(_IDS.c.value))
_PURGE = Purge(DIALECT, ids=_OF_IDS, list_of=json.dumps, lock=past_reads.read_history_bounds())
_RESERVE = Statement(reserve_block(Insert), DIALECT)
_PUT_BACK = Statement(put_back(), DIALECT)


class SqliteStorage(SqlReads, CommitHints, MeasuredStore):
    """Keeps tasks in one file, which several processes may share.

    One thread writes, a few read; see `GroupCommitWriter` and `Readers`.
    """

    _reads = CompiledQueries.of(
        DIALECT, SEARCH_DIALECT, blocked=BLOCKED, of_ids=_OF_IDS, workspace_name=workspaces.c.id
    )

    def __init__(self, path: Path, options: StorageOptions) -> None:
        super().__init__(load=self._load, get=self._get, shares=False)
        self._path = path
        self._options = options
        self._identities = IdBlocks(self._reserve)
        timeout = TIMEOUT if options.timeout is None else options.timeout
        self._file = DatabaseFile(path, timeout=timeout, when_replaced=self._identities.begin_anew)
        self._writer = GroupCommitWriter(self._file)
        self._readers = Readers(self._file, size=min(options.pool_size, MOST_READERS), seconds=options.query_timeout)
        self._file_watches: set[FileWatch] = set()

    @classmethod
    def from_url(cls, url: str, options: StorageOptions) -> Self:
        """Return the store in the file of a `sqlite:///` URL, with a driver name or without.

        Raises:
            InvalidValue: for `database_url`, if it names no file.
        """
        return cls(path_from(url), options)

    async def open(self) -> None:
        """Create the file if there is none, and upgrade its schema unless `migrate` is False."""
        if not self._path.parent.is_dir():
            raise StoreUnavailable(f"SQLite: there is no folder {self._path.parent}")
        may_upgrade = self._options.migrate is not False
        if HAS_WAL_RESET_RACE:
            _LOG.warning(_RACE, sqlite3.sqlite_version)
        await prepare(sqlite_database(self._path), may_upgrade=may_upgrade)
        try:
            await self._writer.start()
            await self._readers.start()
        except BaseException:
            await self.aclose()
            raise

    async def aclose(self) -> None:
        """Commit pending work, return unused ids, and close the file."""
        for workspace, unused, block_end in self._identities.take_unused():
            values = {"of_workspace": workspace, "unused": unused, "block_end": block_end}
            arguments = _PUT_BACK.arguments(values)
            with suppress(StoreUnavailable):  # a gap does no harm
                await self._writer.run(partial(_execute, _PUT_BACK.sql, arguments))
        for watch in self._file_watches:
            watch.stop()
        # Of two connections that close at the same moment neither is the last one, which tidies the write-ahead log up.
        await self._readers.aclose()
        await self._writer.aclose()

    async def ping(self) -> None:
        """Read something."""
        await self._readers.fetch("SELECT 1")

    async def next_task_id(self, workspace: WorkspaceId) -> TaskId:
        """Return the next id of a reserved block."""
        return await self._identities.next(workspace)

    async def find_uids(self, workspace: WorkspaceId, uids: Collection[Uid]) -> Mapping[Uid, TaskId]:
        """Read the ids in one statement."""
        rows = await self._ask(FIND_UIDS, in_workspace=workspace, uids=json.dumps(list(uids)))
        return {Uid(uid): id_ for uid, id_ in rows}

    async def load_records(self, workspace: WorkspaceId, keys: Collection[RecordKey]) -> Mapping[RecordKey, Record]:
        """Read the records in one statement."""
        rows = await self._ask(_LOAD_RECORDS, in_workspace=workspace, keys=json.dumps(list(keys)))
        return {record.found_by: record for record in map(record_from_row, rows)}

    async def commit(self, changes: Changeset) -> Revision:
        """Write everything in the writer's next transaction."""
        return await self.begin_commit(changes)

    def begin_commit(self, changes: Changeset) -> asyncio.Future[Revision]:
        """Hand everything to the writer."""
        return self._writer.commit(changes)

    async def hear_commits(self, hear: Callable[[WorkspaceId | None], None]) -> None:
        """Look at the version of the file."""
        watch = FileWatch(self._file)
        self._file_watches.add(watch)
        try:
            await watch.run(partial(hear, None))
        finally:
            self._file_watches.discard(watch)

    def figures(self) -> StoreFigures:
        """Return the figures of the threads, the groups and the write-ahead log."""
        log = self._file.log()
        return StoreFigures(
            pools={"readers": self._readers.figures(), "writer": self._writer.figures()},
            groups=tuple(self._writer.groups),
            log_bytes=log and log.size,
            log_starts=log and log.starts,
        )

    async def purge(self, workspace: WorkspaceId, cutoffs: Cutoffs, *, limit: int) -> Purged:
        """Purge in the writer's next transaction."""

        def purge(connection: sqlite3.Connection) -> Purged:
            steps = _PURGE.steps(workspace, cutoffs, limit=limit)
            sql, arguments = next(steps)
            while True:
                rows = connection.execute(sql, arguments).fetchall()
                try:
                    sql, arguments = steps.send(rows)
                except StopIteration as end:
                    gone: Purged = end.value
                    return gone

        return await self._writer.run(purge)

    async def _load(self, workspace: WorkspaceId, ids: Collection[TaskId]) -> Mapping[TaskId, Row]:
        # In a thread: a commit comes next, and while the event loop reads the writer would get Python's lock.
        rows = await self._readers.search(
            _LOAD.sql, _LOAD.arguments({"in_workspace": workspace, "ids": json.dumps([*ids])})
        )
        return {row[0]: row for row in rows}

    async def _get(self, workspace: WorkspaceId, ids: Collection[TaskId]) -> Mapping[TaskId, Row]:
        return {row[0]: row for row in await self._ask(_GET, in_workspace=workspace, ids=json.dumps([*ids]))}

    async def _find(self, workspace: WorkspaceId, query: TaskQuery) -> EncodedTasks:
        """Read the tasks in one of the ways that are tried."""
        statements, budget = self._reads.search, self._readers.budget
        way = partial(find_by_id, budget=budget) if is_bounded(query) else find_anywhere
        find = partial(way, workspace=workspace, query=query, statements=statements)
        question = workspace, query.order, shape_of(query.filter)
        return await self._readers.run(marked(find, workspace, query.limit), question=question)

    async def count_facets(self, workspace: WorkspaceId, filter: Filter | None, buckets: DueBuckets) -> TaskFacets:
        """Count in the thread that reads."""
        sql, arguments = self._reads.search.facets(workspace, filter, buckets)
        count = partial(count_facets, sql=sql, arguments=arguments)
        return await self._readers.run(count, question=(workspace, sql))

    async def _search(self, workspace: WorkspaceId, sql: str, arguments: Sequence[Any]) -> Sequence[Any]:
        return await self._readers.search(sql, arguments, question=(workspace, sql))

    async def _fetch(self, sql: str, arguments: Sequence[Any] = ()) -> Sequence[Any]:
        return await self._readers.fetch(sql, arguments)

    @staticmethod
    def _array(items: list[Any]) -> str:
        return json.dumps(items)

    async def _reserve(self, workspace: WorkspaceId, size: int) -> TaskId:
        arguments = _RESERVE.arguments({"workspace": workspace, "size": size})

        def reserve(connection: sqlite3.Connection) -> TaskId:
            first: TaskId = connection.execute(_RESERVE.sql, arguments).fetchone()[0]
            return first

        return await self._writer.run(reserve)


def _execute(sql: str, arguments: tuple[Any, ...], connection: sqlite3.Connection) -> None:
    connection.execute(sql, arguments)
