"""A store whose queries are answered by replicas, where these are far enough for the caller.

Everything that a commit rests on is read from the primary, and so is the directory: what is revoked is revoked.
A caller is known by `seeing`; without it, or if nothing is known of what it has seen, the primary answers.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import count
from typing import Final, TypeVar

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.errors import StoreUnavailable
from taskharbor.application.ports.change_feed import ChangeSlice, Position
from taskharbor.application.ports.commit_hints import CommitHints
from taskharbor.application.ports.housekeeping import Cutoffs, Purged
from taskharbor.application.ports.record_store import Record, RecordKey
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_history import HistoryBounds, HistoryEntry
from taskharbor.application.ports.task_queries import TaskPage
from taskharbor.application.ports.task_relations import RankedTask, Relation
from taskharbor.application.ports.task_search import TaskFacets, TaskQuery
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.ports.task_trash import DeletedPosition
from taskharbor.application.replicas.replica import Replica, Unanswered
from taskharbor.application.replicas.seen import Seen, current_seen
from taskharbor.domain.identifiers import SERVICE_WORKSPACE, Revision, TaskId, WorkspaceId
from taskharbor.domain.search.due_buckets import DueBuckets
from taskharbor.domain.search.filter import Filter
from taskharbor.domain.tasks.rank import Rank
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.uid import Uid

T = TypeVar("T")

LOOK_AGAIN: Final = 0.01
"""Seconds between two looks at replicas that are not far enough yet."""


class ReplicatedStorage(Storage, CommitHints):
    """A primary and its replicas, as one store.

    Args:
        primary: takes every commit.
        replicas: stores that follow it. Each must be one server; one that cannot be opened is tried again later.
        wait: seconds to wait for a replica that is behind; then, or at once, the primary answers.
    """

    def __init__(self, primary: Storage, replicas: Sequence[Storage], *, wait: float = 0) -> None:
        if not replicas:
            raise ValueError("at least one replica is needed")
        self._primary = primary
        self._replicas = [Replica(storage) for storage in replicas]
        self._wait = wait
        self._turn = count()

    async def open(self) -> None:
        """Open the primary, and the replicas that can be."""
        await self._primary.open()
        await asyncio.gather(*[replica.open() for replica in self._replicas])

    async def aclose(self) -> None:
        """Close all of them."""
        await asyncio.gather(*[replica.aclose() for replica in self._replicas])
        await self._primary.aclose()

    async def ping(self) -> None:
        """Make one round trip to the primary: without it nothing can be changed."""
        await self._primary.ping()

    async def next_task_id(self, workspace: WorkspaceId) -> TaskId:
        """Return an id of the primary."""
        return await self._primary.next_task_id(workspace)

    async def commit(self, changes: Changeset) -> Revision:
        """Commit at the primary."""
        return await self.begin_commit(changes)

    def begin_commit(self, changes: Changeset) -> asyncio.Future[Revision]:
        """Begin a commit at the primary; from then on the caller reads from there."""
        seen = current_seen()
        if seen is None or changes.workspace == SERVICE_WORKSPACE:
            return self._primary.begin_commit(changes)
        seen.may_read_replicas = False
        outcome = self._primary.begin_commit(changes)
        if outcome.done():  # whoever awaits it goes on at once
            _note(seen, changes.workspace, outcome)
        else:
            outcome.add_done_callback(partial(_note, seen, changes.workspace))
        return outcome

    async def hear_commits(self, hear: Callable[[WorkspaceId | None], None]) -> None:
        """Hear of commits what the primary says.

        Raises:
            StoreUnavailable: if it says nothing.
        """
        if not isinstance(self._primary, CommitHints):
            raise StoreUnavailable("it gives no hints")
        await self._primary.hear_commits(hear)

    async def list_workspaces(self, *, after: WorkspaceId, limit: int) -> Sequence[WorkspaceId]:
        """Ask the primary."""
        return await self._primary.list_workspaces(after=after, limit=limit)

    async def purge(self, workspace: WorkspaceId, cutoffs: Cutoffs, *, limit: int) -> Purged:
        """Purge at the primary."""
        return await self._primary.purge(workspace, cutoffs, limit=limit)

    async def load_tasks(self, workspace: WorkspaceId, ids: Collection[TaskId]) -> Mapping[TaskId, Task]:
        """Read the tasks."""
        return await self._read(workspace, lambda store: store.load_tasks(workspace, ids))

    async def find_uids(self, workspace: WorkspaceId, uids: Collection[Uid]) -> Mapping[Uid, TaskId]:
        """Read the ids."""
        return await self._read(workspace, lambda store: store.find_uids(workspace, uids))

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
        return await self._read(
            workspace,
            lambda store: store.list_related(workspace, relation, beyond=beyond, backwards=backwards, limit=limit),
        )

    async def load_records(self, workspace: WorkspaceId, keys: Collection[RecordKey]) -> Mapping[RecordKey, Record]:
        """Read the records."""
        return await self._read(workspace, lambda store: store.load_records(workspace, keys))

    async def list_records(self, workspace: WorkspaceId, kind: str, *, after: str, limit: int) -> Sequence[Record]:
        """Read a page of records."""
        return await self._read(workspace, lambda store: store.list_records(workspace, kind, after=after, limit=limit))

    async def get_task(self, workspace: WorkspaceId, task_id: TaskId) -> TaskView | None:
        """Read a task."""
        return await self._read(workspace, lambda store: store.get_task(workspace, task_id))

    async def list_tasks(self, workspace: WorkspaceId, *, after: TaskId, skip: int, limit: int) -> TaskPage:
        """Read a page of tasks."""
        return await self._read(
            workspace, lambda store: store.list_tasks(workspace, after=after, skip=skip, limit=limit)
        )

    async def find_tasks(self, workspace: WorkspaceId, query: TaskQuery) -> Sequence[TaskView]:
        """Find tasks."""
        return await self._read(workspace, lambda store: store.find_tasks(workspace, query))

    async def count_tasks(self, workspace: WorkspaceId, filter: Filter | None) -> int:
        """Count tasks."""
        return await self._read(workspace, lambda store: store.count_tasks(workspace, filter))

    async def count_facets(self, workspace: WorkspaceId, filter: Filter | None, buckets: DueBuckets) -> TaskFacets:
        """Count tasks by kind."""
        return await self._read(workspace, lambda store: store.count_facets(workspace, filter, buckets))

    async def list_history(
        self, workspace: WorkspaceId, task_id: TaskId, *, before: Revision, limit: int
    ) -> Sequence[HistoryEntry]:
        """Read the history of a task."""
        return await self._read(
            workspace, lambda store: store.list_history(workspace, task_id, before=before, limit=limit)
        )

    async def list_commit(self, workspace: WorkspaceId, revision: Revision) -> Sequence[HistoryEntry]:
        """Read what a commit did, where it has arrived."""
        return await self._read(workspace, lambda store: store.list_commit(workspace, revision), at_least=revision)

    async def list_history_since(
        self, workspace: WorkspaceId, task_ids: Collection[TaskId], *, after: Revision
    ) -> Sequence[HistoryEntry]:
        """Read what was done since a revision."""
        return await self._read(workspace, lambda store: store.list_history_since(workspace, task_ids, after=after))

    async def find_revision(self, workspace: WorkspaceId, at: datetime) -> Revision:
        """Read the revision of an instant."""
        return await self._read(workspace, lambda store: store.find_revision(workspace, at))

    async def read_history_bounds(self, workspace: WorkspaceId) -> HistoryBounds:
        """Read how far the memory goes."""
        return await self._read(workspace, lambda store: store.read_history_bounds(workspace))

    async def scan_tasks(self, workspace: WorkspaceId, *, after: TaskId, limit: int) -> Sequence[Task]:
        """Read tasks, deleted ones too."""
        return await self._read(workspace, lambda store: store.scan_tasks(workspace, after=after, limit=limit))

    async def list_deleted(
        self, workspace: WorkspaceId, *, before: DeletedPosition | None, limit: int
    ) -> Sequence[Task]:
        """Read the trash."""
        return await self._read(workspace, lambda store: store.list_deleted(workspace, before=before, limit=limit))

    async def list_changes(self, workspace: WorkspaceId, *, after: Position, limit: int) -> ChangeSlice:
        """Read changes, where what the position has seen has arrived: else it would seem to be lost."""
        return await self._read(
            workspace,
            lambda store: store.list_changes(workspace, after=after, limit=limit),
            at_least=after.seen or 0,
        )

    async def _read(
        self, workspace: WorkspaceId, ask: Callable[[Storage], Awaitable[T]], *, at_least: Revision = 0
    ) -> T:
        seen = current_seen()
        if seen is None or workspace == SERVICE_WORKSPACE:
            return await ask(self._primary)
        needed = seen.needed(workspace)
        if needed is not None:
            try:
                return await self._read_replica(workspace, ask, max(needed, at_least), seen)
            except Unanswered:
                pass
        answer = await ask(self._primary)
        seen.saw_last(workspace, partial(_revision_of, self._primary, workspace))
        return answer

    async def _read_replica(
        self, workspace: WorkspaceId, ask: Callable[[Storage], Awaitable[T]], needed: Revision, seen: Seen
    ) -> T:
        clock = asyncio.get_running_loop().time
        until = clock() + self._wait
        while True:
            turn = next(self._turn)
            for n in range(len(self._replicas)):
                replica = self._replicas[(turn + n) % len(self._replicas)]
                if await replica.has_reached(workspace, needed):
                    answer, revision = await replica.read(workspace, needed, ask)
                    seen.saw(workspace, revision)
                    return answer
            if clock() >= until:
                raise Unanswered
            await asyncio.sleep(LOOK_AGAIN)


async def _revision_of(storage: Storage, workspace: WorkspaceId) -> Revision:
    return (await storage.read_history_bounds(workspace)).revision


def _note(seen: Seen, workspace: WorkspaceId, outcome: asyncio.Future[Revision]) -> None:
    if not outcome.cancelled() and outcome.exception() is None:
        seen.committed(workspace, outcome.result())
