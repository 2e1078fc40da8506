"""The reads that both databases answer alike; what differs is in their statements."""

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, ClassVar, TypeAlias

from taskharbor.adapters.sqlalchemy.queries.json_page import changes_from_row, tasks_from_row, urgent_tasks_from_row
from taskharbor.adapters.sqlalchemy.reads.coalescing import BatchLoader, SingleFlight, Unshared
from taskharbor.adapters.sqlalchemy.reads.compiled_queries import CompiledQueries
from taskharbor.adapters.sqlalchemy.rows.record_rows import (
    entry_from_row,
    history_bounds_from_rows,
    place_of,
    record_from_row,
)
from taskharbor.adapters.sqlalchemy.rows.task_rows import (
    Row,
    microseconds_of,
    task_from_row,
    view_from_row,
)
from taskharbor.adapters.sqlalchemy.search.facets import facets_from_rows
from taskharbor.adapters.sqlalchemy.statement import Statement
from taskharbor.application.documents.encoded_tasks import EncodedTasks
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.ports.change_feed import ChangeSlice, Position
from taskharbor.application.ports.record_store import Record
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_history import HistoryBounds, HistoryEntry
from taskharbor.application.ports.task_queries import TaskPage
from taskharbor.application.ports.task_relations import RankedTask, Relation
from taskharbor.application.ports.task_search import TaskFacets, TaskQuery
from taskharbor.application.ports.task_trash import DeletedPosition
from taskharbor.application.turns import mapped
from taskharbor.domain.identifiers import MAX_ID, Revision, TaskId, WorkspaceId
from taskharbor.domain.search.due_buckets import DueBuckets
from taskharbor.domain.search.filter import Filter
from taskharbor.domain.tasks.rank import Rank
from taskharbor.domain.tasks.task import Task

ReadRows: TypeAlias = Callable[[WorkspaceId, Collection[TaskId]], Awaitable[Mapping[TaskId, Row]]]
"""Reads rows by id in one statement."""


