"""A store made of several, each with some of the workspaces; a directory in one of them says which ones.

What belongs to no workspace, such as accounts, tokens and the directory of members, is at home.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AsyncExitStack
from datetime import datetime
from heapq import merge
from itertools import groupby, islice

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.ports.change_feed import ChangeSlice, Position
from taskharbor.application.ports.commit_hints import CommitHints
from taskharbor.application.ports.housekeeping import Cutoffs, Purged
from taskharbor.application.ports.record_store import Record, RecordKey
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.store_figures import MeasuredStore, StoreFigures
from taskharbor.application.ports.task_history import HistoryBounds, HistoryEntry
from taskharbor.application.ports.task_queries import TaskPage
from taskharbor.application.ports.task_relations import RankedTask, Relation
from taskharbor.application.ports.task_search import TaskFacets, TaskQuery
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.ports.task_trash import DeletedPosition
from taskharbor.application.shards.fenced_commits import PATIENCE, FencedCommits
from taskharbor.application.shards.handed_ids import HandedIds
from taskharbor.application.shards.hints import hear_all
from taskharbor.application.shards.identity import require_identities
from taskharbor.application.shards.move_workspace import GRACE, Moved, move_workspace
from taskharbor.application.shards.shard_directory import LEASE, ShardDirectory
from taskharbor.application.shards.shard_figures import figures_together
from taskharbor.application.shards.shard_records import HOME
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import SERVICE_WORKSPACE, Revision, TaskId, WorkspaceId
from taskharbor.domain.search.due_buckets import DueBuckets
from taskharbor.domain.search.filter import Filter
from taskharbor.domain.tasks.rank import Rank
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.uid import Uid


class ShardedStorage(Storage, CommitHints, MeasuredStore):
    """Several stores as one.

    Args:
        home: has the directory, and the workspaces that it had before there was one.
        shards: the others by their names, to which new workspaces go.
        patience: seconds for which the writes of a workspace may wait for a move; then it is ended where it was.
        lease: seconds for which a process relies on it that no workspace has begun to be moved.
    """

    def __init__(
        self, home: Storage, shards: Mapping[str, Storage], *, patience: float = PATIENCE, lease: float = LEASE
    ) -> None:
        if HOME in shards:
            raise InvalidValue("shards", f"must not contain {HOME}, which is the name of the store with the directory")
        self._home = home
        self._stores = {HOME: home, **shards}
        self._directory = ShardDirectory(self._stores, lease=lease)
        self._ids = HandedIds()
        self._commits = FencedCommits(self._directory, self._ids, patience=patience)
        self._opened = AsyncExitStack()

    async def open(self) -> None:
        """Open all stores, and make sure that each is the one that the directory knows by its name.

        Raises:
            StoreNotReady: if one is not.
        """
        async with AsyncExitStack() as opened:
            for storage in self._stores.values():
                await opened.enter_async_context(storage)
            await require_identities(self._stores)
            self._opened = opened.pop_all()

    async def aclose(self) -> None:
        """Finish what was sent, and close all of them."""
        await self._commits.join()
        self._directory.clear()
        await self._opened.aclose()

    async def ping(self) -> None:
        """Make one round trip to the home: without its directory no workspace is found."""
        await self._home.ping()

    async def move(self, workspace: WorkspaceId, to: str, *, grace: float = GRACE) -> Moved:
        """Move a workspace to another store while it is used; see `move_workspace`."""
        return await move_workspace(workspace, to, self._directory, self._commits, grace=grace)

    async def next_task_id(self, workspace: WorkspaceId) -> TaskId:
        """Return an id of the store that the workspace is in."""
        if workspace == SERVICE_WORKSPACE:
            return await self._home.next_task_id(workspace)
        while True:
            place = await self._directory.place(workspace)
            task_id = await place.storage.next_task_id(workspace)
            if self._ids.hand_out(workspace, place.entry.shard, task_id):
                return task_id

    async def commit(self, changes: Changeset) -> Revision:
        """Commit where the workspace is.

        Raises:
            ConcurrentUpdate: as by any store, or if the workspace is moved meanwhile.
        """
        if changes.workspace == SERVICE_WORKSPACE:
            return await self._home.commit(changes)
        return await self._commits.commit(changes)

    def begin_commit(self, changes: Changeset) -> asyncio.Future[Revision]:
        """Begin a commit, at once where it is known where."""
        if changes.workspace == SERVICE_WORKSPACE:
            return self._home.begin_commit(changes)
        return self._commits.begin_where_known(changes) or super().begin_commit(changes)

    async def hear_commits(self, hear: Callable[[WorkspaceId | None], None]) -> None:
        """Hear of commits what all the stores say.

        Raises:
            StoreUnavailable: if one says nothing any more.
        """
        await hear_all(self._stores, hear)

    def figures(self) -> StoreFigures:
        """Return the figures of all the stores that count."""
        return figures_together(
            {name: store.figures() for name, store in self._stores.items() if isinstance(store, MeasuredStore)}
        )

    async def list_workspaces(self, *, after: WorkspaceId, limit: int) -> Sequence[WorkspaceId]:
        """Ask all of them; one that has left a store is still known there."""
        found = await asyncio.gather(
            *[store.list_workspaces(after=after, limit=limit) for store in self._stores.values()]
        )
        return [name for name, _ in islice(groupby(merge(*found)), limit)]

    async def purge(self, workspace: WorkspaceId, cutoffs: Cutoffs, *, limit: int) -> Purged:
        """Purge where the workspace is."""
        return await (await self._at(workspace)).purge(workspace, cutoffs, limit=limit)

    async def load_tasks(self, workspace: WorkspaceId, ids: Collection[TaskId]) -> Mapping[TaskId, Task]:
        """Read the tasks."""
        return await (await self._at(workspace)).load_tasks(workspace, ids)

    async def find_uids(self, workspace: WorkspaceId, uids: Collection[Uid]) -> Mapping[Uid, TaskId]:
        """Read the ids."""
        return await (await self._at(workspace)).find_uids(workspace, uids)

    async def list_related(
        self,
        workspace: WorkspaceId,
        relation: Relation,
        *,
        beyond: Rank | None = None,
        backwards: bool = False,
        limit: int,
    ) -> Sequence[RankedTask]:
        """Read the related tasks."""
        return await (await self._at(workspace)).list_related(
            workspace, relation, beyond=beyond, backwards=backwards, limit=limit
        )

    async def load_records(self, workspace: WorkspaceId, keys: Collection[RecordKey]) -> Mapping[RecordKey, Record]:
        """Read the records."""
        return await (await self._at(workspace)).load_records(workspace, keys)

    async def list_records(self, workspace: WorkspaceId, kind: str, *, after: str, limit: int) -> Sequence[Record]:
        """Read a page of records."""
        return await (await self._at(workspace)).list_records(workspace, kind, after=after, limit=limit)

    async def get_task(self, workspace: WorkspaceId, task_id: TaskId) -> TaskView | None:
        """Read a task."""
        return await (await self._at(workspace)).get_task(workspace, task_id)

    async def list_tasks(self, workspace: WorkspaceId, *, after: TaskId, skip: int, limit: int) -> TaskPage:
        """Read a page of tasks."""
        return await (await self._at(workspace)).list_tasks(workspace, after=after, skip=skip, limit=limit)

    async def find_tasks(self, workspace: WorkspaceId, query: TaskQuery) -> Sequence[TaskView]:
        """Find tasks."""
        return await (await self._at(workspace)).find_tasks(workspace, query)

    async def count_tasks(self, workspace: WorkspaceId, filter: Filter | None) -> int:
        """Count tasks."""
        return await (await self._at(workspace)).count_tasks(workspace, filter)

    async def count_facets(self, workspace: WorkspaceId, filter: Filter | None, buckets: DueBuckets) -> TaskFacets:
        """Count tasks by kind."""
        return await (await self._at(workspace)).count_facets(workspace, filter, buckets)

    async def list_history(
        self, workspace: WorkspaceId, task_id: TaskId, *, before: Revision, limit: int
    ) -> Sequence[HistoryEntry]:
        """Read the history of a task."""
        return await (await self._at(workspace)).list_history(workspace, task_id, before=before, limit=limit)

    async def list_commit(self, workspace: WorkspaceId, revision: Revision) -> Sequence[HistoryEntry]:
        """Read what a commit did, where it has arrived."""
        return await (await self._at(workspace)).list_commit(workspace, revision)

    async def list_history_since(
        self, workspace: WorkspaceId, task_ids: Collection[TaskId], *, after: Revision
    ) -> Sequence[HistoryEntry]:
        """Read what was done since a revision."""
        return await (await self._at(workspace)).list_history_since(workspace, task_ids, after=after)

    async def find_revision(self, workspace: WorkspaceId, at: datetime) -> Revision:
        """Read the revision of an instant."""
        return await (await self._at(workspace)).find_revision(workspace, at)

    async def read_history_bounds(self, workspace: WorkspaceId) -> HistoryBounds:
        """Read how far the memory goes."""
        return await (await self._at(workspace)).read_history_bounds(workspace)

    async def scan_tasks(self, workspace: WorkspaceId, *, after: TaskId, limit: int) -> Sequence[Task]:
        """Read tasks, deleted ones too."""
        return await (await self._at(workspace)).scan_tasks(workspace, after=after, limit=limit)

    async def list_deleted(
        self, workspace: WorkspaceId, *, before: DeletedPosition | None, limit: int
    ) -> Sequence[Task]:
        """Read the trash."""
        return await (await self._at(workspace)).list_deleted(workspace, before=before, limit=limit)

    async def list_changes(self, workspace: WorkspaceId, *, after: Position, limit: int) -> ChangeSlice:
        """Read changes, where what the position has seen has arrived: else it would seem to be lost."""
        return await (await self._at(workspace)).list_changes(workspace, after=after, limit=limit)

    async def _at(self, workspace: WorkspaceId) -> Storage:
        if workspace == SERVICE_WORKSPACE:
            return self._home
        place = await self._directory.find(workspace)
        return self._home if place is None else place.storage
