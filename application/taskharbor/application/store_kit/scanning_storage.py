"""A base for stores: whatever can be answered by looking at every task of a workspace is answered so.

A store has `scan` and what is left of the port. It can override any answer with a faster one; the conformance kit
checks that too.
"""

from abc import abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from typing import Protocol

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.ports.change_feed import ChangeSlice, Position, Tombstone
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_history import HistoryBounds, HistoryEntry
from taskharbor.application.ports.task_queries import TaskPage
from taskharbor.application.ports.task_relations import RankedTask, Relation
from taskharbor.application.ports.task_search import TaskFacets, TaskQuery
from taskharbor.application.ports.task_trash import DeletedPosition
from taskharbor.application.store_kit.pace import DEFAULT_BUDGET, Pace
from taskharbor.application.store_kit.scan_in_turns import count_in_turns, facets_in_turns, find_in_turns
from taskharbor.application.turns import in_turns
from taskharbor.domain.identifiers import MAX_ID, Revision, TaskId, WorkspaceId
from taskharbor.domain.search.due_buckets import DueBuckets
from taskharbor.domain.search.filter import Filter
from taskharbor.domain.search.matching import Facts
from taskharbor.domain.search.words import words_of_task
from taskharbor.domain.tasks.rank import Rank
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.uid import Uid


@dataclass(frozen=True)
class Scan:
    """All that a workspace holds of tasks, deleted ones too, at one moment: no commit is seen in part.

    Attributes:
        tasks: each task by its id.
        revision: that of the last commit.
        purged_revision: the last revision of a tombstone that was purged.
        forgotten_revision: the last revision whose history was purged.
        purged_at: when the commit of `purged_revision` was made, if the history told it.
        history: all entries of the history, in any order.
    """

    tasks: Mapping[TaskId, Task]
    revision: Revision = 0
    purged_revision: Revision = 0
    forgotten_revision: Revision = 0
    purged_at: datetime | None = None
    history: Collection[HistoryEntry] = ()

    @property
    def bounds(self) -> HistoryBounds:
        """How far the memory goes."""
        return HistoryBounds(
            revision=self.revision,
            purged_revision=self.purged_revision,
            forgotten_revision=self.forgotten_revision,
            purged_at=self.purged_at,
        )

    def made_at(self, revision: Revision) -> datetime | None:
        """Return when the last commit up to a revision was made that is known of."""
        until = (entry for entry in self.history if entry.revision <= revision)
        return self.bounds.made_at(revision, max(until, key=lambda entry: entry.revision, default=None))

    def view(self, task: Task) -> TaskView:
        """Return what readers see of a task."""
        return TaskView.of(task, blocked=self._is_blocked(task))

    def live(self) -> list[Task]:
        """Return the tasks that are not deleted, by ascending id."""
        return [task for _, task in sorted(self.tasks.items()) if not task.is_deleted]

    def candidates(self) -> Iterator[tuple[Task, Facts]]:
        """Yield the live tasks with what filters ask of them."""
        for task in self.live():
            yield (
                task,
                Facts(
                    blocked=self._is_blocked(task),
                    words=partial(words_of_task, task),
                    blocking=partial(self._is_needed, task.id),
                ),
            )

    def _is_needed(self, task_id: TaskId) -> bool:
        return task_id in self._needed

    def _is_blocked(self, task: Task) -> bool:
        needed = [self.tasks[id_] for id_ in task.depends_on if id_ in self.tasks]
        return any(one.is_open and not one.is_deleted for one in needed)

    @cached_property
    def _needed(self) -> frozenset[TaskId]:
        live = (one for one in self.tasks.values() if one.depends_on and one.is_open and not one.is_deleted)
        return frozenset(id_ for one in live for id_ in one.depends_on)


