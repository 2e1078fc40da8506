"""The store on PostgreSQL."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Self

from asyncpg import exceptions
from sqlalchemy import ARRAY, BigInteger, any_, bindparam, collate
from sqlalchemy.dialects.postgresql import Insert

from taskharbor.adapters.sqlalchemy.commits.commit_groups import MAX_UNITS
from taskharbor.adapters.sqlalchemy.commits.id_blocks import IdBlocks, put_back, reserve_block
from taskharbor.adapters.sqlalchemy.commits.purging import Purge
from taskharbor.adapters.sqlalchemy.migrations import prepare
from taskharbor.adapters.sqlalchemy.postgres.announcements import Announcements
from taskharbor.adapters.sqlalchemy.postgres.commit_queue import CommitQueue
from taskharbor.adapters.sqlalchemy.postgres.commit_statement import statements_of
from taskharbor.adapters.sqlalchemy.postgres.connections import Connections
from taskharbor.adapters.sqlalchemy.postgres.copies import CopyingPostgres
from taskharbor.adapters.sqlalchemy.postgres.dialect import BLOCKED, DIALECT
from taskharbor.adapters.sqlalchemy.postgres.errors import refusal_of, translated
from taskharbor.adapters.sqlalchemy.postgres.lookups import (
    FIND_UIDS,
    GET_MANY,
    GET_ONE,
    LOAD_MANY,
    LOAD_ONE,
    LOAD_RECORDS,
)
from taskharbor.adapters.sqlalchemy.postgres.pool import open_pool
from taskharbor.adapters.sqlalchemy.postgres.schema import postgres_database
from taskharbor.adapters.sqlalchemy.postgres.search_dialect import SEARCH_DIALECT, hidden
from taskharbor.adapters.sqlalchemy.postgres.several_pages import PAGES_AFTER, PAGES_BEHIND, USUAL_LIMITS, PageKind
from taskharbor.adapters.sqlalchemy.postgres.several_searches import SearchLoader
from taskharbor.adapters.sqlalchemy.postgres.writing import WritingConnection
from taskharbor.adapters.sqlalchemy.postgres_servers import Servers
from taskharbor.adapters.sqlalchemy.queries import history_queries as past_reads
from taskharbor.adapters.sqlalchemy.queries.json_page import tasks_from_row
from taskharbor.adapters.sqlalchemy.reads.compiled_queries import CompiledQueries
from taskharbor.adapters.sqlalchemy.reads.group_loader import GroupLoader
from taskharbor.adapters.sqlalchemy.reads.sql_reads import SqlReads
from taskharbor.adapters.sqlalchemy.rows.record_rows import record_from_row
from taskharbor.adapters.sqlalchemy.rows.task_rows import Row
from taskharbor.adapters.sqlalchemy.statement import Statement
from taskharbor.adapters.sqlalchemy.tables import history, workspaces
from taskharbor.adapters.storage_options import StorageOptions
from taskharbor.application.documents.encoded_tasks import EncodedTasks
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.errors import ConcurrentUpdate, StoreUnavailable
from taskharbor.application.ports.commit_hints import CommitHints
from taskharbor.application.ports.housekeeping import Cutoffs, Purged
from taskharbor.application.ports.record_store import Record, RecordKey
from taskharbor.application.ports.store_figures import MeasuredStore, StoreFigures
from taskharbor.application.ports.task_queries import TaskPage
from taskharbor.application.ports.task_search import TaskQuery
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.shards.identity import require_alone
from taskharbor.domain.identifiers import Revision, TaskId, WorkspaceId
from taskharbor.domain.values.uid import Uid

_OF_IDS = history.c.task_id == any_(bindparam("ids", type_=ARRAY(BigInteger)))
_PURGE = Purge(DIALECT, ids=_OF_IDS, list_of=list, lock=past_reads.read_history_bounds().with_for_update())
_RESERVE = Statement(reserve_block(Insert), DIALECT)
_PUT_BACK = Statement(put_back(), DIALECT)


class PostgresStorage(CopyingPostgres, SqlReads, CommitHints, MeasuredStore):
    """Keeps tasks in PostgreSQL 14 or later, over a pool of asyncpg connections.

    Each call but `purge` and a long commit takes a connection for one statement, and none is held while Python thinks.
    """

    _reads = CompiledQueries.of(
        DIALECT,
        SEARCH_DIALECT,
        blocked=BLOCKED,
        of_ids=_OF_IDS,
        workspace_name=collate(workspaces.c.id, "C"),
        hidden=hidden,
        usual_limits=USUAL_LIMITS,
        finds_first=True,
    )

    def __init__(self, url: str, options: StorageOptions) -> None:
        CopyingPostgres.__init__(self, options)
        SqlReads.__init__(
            self,
            load=partial(self._read, LOAD_ONE, LOAD_MANY),
            get=partial(self._read, GET_ONE, GET_MANY),
            shares=True,
        )
        self._url = url
        self._servers = Servers.at(url)
        self._pages = GroupLoader(self._read_pages, most=lambda kind: kind.most)
        self._searches = SearchLoader(self._fetch, seconds=options.query_timeout)
        self._queue = CommitQueue(self._send)
        self._groups = [0] * (MAX_UNITS + 1)
        self._announcements = Announcements(self._write)
        self._identities = IdBlocks(self._reserve)

    @classmethod
    def from_url(cls, url: str, options: StorageOptions) -> Self:
        """Return the store at a `postgresql://` URL, with a driver name or without."""
        return cls(url, options)

    async def open(self) -> None:
        """Connect, and check the schema or bring it up to date."""
        with translated():
            await prepare(postgres_database(self._url, self._servers), may_upgrade=bool(self._options.migrate))
            pool = await open_pool(self._servers, size=self._options.pool_size, timeout=self._timeout)
            self._connections = Connections(pool, size=self._options.pool_size, timeout=self._timeout / 2)
        if not self._options.is_shard:
            try:
                await require_alone(self)
            except BaseException:
                await self.aclose()
                raise

    async def aclose(self) -> None:
        """Commit pending work, return unused ids, and close every connection."""
        await self._queue.join()
        await self._announcements.aclose()
        for workspace, unused, block_end in self._identities.take_unused():
            values = {"of_workspace": workspace, "unused": unused, "block_end": block_end}
            with suppress(StoreUnavailable):  # a gap does no harm
                await self._write(_PUT_BACK.sql, _PUT_BACK.arguments(values))
        if self._connections is not None:
            connections, self._connections = self._connections, None
            await connections.aclose()

    async def ping(self) -> None:
        """Make one round trip."""
        await self._fetch("SELECT 1")

    async def next_task_id(self, workspace: WorkspaceId) -> TaskId:
        """Return the next id of a reserved block."""
        return await self._identities.next(workspace)

    async def list_tasks(self, workspace: WorkspaceId, *, after: TaskId, skip: int, limit: int) -> TaskPage:
        """Read a page in one statement, together with concurrent reads."""
        # Each caller makes its own page of them: a task that cannot be read is nobody else's error.
        return TaskPage.of(await self._pages.get(*PageKind.of(workspace, after, skip, limit)), limit)

    async def find_tasks(self, workspace: WorkspaceId, query: TaskQuery) -> Sequence[TaskView]:
        """Read the tasks in one statement, together with concurrent searches."""
        if query.urgency is not None:
            return await super().find_tasks(workspace, query)
        return await self._searches.find(workspace, *self._reads.search.find(workspace, query))

    async def find_uids(self, workspace: WorkspaceId, uids: Collection[Uid]) -> Mapping[Uid, TaskId]:
        """Read the ids in one statement."""
        rows = await self._ask(FIND_UIDS, in_workspace=workspace, uids=list(uids))
        return {Uid(str(uid)): id_ for uid, id_ in rows}

    async def load_records(self, workspace: WorkspaceId, keys: Collection[RecordKey]) -> Mapping[RecordKey, Record]:
        """Read the records in one statement."""
        kinds, names = [key.kind for key in keys], [key.key for key in keys]
        rows = await self._ask(LOAD_RECORDS, in_workspace=workspace, kinds=kinds, keys=names)
        return {record.found_by: record for record in map(record_from_row, rows)}

    async def commit(self, changes: Changeset) -> Revision:
        """Write everything together with concurrent commits, in one statement if it is not long."""
        return await self.begin_commit(changes)

    def begin_commit(self, changes: Changeset) -> asyncio.Future[Revision]:
        """Have everything sent together with concurrent commits."""
        return self._queue.commit(changes)

    async def hear_commits(self, hear: Callable[[WorkspaceId | None], None]) -> None:
        """Listen on a connection of its own."""
        await self._announcements.hear(self._servers, hear)

    def figures(self) -> StoreFigures:
        """Return the figures of the pool and the groups."""
        pools = {} if self._connections is None else {"connections": self._connections.figures()}
        return StoreFigures(pools=pools, groups=tuple(self._groups))

    async def purge(self, workspace: WorkspaceId, cutoffs: Cutoffs, *, limit: int) -> Purged:
        """Purge in a transaction."""

        async def purge(connection: WritingConnection) -> Purged:
            steps = _PURGE.steps(workspace, cutoffs, limit=limit)
            sql, arguments = next(steps)
            async with connection.transaction():
                while True:
                    rows = await connection.fetch(sql, arguments)
                    try:
                        sql, arguments = steps.send(rows)
                    except StopIteration as end:
                        gone: Purged = end.value
                        return gone

        return await self._write_long(purge)

    async def _send(self, group: Sequence[Changeset]) -> Revision:
        try:
            answer = await self._write_all(await statements_of(group))
        except exceptions.DivisionByZeroError as error:
            raise ConcurrentUpdate from error
        except exceptions.UniqueViolationError as error:
            raise refusal_of(group, error) from error
        if not answer:
            # Taking an id has created the workspace of an added task. Records need no id.
            await self._reserve(group[0].workspace, 0)
            return await self._send(group)
        self._groups[min(len(group), MAX_UNITS)] += 1
        self._announcements.announce(group[0].workspace)
        last: Revision = answer[0][0]
        return last

    async def _reserve(self, workspace: WorkspaceId, size: int) -> TaskId:
        rows = await self._write(_RESERVE.sql, _RESERVE.arguments({"workspace": workspace, "size": size}))
        first: TaskId = rows[0][0]
        return first

    async def _read(
        self, one: Statement, many: Statement, workspace: WorkspaceId, ids: Collection[TaskId]
    ) -> Mapping[TaskId, Row]:
        asked = (
            self._ask(one, in_workspace=workspace, id=next(iter(ids)))
            if len(ids) == 1
            else self._ask(many, in_workspace=workspace, ids=list(ids), expect_few_rows=len(ids))
        )
        return {row[0]: row for row in await asked}

    async def _read_pages(self, kind: PageKind, places: Sequence[int]) -> Sequence[EncodedTasks]:
        workspace, limit, after, _ = kind
        if len(places) == 1:
            after, skip = (places[0], 0) if after is None else (after, places[0])
            alone = self._reads.list_tasks(skip=skip, at_most=limit + 1)
            [row] = await self._ask(alone, in_workspace=workspace, after=after, skip=skip, at_most=limit + 1)
            return [tasks_from_row(row)]
        ascending = sorted(places)
        if after is None:
            rows = await self._ask(PAGES_AFTER[limit], in_workspace=workspace, places=ascending)
        else:
            rows = await self._ask(PAGES_BEHIND[limit], in_workspace=workspace, after=after, places=ascending)
        pages = {ascending[number - 1]: tasks_from_row(row) for number, *row in rows}
        return [pages[place] for place in places]

    @staticmethod
    def _array(items: list[Any]) -> list[Any]:
        return items
