"""The tasks and records of one workspace, in memory."""

import asyncio
from bisect import bisect_left, bisect_right, insort
from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import chain

from taskharbor.adapters.memory.history import InMemoryHistory
from taskharbor.adapters.memory.relation_index import RelationIndex
from taskharbor.adapters.memory.snapshot import InMemorySnapshot
from taskharbor.application.documents.task_document import document_of
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.errors import ConcurrentUpdate, UidTaken
from taskharbor.application.ports.change_feed import Position
from taskharbor.application.ports.record_store import Record, RecordKey
from taskharbor.application.ports.task_history import HistoryBounds
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.ports.task_trash import DeletedPosition
from taskharbor.application.store_kit.pace import Pace
from taskharbor.domain.fast_replace import replace
from taskharbor.domain.identifiers import MAX_ID, Revision, TaskId
from taskharbor.domain.search.words import Words, words_of_task
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.uid import Uid


class InMemoryWorkspace:
    """Holds tasks and records, which are immutable, so they can be handed out as they are.

    No method awaits anything, so each is atomic for the event loop that calls it.
    """

    def __init__(self) -> None:
        self.tasks: dict[TaskId, Task] = {}
        self.records: dict[RecordKey, Record] = {}
        self.structure = RelationIndex()
        self.history = InMemoryHistory()
        self.extent = HistoryBounds()
        self.last_id: TaskId = 0
        self._views: dict[TaskId, TaskView] = {}
        self._words: dict[TaskId, Words] = {}
        self._uids: dict[Uid, TaskId] = {}
        self._live: list[TaskId] = []
        self._by_revision: list[tuple[Revision, TaskId]] = []
        self._writing: asyncio.Event | None = None

    def next_task_id(self) -> TaskId:
        """Return the next number."""
        self.last_id += 1
        return self.last_id

    def commit(self, changes: Changeset) -> Revision:
        """Check everything, then write everything: nothing can fail half-way."""
        self._check(changes)
        revision = self.revision + 1
        self.extent = replace(self.extent, revision=revision)
        for task in chain(changes.added, changes.changed):
            self._put(task.committed(revision), document_of(task, changes.documents))
        for record in changes.records:
            self.records[record.found_by] = replace(record, revision=revision)
        for entry in changes.history:
            self.history.add(replace(entry, revision=revision))
        return revision

    async def commit_in_turns(self, changes: Changeset) -> Revision:
        """Do so while others have their turns; whoever asks for this workspace meanwhile waits."""
        await self.settled()
        self._check(changes)
        self._writing = asyncio.Event()
        try:
            pace = Pace()
            for _ in self._writes(changes):
                await pace.step()
        finally:
            self._writing.set()
            self._writing = None
        return self.revision

    @property
    def is_being_written(self) -> bool:
        """Whether a commit is written in part."""
        return self._writing is not None

    async def settled(self) -> None:
        """Wait until no commit is written in part. Nothing comes between that and what the caller does next."""
        while self._writing is not None:
            await self._writing.wait()

    def _writes(self, changes: Changeset) -> Iterator[None]:
        revision = self.revision + 1
        for task in chain(changes.added, changes.changed):
            self._put(task.committed(revision), document_of(task, changes.documents))
            yield
        for record in changes.records:
            self.records[record.found_by] = replace(record, revision=revision)
            yield
        for entry in changes.history:
            self.history.add(replace(entry, revision=revision))
            yield
        self.extent = replace(self.extent, revision=revision)

    @property
    def revision(self) -> Revision:
        """The last revision."""
        return self.extent.revision

    def made_at(self, revision: Revision) -> datetime | None:
        """Return when the last commit up to a revision was made that is known of."""
        return self.extent.made_at(revision, self.history.last_until(revision))

    def view(self, task: Task) -> TaskView:
        """Return what readers see of a live task of this workspace."""
        return TaskView.of(task, blocked=True) if self._is_blocked(task) else self._views[task.id]

    def snapshot(self) -> "InMemorySnapshot":
        """Return the tasks as they are now, whatever is committed later."""
        return InMemorySnapshot(dict(self.tasks), list(self._live), self)

    def words_of(self, task: Task) -> Words:
        """Return the words of a task, which may be of an earlier revision."""
        if self.tasks.get(task.id) is not task:
            return words_of_task(task)
        words = self._words.get(task.id)
        if words is None:
            words = self._words[task.id] = words_of_task(task)
        return words

    def document_of(self, task: Task) -> str | None:
        """Return the document of a live task, if it is of this revision."""
        return self._views[task.id].document if self.tasks.get(task.id) is task else None

    def live_after(self, task_id: TaskId, *, skip: int, limit: int) -> list[Task]:
        """Return up to `limit` live tasks with greater ids, in order, after passing over `skip` of them."""
        start = bisect_right(self._live, task_id) + skip
        return [self.tasks[id_] for id_ in self._live[start : start + limit]]

    def changed_after(self, position: Position, *, limit: int) -> list[Task]:
        """Return up to `limit` tasks, deleted ones too, in the order in which they last changed."""
        last_id = MAX_ID if position.task_id is None else position.task_id
        start = bisect_right(self._by_revision, (position.revision, last_id))
        return [self.tasks[id_] for _, id_ in self._by_revision[start : start + limit]]

    def ids_of(self, uids: Collection[Uid]) -> dict[Uid, TaskId]:
        """Return the ids of those of the tasks that exist."""
        return {uid: self._uids[uid] for uid in uids if uid in self._uids}

    def records_of(self, kind: str, *, after: str, limit: int) -> list[Record]:
        """Return up to `limit` records of a kind that have not been removed, in order of their keys."""
        keys = sorted(key for key in self.records if key.kind == kind and key.key > after)
        kept = (self.records[key] for key in keys if self.records[key].document is not None)
        return [record for _, record in zip(range(limit), kept, strict=False)]

    def tasks_after(self, task_id: TaskId, *, limit: int) -> list[Task]:
        """Return up to `limit` tasks with greater ids, deleted ones too."""
        return [self.tasks[id_] for id_ in sorted(self.tasks) if id_ > task_id][:limit]

    def deleted_before(self, position: DeletedPosition | None, *, limit: int) -> list[Task]:
        """Return up to `limit` deleted tasks, the last one first."""
        places = [DeletedPosition(task.deleted, task.id) for task in self.tasks.values() if task.deleted]
        places = [place for place in places if position is None or place < position]
        return [self.tasks[place.task_id] for place in sorted(places, reverse=True)[:limit]]

    def remove(self, tombstone: Task) -> None:
        """Forget a deleted task; its id stays taken."""
        del self.tasks[tombstone.id], self._views[tombstone.id]
        self._words.pop(tombstone.id, None)
        del self._by_revision[bisect_left(self._by_revision, (tombstone.revision, tombstone.id))]
        self._uids.pop(tombstone.uid, None)

    def replace(self, task: Task) -> None:
        """Put a task in its place with the revision that it has, and take away another one that has its uid."""
        holder = self.tasks.get(self._uids.get(task.uid, task.id))
        if holder is not None and holder.id != task.id:
            if not holder.is_deleted:
                self._put(holder.delete(at=holder.updated), document_of(holder))
            self.remove(self.tasks[holder.id])
        before = self.tasks.get(task.id)
        if before is not None:
            del self._uids[before.uid]
        self._put(task, document_of(task))

    def _is_blocked(self, task: Task) -> bool:
        needed = (self.tasks.get(id_) for id_ in task.depends_on)
        return any(one is not None and one.is_open and not one.is_deleted for one in needed)

    def _check(self, changes: Changeset) -> None:
        for task in changes.changed:
            self._check_task(task.id, task.revision)
        for task_id, revision in changes.guarded.items():
            self._check_task(task_id, revision)
        for record in changes.records:
            self._check_record(record.found_by, record.revision)
        for key, revision in changes.guarded_records.items():
            self._check_record(key, revision)
        new: set[Uid] = set()
        for task in changes.added:
            if task.uid in self._uids or task.uid in new:
                raise UidTaken(task.uid)
            if task.id in self.tasks:
                raise ValueError(f"task {task.id} exists already")
            new.add(task.uid)

    def _check_task(self, task_id: TaskId, revision: Revision) -> None:
        stored = self.tasks.get(task_id)
        if stored is None or stored.revision != revision:
            raise ConcurrentUpdate(task_id)

    def _check_record(self, key: RecordKey, revision: Revision) -> None:
        record = self.records.get(key)
        if (0 if record is None else record.revision) != revision:
            raise ConcurrentUpdate

    def _put(self, task: Task, document: str) -> None:
        before = self.tasks.get(task.id)
        if before is not None:
            del self._by_revision[bisect_left(self._by_revision, (before.revision, before.id))]
        insort(self._by_revision, (task.revision, task.id))
        self.structure.put(before, task)
        self.tasks[task.id] = task
        self._views[task.id] = TaskView(document, task.revision, blocked=False)
        self._words.pop(task.id, None)
        self._uids[task.uid] = task.id
        was_live = before is not None and not before.is_deleted
        if was_live and task.is_deleted:
            del self._live[bisect_left(self._live, task.id)]
        elif not was_live and not task.is_deleted:
            insort(self._live, task.id)
