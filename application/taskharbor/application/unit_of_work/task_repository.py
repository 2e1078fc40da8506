"""The tasks that a unit of work has read and changed."""

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cached_property

from taskharbor.application.documents.task_document import document_of
from taskharbor.application.errors import PreconditionFailed
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_relations import RankedTask, Relation
from taskharbor.application.unit_of_work.claim_guard import ClaimGuard
from taskharbor.application.unit_of_work.identity_map import IdentityMap
from taskharbor.application.unit_of_work.pending_relations import related_with
from taskharbor.application.unit_of_work.subtask_counts import Share, Shares, differences, share_of
from taskharbor.application.unit_of_work.task_writes import TaskBookmark, TaskWrites
from taskharbor.domain.errors import TaskNotFound
from taskharbor.domain.identifiers import Revision, TaskId, WorkspaceId
from taskharbor.domain.tasks.rank import Rank
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.uid import Uid


class TaskRepository:
    """The tasks of one workspace as one unit of work sees them: committed ones, with its own changes on top.

    Attributes:
        command: what is being carried out; the history records it for each task that is added or saved.
        documents: the documents of tasks that are written, as readers are answered with them.
    """

    def __init__(self, store: Storage, workspace: WorkspaceId, *, now: datetime, actor: str | None) -> None:
        self._store = store
        self._workspace = workspace
        self._now = now
        self._actor = actor
        self._read: dict[TaskId, Task] = {}
        self._added: dict[TaskId, Task] = {}
        self._new_uids: dict[Uid, TaskId] = {}
        self._changed: dict[TaskId, Task] = {}
        self._guarded: dict[TaskId, Revision] = {}
        self._counted: Shares = {}
        self._unsettled: set[TaskId] = set()
        self._commands: dict[TaskId, str] = {}
        self.documents: dict[TaskId, str] = {}
        self.command = ""

    @cached_property
    def claims(self) -> ClaimGuard:
        """Who may change the progress of the tasks that are claimed."""
        return ClaimGuard(now=self._now, actor=self._actor)

    @cached_property
    def _reads(self) -> IdentityMap:
        return IdentityMap(self._store, self._workspace, self._read)

    async def next_id(self) -> TaskId:
        """Return an id for a new task."""
        return await self._store.next_task_id(self._workspace)

    async def find(self, task_id: TaskId) -> Task | None:
        """Return the task, a deleted one too, or None. A second look finds the same: reads are repeatable."""
        task = self._added.get(task_id) or self._changed.get(task_id) or self._read.get(task_id)
        if task is None:
            await self._reads.read((task_id,))
            task = self._read.get(task_id)
        return task

    def as_read(self, task_id: TaskId) -> Task | None:
        """Return the task as the store had it when it was read here; None if it is new."""
        return self._read.get(task_id)

    async def prefetch(self, task_ids: Collection[TaskId]) -> None:
        """Read several tasks at once, so that finding each of them needs no read of its own."""
        await self._reads.read([task_id for task_id in task_ids if task_id not in self._added])

    async def find_uids(self, uids: Collection[Uid]) -> dict[Uid, TaskId]:
        """Return the ids of those of the tasks that are there, deleted ones and new ones too."""
        known = await self._reads.find_uids(uids)
        return known | {uid: self._new_uids[uid] for uid in uids if uid in self._new_uids}

    async def find_by_uid(self, uid: Uid) -> Task | None:
        """Return the task with this uid, a deleted one too, or None."""
        task_id = (await self.find_uids((uid,))).get(uid)
        return None if task_id is None else await self.find(task_id)

    async def get(self, task_id: TaskId, *, if_match: Revision | None = None) -> Task:
        """Return the live task.

        Raises:
            TaskNotFound: if there is none, or it is deleted.
            PreconditionFailed: if `if_match` is given and is not its revision.
        """
        task = await self.get_even_deleted(task_id, if_match=if_match)
        if task.is_deleted:
            raise TaskNotFound(task_id)
        return task

    async def get_even_deleted(self, task_id: TaskId, *, if_match: Revision | None = None) -> Task:
        """Return the task, live or deleted.

        Raises:
            TaskNotFound: if there is none.
            PreconditionFailed: if `if_match` is given and is not its revision.
        """
        task = await self.find(task_id)
        if task is None:
            raise TaskNotFound(task_id)
        if if_match is not None and task.revision != if_match:
            raise PreconditionFailed(task_id, expected=if_match, current=task.revision)
        return task

    def add(self, task: Task) -> Task:
        """Have a new task written at commit."""
        if task.revision or task.id in self._read or task.id in self._added:
            raise ValueError(f"task {task.id} is not new")
        self._added[task.id] = task
        self._new_uids[task.uid] = task.id
        if task.parent is not None:
            self._unsettled.add(task.id)
        self._commands[task.id] = self.command
        return task

    def save(self, task: Task) -> Task:
        """Have a task that was read here written at commit, if it differs from what was read.

        Raises:
            TaskClaimed: if its progress would be changed, and another one holds a claim on it.
        """
        before = self._added.get(task.id) or self._changed.get(task.id) or self._read.get(task.id)
        if before is not None and (before.claim is not None or task.claim is not None):
            task = self.claims.settled(before, task)
        if self._write(task):
            self._commands[task.id] = self.command
        return task

    async def is_blocked(self, task: Task) -> bool:
        """Return whether a task that this one depends on is live and open."""
        if not task.depends_on:
            return False
        await self.prefetch(task.depends_on)
        needed = [await self.find(id_) for id_ in task.depends_on]
        return any(one is not None and one.is_open and not one.is_deleted for one in needed)

    async def related(
        self, relation: Relation, *, beyond: Rank | None = None, backwards: bool = False, limit: int
    ) -> list[RankedTask]:
        """Return what `TaskRelations.list_related` says, with the changes of this unit of work on top."""
        written = {**self._added, **self._changed}
        found = await self._store.list_related(
            self._workspace, relation, beyond=beyond, backwards=backwards, limit=limit + len(written)
        )
        return related_with(found, written, relation, beyond=beyond, backwards=backwards)[:limit]

    async def settle(self) -> None:
        """Count subtasks where they have come, gone, been closed or opened again since this was last called.

        A use case that writes a task need not update its parent: the counts that a parent keeps are kept here, and what
        they say belongs to the same commit. So a call that settles a parent, and one that gives it a subtask
        at the same moment, both write the parent, and one of them finds it changed.
        """
        if not self._unsettled:
            return
        # Only of what was written since: a batch settles after each of its commands.
        now = {id_: share for id_ in self._unsettled if (share := share_of(self.seen(id_))) != self._counted_as(id_)}
        if now:
            await self._count(differences({id_: self._counted_as(id_) for id_ in now}, now))
            self._counted.update(now)
        self._unsettled.clear()

    def _counted_as(self, task_id: TaskId) -> Share | None:
        return self._counted[task_id] if task_id in self._counted else share_of(self._read.get(task_id))

    async def _count(self, changes: Mapping[TaskId, tuple[int, int]]) -> None:
        await self.prefetch(changes)
        for parent_id, (by, open_by) in changes.items():
            parent = await self.find(parent_id)
            if parent is not None:
                self._write(parent.count_subtasks(by=by, open_by=open_by))

    def guard(self, task: Task) -> None:
        """Let the commit fail if another call changes this task, which is only read here."""
        self._guarded[task.id] = task.revision

    def seen(self, task_id: TaskId) -> Task:
        """Return a task of this unit of work as `find` would: with its changes, after a commit with their revision."""
        return self._added.get(task_id) or self._changed.get(task_id) or self._read[task_id]

    def bookmark(self) -> TaskBookmark:
        """Return the changes so far, for `return_to`."""
        written = dict(self._added), dict(self._changed)
        return *written, dict(self._guarded), dict(self._counted), frozenset(self._unsettled), dict(self._commands)

    def return_to(self, bookmark: TaskBookmark) -> None:
        """Forget the changes made since the bookmark."""
        added, changed, guarded, counted, unsettled, commands = bookmark
        self._added, self._changed, self._guarded = dict(added), dict(changed), dict(guarded)
        self._counted, self._unsettled, self._commands = dict(counted), set(unsettled), dict(commands)
        self._new_uids = {task.uid: task.id for task in added.values()}
        self.documents.clear()

    def _write(self, task: Task) -> bool:
        """Return whether it is a change of a task that was there before."""
        if task.id not in self._added and task.id not in self._read:
            raise ValueError(f"task {task.id} was not read in this unit of work")
        before = self._read.get(task.id)
        if task.parent is not None or task.id in self._counted or (before is not None and before.parent is not None):
            self._unsettled.add(task.id)
        self.documents.pop(task.id, None)
        if task.id in self._added:
            self._added[task.id] = task
            return False
        if task == self._read[task.id]:
            self._changed.pop(task.id, None)
            return False
        self._changed[task.id] = task
        return True

    @property
    def added(self) -> tuple[Task, ...]:
        """The tasks that are new."""
        return tuple(self._added.values())

    @property
    def changed(self) -> tuple[Task, ...]:
        """The tasks as they shall become."""
        return tuple(self._changed.values())

    @property
    def guarded(self) -> dict[TaskId, Revision]:
        """The revisions that tasks must still have which are only read."""
        guarded = self._guarded.items()
        return {id_: rev for id_, rev in guarded if id_ not in self._added and id_ not in self._changed}

    def with_reminders(self) -> list[Task]:
        """Return those of the tasks that are written which have reminders or alerts, or had some."""
        written = (*self._added.values(), *self._changed.values())
        return [task for task in written if _reminds(task) or ((read := self._read.get(task.id)) and _reminds(read))]

    def writes(self) -> TaskWrites:
        """Return what is to be written."""
        return TaskWrites(
            added=self.added,
            changed=self.changed,
            before={id_: self._read[id_] for id_ in self._changed},
            guarded=self.guarded,
            commands=self._commands,
            command=self.command,
        )

    def document_of(self, task_id: TaskId) -> str:
        """Return the document of a task of this unit of work."""
        return self.documents.get(task_id) or document_of(self.seen(task_id))

    def committed(self, revision: Revision) -> None:
        """Take note that all changes have been written with this revision."""
        for written in (self._added, self._changed):
            for id_, task in written.items():
                self._read[id_] = task.committed(revision)
                if id_ in self._guarded:
                    self._guarded[id_] = revision
            written.clear()
        self._counted.clear()


def _reminds(task: Task) -> bool:
    return bool(task.reminders or task.alerts)
