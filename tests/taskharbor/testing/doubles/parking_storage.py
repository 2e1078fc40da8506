"""A store whose commits can be held up, to cancel a caller at that very moment."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Literal

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.ports.change_feed import ChangeSlice, Position
from taskharbor.application.ports.housekeeping import Cutoffs, Purged
from taskharbor.application.ports.record_store import Record, RecordKey
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_history import HistoryBounds, HistoryEntry
from taskharbor.application.ports.task_queries import TaskPage
from taskharbor.application.ports.task_relations import RankedTask, Relation
from taskharbor.application.ports.task_search import TaskFacets, TaskQuery
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.ports.task_trash import DeletedPosition
from taskharbor.domain.identifiers import Revision, TaskId, WorkspaceId
from taskharbor.domain.search.due_buckets import DueBuckets
from taskharbor.domain.search.filter import Filter
from taskharbor.domain.tasks.rank import Rank
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.uid import Uid


class ParkingStorage(Storage):
    """Passes everything on to `inner`, and parks each commit until `release` is set.

    Attributes:
        parked: set when a commit has been parked.
        release: set it to let that commit go on.
    """

    def __init__(self, inner: Storage, *, park: Literal["before", "after"]) -> None:
        """Park commits before `inner` has got them, or after it has written them and before it is known."""
        self.parked = asyncio.Event()
        self.release = asyncio.Event()
        self._inner = inner
        self._park = park

    async def commit(self, changes: Changeset) -> Revision:
        """Park, and commit."""
        if self._park == "before":
            await self._wait()
            return await self._inner.commit(changes)
        revision = await self._inner.commit(changes)
        await self._wait()
        return revision

    async def open(self) -> None:
        await self._inner.open()

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def ping(self) -> None:
        await self._inner.ping()

    async def next_task_id(self, workspace: WorkspaceId) -> TaskId:
        return await self._inner.next_task_id(workspace)

    async def load_tasks(self, workspace: WorkspaceId, ids: Collection[TaskId]) -> Mapping[TaskId, Task]:
        return await self._inner.load_tasks(workspace, ids)

    async def find_uids(self, workspace: WorkspaceId, uids: Collection[Uid]) -> Mapping[Uid, TaskId]:
        return await self._inner.find_uids(workspace, uids)

    async def get_task(self, workspace: WorkspaceId, task_id: TaskId) -> TaskView | None:
        return await self._inner.get_task(workspace, task_id)

    async def list_tasks(self, workspace: WorkspaceId, *, after: TaskId, skip: int, limit: int) -> TaskPage:
        return await self._inner.list_tasks(workspace, after=after, skip=skip, limit=limit)

    async def find_tasks(self, workspace: WorkspaceId, query: TaskQuery) -> Sequence[TaskView]:
        return await self._inner.find_tasks(workspace, query)

    async def count_tasks(self, workspace: WorkspaceId, filter: Filter | None) -> int:
        return await self._inner.count_tasks(workspace, filter)

    async def count_facets(self, workspace: WorkspaceId, filter: Filter | None, buckets: DueBuckets) -> TaskFacets:
        return await self._inner.count_facets(workspace, filter, buckets)

    async def list_changes(self, workspace: WorkspaceId, *, after: Position, limit: int) -> ChangeSlice:
        return await self._inner.list_changes(workspace, after=after, limit=limit)

    async def load_records(self, workspace: WorkspaceId, keys: Collection[RecordKey]) -> Mapping[RecordKey, Record]:
        return await self._inner.load_records(workspace, keys)

    async def list_related(
        self,
        workspace: WorkspaceId,
        relation: Relation,
        *,
        beyond: Rank | None = None,
        backwards: bool = False,
        limit: int,
    ) -> Sequence[RankedTask]:
        return await self._inner.list_related(workspace, relation, beyond=beyond, backwards=backwards, limit=limit)

    async def list_records(self, workspace: WorkspaceId, kind: str, *, after: str, limit: int) -> Sequence[Record]:
        return await self._inner.list_records(workspace, kind, after=after, limit=limit)

    async def list_history(
        self, workspace: WorkspaceId, task_id: TaskId, *, before: Revision, limit: int
    ) -> Sequence[HistoryEntry]:
        return await self._inner.list_history(workspace, task_id, before=before, limit=limit)

    async def list_commit(self, workspace: WorkspaceId, revision: Revision) -> Sequence[HistoryEntry]:
        return await self._inner.list_commit(workspace, revision)

    async def list_history_since(
        self, workspace: WorkspaceId, task_ids: Collection[TaskId], *, after: Revision
    ) -> Sequence[HistoryEntry]:
        return await self._inner.list_history_since(workspace, task_ids, after=after)

    async def find_revision(self, workspace: WorkspaceId, at: datetime) -> Revision:
        return await self._inner.find_revision(workspace, at)

    async def read_history_bounds(self, workspace: WorkspaceId) -> HistoryBounds:
        return await self._inner.read_history_bounds(workspace)

    async def scan_tasks(self, workspace: WorkspaceId, *, after: TaskId, limit: int) -> Sequence[Task]:
        return await self._inner.scan_tasks(workspace, after=after, limit=limit)

    async def list_deleted(
        self, workspace: WorkspaceId, *, before: DeletedPosition | None, limit: int
    ) -> Sequence[Task]:
        return await self._inner.list_deleted(workspace, before=before, limit=limit)

    async def list_workspaces(self, *, after: WorkspaceId, limit: int) -> Sequence[WorkspaceId]:
        return await self._inner.list_workspaces(after=after, limit=limit)

    async def purge(self, workspace: WorkspaceId, cutoffs: Cutoffs, *, limit: int) -> Purged:
        return await self._inner.purge(workspace, cutoffs, limit=limit)

    async def _wait(self) -> None:
        self.parked.set()
        await self.release.wait()