class ScanningStorage(Storage, Protocol):
    """A `Storage` that reads tasks by `scan` only. The docstrings of the ports say what each answer is.

    Attributes:
        query_timeout: seconds of the processor's time that one search may take, once the tasks have been read.
    """

    query_timeout: float = DEFAULT_BUDGET

    # ruff: noqa: D102 - they are the ports' methods

    @abstractmethod
    async def scan(self, workspace: WorkspaceId) -> Scan:
        """Return the tasks of a workspace as one commit left them; of one that is not there, none.

        Raises:
            StoreUnavailable: if the store does not answer.
        """
        ...

    async def load_tasks(self, workspace: WorkspaceId, ids: Collection[TaskId]) -> Mapping[TaskId, Task]:
        tasks = (await self.scan(workspace)).tasks
        return {id_: tasks[id_] for id_ in ids if id_ in tasks}

    async def find_uids(self, workspace: WorkspaceId, uids: Collection[Uid]) -> Mapping[Uid, TaskId]:
        found = await self.scan(workspace)
        return {task.uid: task.id for task in found.tasks.values() if task.uid in uids}

    async def list_related(
        self,
        workspace: WorkspaceId,
        relation: Relation,
        *,
        beyond: Rank | None = None,
        backwards: bool = False,
        limit: int,
    ) -> Sequence[RankedTask]:
        live = (await self.scan(workspace)).live()
        found = [RankedTask(task.rank, task.id) for task in live if relation.holds(task)]
        if beyond is not None:
            found = [one for one in found if (one.rank < beyond if backwards else one.rank > beyond)]
        return sorted(found, reverse=backwards)[:limit]

    async def get_task(self, workspace: WorkspaceId, task_id: TaskId) -> TaskView | None:
        found = await self.scan(workspace)
        task = found.tasks.get(task_id)
        return None if task is None or task.is_deleted else found.view(task)

    async def list_tasks(self, workspace: WorkspaceId, *, after: TaskId, skip: int, limit: int) -> TaskPage:
        found = await self.scan(workspace)
        live = [task for task in found.live() if task.id > after]
        return TaskPage.of([found.view(task) for task in live[skip : skip + limit + 1]], limit)

    async def find_tasks(self, workspace: WorkspaceId, query: TaskQuery) -> Sequence[TaskView]:
        found = await self.scan(workspace)
        chosen = await find_in_turns(found.candidates(), query, Pace(self.query_timeout))
        return [found.view(one.task).with_urgency(one.urgency) async for one in in_turns(chosen)]

    async def count_tasks(self, workspace: WorkspaceId, filter: Filter | None) -> int:
        found = await self.scan(workspace)
        return await count_in_turns(found.candidates(), filter, Pace(self.query_timeout))

    async def count_facets(self, workspace: WorkspaceId, filter: Filter | None, buckets: DueBuckets) -> TaskFacets:
        found = await self.scan(workspace)
        return await facets_in_turns(found.candidates(), filter, buckets, Pace(self.query_timeout))

    async def list_changes(self, workspace: WorkspaceId, *, after: Position, limit: int) -> ChangeSlice:
        found = await self.scan(workspace)
        seen = after.revision, MAX_ID if after.task_id is None else after.task_id
        changed = [task for task in found.tasks.values() if (task.revision, task.id) > seen]
        changed.sort(key=lambda task: (task.revision, task.id))
        items = [
            found.view(task) if task.deleted is None else Tombstone(task.id, task.uid, task.revision, task.deleted)
            for task in changed[:limit]
        ]
        return ChangeSlice(
            items=items,
            revision=found.revision,
            purged_revision=found.purged_revision,
            at=found.made_at(found.revision),
            seen_at=None if after.seen is None else found.made_at(after.seen),
        )

    async def read_history_bounds(self, workspace: WorkspaceId) -> HistoryBounds:
        return (await self.scan(workspace)).bounds

    async def scan_tasks(self, workspace: WorkspaceId, *, after: TaskId, limit: int) -> Sequence[Task]:
        tasks = (await self.scan(workspace)).tasks
        return [tasks[id_] for id_ in sorted(tasks) if id_ > after][:limit]

    async def list_deleted(
        self, workspace: WorkspaceId, *, before: DeletedPosition | None, limit: int
    ) -> Sequence[Task]:
        tasks = (await self.scan(workspace)).tasks
        places = sorted((DeletedPosition(t.deleted, t.id) for t in tasks.values() if t.deleted), reverse=True)
        return [tasks[place.task_id] for place in places if before is None or place < before][:limit]