class SqlReads(Storage):
    """Each call is one statement, so each answer is one snapshot.

    What several calls search for at the same moment is found once and shared; it is immutable.

    Args:
        load: reads the rows of tasks, each of `LOADED_COLUMNS`.
        get: reads the rows of live tasks, each of its id and what `view_from_row` takes.
        shares: whether changes are shared likewise.
    """

    _reads: ClassVar[CompiledQueries]

    def __init__(self, *, load: ReadRows, get: ReadRows, shares: bool) -> None:
        self._loads = BatchLoader(load)
        self._gets = BatchLoader(get)
        self._changes = SingleFlight[ChangeSlice]() if shares else Unshared[ChangeSlice]()
        self._found = SingleFlight[EncodedTasks]()

    @abstractmethod
    async def _fetch(self, sql: str, arguments: Sequence[Any] = ()) -> Sequence[Any]:
        """Return the rows of one statement that reads committed data."""

    @staticmethod
    @abstractmethod
    def _array(items: list[Any]) -> Any:  # what the driver takes for a list
        """Return a list as a parameter."""

    async def _search(
        self,
        workspace: WorkspaceId,  # noqa: ARG002  # SQLite's takes note of it
        sql: str,
        arguments: Sequence[Any],
    ) -> Sequence[Any]:
        """Return the rows of a statement that looks for tasks of a workspace."""
        return await self._fetch(sql, arguments)

    async def _page(self, sql: str, arguments: Sequence[Any]) -> Row:
        """Return the row of a statement that reads a page in one row."""
        row: Row = (await self._fetch(sql, arguments))[0]
        return row

    async def _ask(self, statement: Statement, **values: Any) -> Sequence[Any]:
        return await self._fetch(statement.sql, statement.arguments(values))

    async def load_tasks(self, workspace: WorkspaceId, ids: Collection[TaskId]) -> Mapping[TaskId, Task]:
        """Read the tasks in one statement, together with concurrent reads."""
        rows = await self._loads.read(workspace, ids)
        return dict(await mapped(task_from_row, [rows[id_] for id_ in ids if id_ in rows]))

    async def get_task(self, workspace: WorkspaceId, task_id: TaskId) -> TaskView | None:
        """Read one live task, together with concurrent reads."""
        row = (await self._gets.read(workspace, (task_id,))).get(task_id)
        return None if row is None else view_from_row(row[1:])

    async def list_related(
        self,
        workspace: WorkspaceId,
        relation: Relation,
        *,
        beyond: Rank | None = None,
        backwards: bool = False,
        limit: int,
    ) -> Sequence[RankedTask]:
        """Read ranks and ids in one statement."""
        statement, values = self._reads.related.of(workspace, relation, beyond=beyond, backwards=backwards, limit=limit)
        return [RankedTask(*row) for row in await self._ask(statement, **values)]

    async def list_tasks(self, workspace: WorkspaceId, *, after: TaskId, skip: int, limit: int) -> TaskPage:
        """Read a page in one statement."""
        statement = self._reads.list_tasks(skip=skip, at_most=limit + 1)
        values = {"in_workspace": workspace, "after": after, "skip": skip, "at_most": limit + 1}
        row = await self._page(statement.sql, statement.arguments(values))
        return TaskPage.of(tasks_from_row(row), limit)

    async def find_tasks(self, workspace: WorkspaceId, query: TaskQuery) -> Sequence[TaskView]:
        """Read the tasks in one statement."""
        if query.urgency is None:
            return await self._found.get((workspace, query), partial(self._find, workspace, query))
        [row] = await self._search(workspace, *self._reads.search.find(workspace, query))
        return urgent_tasks_from_row(row)

    async def _find(self, workspace: WorkspaceId, query: TaskQuery) -> EncodedTasks:
        [row] = await self._search(workspace, *self._reads.search.find(workspace, query))
        return tasks_from_row(row)

    async def count_tasks(self, workspace: WorkspaceId, filter: Filter | None) -> int:
        """Count in one statement."""
        rows = await self._search(workspace, *self._reads.search.count(workspace, filter))
        how_many: int = rows[0][0]
        return how_many

    async def count_facets(self, workspace: WorkspaceId, filter: Filter | None, buckets: DueBuckets) -> TaskFacets:
        """Count everything in one statement."""
        return facets_from_rows(await self._search(workspace, *self._reads.search.facets(workspace, filter, buckets)))

    async def list_changes(self, workspace: WorkspaceId, *, after: Position, limit: int) -> ChangeSlice:
        """Read tasks and tombstones in one statement."""

        async def read() -> ChangeSlice:
            statement = self._reads.list_changes(after=after, at_most=limit)
            values = {
                "in_workspace": workspace,
                "after_revision": after.revision,
                "after_id": MAX_ID if after.task_id is None else after.task_id,
                "seen": -1 if after.seen is None else after.seen,
                "at_most": limit,
            }
            return changes_from_row(await self._page(statement.sql, statement.arguments(values)))

        return await self._changes.get((workspace, after, limit), read)

    async def list_records(self, workspace: WorkspaceId, kind: str, *, after: str, limit: int) -> Sequence[Record]:
        """Read the records of a kind in one statement."""
        rows = await self._ask(
            self._reads.list_records, in_workspace=workspace, of_kind=kind, after=after, at_most=limit
        )
        return list(map(record_from_row, rows))

    async def list_history(
        self, workspace: WorkspaceId, task_id: TaskId, *, before: Revision, limit: int
    ) -> Sequence[HistoryEntry]:
        """Read the history of a task in one statement."""
        rows = await self._ask(
            self._reads.list_history, in_workspace=workspace, of_id=task_id, before=before, at_most=limit
        )
        return await mapped(entry_from_row, rows)

    async def list_commit(self, workspace: WorkspaceId, revision: Revision) -> Sequence[HistoryEntry]:
        """Read the history of a commit in one statement."""
        rows = await self._ask(self._reads.list_commit, in_workspace=workspace, of_revision=revision)
        return await mapped(entry_from_row, rows)

    async def list_history_since(
        self, workspace: WorkspaceId, task_ids: Collection[TaskId], *, after: Revision
    ) -> Sequence[HistoryEntry]:
        """Read the history of some tasks in one statement."""
        rows = await self._ask(
            self._reads.list_history_since, in_workspace=workspace, ids=self._array(list(task_ids)), after=after
        )
        return await mapped(entry_from_row, rows)

    async def find_revision(self, workspace: WorkspaceId, at: datetime) -> Revision:
        """Read the last revision that was made then or before."""
        rows = await self._ask(self._reads.find_revision, in_workspace=workspace, at=microseconds_of(at))
        return rows[0][0] if rows else 0

    async def read_history_bounds(self, workspace: WorkspaceId) -> HistoryBounds:
        """Read how far the memory goes."""
        return history_bounds_from_rows(await self._ask(self._reads.read_history_bounds, in_workspace=workspace))

    async def scan_tasks(self, workspace: WorkspaceId, *, after: TaskId, limit: int) -> Sequence[Task]:
        """Read tasks, deleted ones too, in one statement."""
        rows = await self._ask(self._reads.scan_tasks, in_workspace=workspace, after=after, at_most=limit)
        return [task for _, task in await mapped(task_from_row, rows)]

    async def list_deleted(
        self, workspace: WorkspaceId, *, before: DeletedPosition | None, limit: int
    ) -> Sequence[Task]:
        """Read deleted tasks in one statement."""
        at, before_id = place_of(before)
        rows = await self._ask(
            self._reads.list_deleted, in_workspace=workspace, before=at, before_id=before_id, at_most=limit
        )
        return [task for _, task in await mapped(task_from_row, rows)]

    async def list_workspaces(self, *, after: WorkspaceId, limit: int) -> Sequence[WorkspaceId]:
        """Read the names of workspaces in one statement."""
        return [name for (name,) in await self._ask(self._reads.list_workspaces, after=after, at_most=limit)]
