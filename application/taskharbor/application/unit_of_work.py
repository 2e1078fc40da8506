"""The unit of work: Fowler's own, which keeps changes in memory and writes them all at once."""

import asyncio
from collections.abc import Collection
from contextlib import suppress
from datetime import datetime
from types import TracebackType
from typing import Self, TypeAlias

from taskharbor.application.errors import PreconditionFailed
from taskharbor.application.ports.task_store import Changeset, TaskStore
from taskharbor.domain.errors import TaskNotFound
from taskharbor.domain.identifiers import Revision, TaskId, WorkspaceId, is_task_id
from taskharbor.domain.task import Task

Bookmark: TypeAlias = tuple[dict[TaskId, Task], dict[TaskId, Task], dict[TaskId, Revision]]
"""The changes of a unit of work at some moment."""


class TaskRepository:
    """The tasks of one workspace as one unit of work sees them: committed ones, with its own changes on top."""

    def __init__(self, store: TaskStore, workspace: WorkspaceId) -> None:
        self._store = store
        self._workspace = workspace
        self._read: dict[TaskId, Task] = {}
        self._absent: set[TaskId] = set()
        self._added: dict[TaskId, Task] = {}
        self._changed: dict[TaskId, Task] = {}
        self._guarded: dict[TaskId, Revision] = {}

    async def next_id(self) -> TaskId:
        """Return an id for a new task."""
        return await self._store.next_task_id(self._workspace)

    async def find(self, task_id: TaskId) -> Task | None:
        """Return the task, a deleted one too, or None. A second look finds the same: reads are repeatable."""
        task = self._added.get(task_id) or self._changed.get(task_id) or self._read.get(task_id)
        if task is None and await self._load((task_id,)):
            task = self._read.get(task_id)
        return task

    async def prefetch(self, task_ids: Collection[TaskId]) -> None:
        """Read several tasks at once, so that finding each of them needs no read of its own."""
        await self._load(task_ids)

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
        return task

    def save(self, task: Task) -> Task:
        """Have a task that was read here written at commit, if it differs from what was read."""
        if task.id in self._added:
            self._added[task.id] = task
        elif task.id not in self._read:
            raise ValueError(f"task {task.id} was not read in this unit of work")
        elif task == self._read[task.id]:
            self._changed.pop(task.id, None)
        else:
            self._changed[task.id] = task
        return task

    def guard(self, task: Task) -> None:
        """Let the commit fail if somebody else changes this task, though it is only read here."""
        self._guarded[task.id] = task.revision

    def seen(self, task_id: TaskId) -> Task:
        """Return a task of this unit of work as `find` would: with its changes, after a commit with their revision."""
        return self._added.get(task_id) or self._changed.get(task_id) or self._read[task_id]

    def bookmark(self) -> Bookmark:
        """Return the changes so far, for `return_to`."""
        return dict(self._added), dict(self._changed), dict(self._guarded)

    def return_to(self, bookmark: Bookmark) -> None:
        """Forget the changes made since the bookmark."""
        added, changed, guarded = bookmark
        self._added, self._changed, self._guarded = dict(added), dict(changed), dict(guarded)

    async def _load(self, task_ids: Collection[TaskId]) -> bool:
        known = (self._read, self._added, self._absent)
        unread = {id_ for id_ in task_ids if is_task_id(id_) and not any(id_ in ids for ids in known)}
        if not unread:
            return False
        loaded = await self._store.load_tasks(self._workspace, unread)
        self._read.update(loaded)
        self._absent |= unread - loaded.keys()
        return True

    def changeset(self) -> Changeset | None:
        """Return what there is to write, or None."""
        if not self._added and not self._changed:
            return None
        written = self._added.keys() | self._changed.keys()
        only_read = {id_: revision for id_, revision in self._guarded.items() if id_ not in written}
        return Changeset(
            workspace=self._workspace,
            added=tuple(self._added.values()),
            changed=tuple(self._changed.values()),
            guarded=only_read,
        )

    def committed(self, revision: Revision) -> None:
        """Take note that all changes have been written with this revision."""
        for written in (self._added, self._changed):
            self._read.update({id_: task.committed(revision) for id_, task in written.items()})
            self._guarded.update({id_: revision for id_ in written if id_ in self._guarded})
            written.clear()


class UnitOfWork:
    """One piece of business: reads committed data, keeps its changes in memory, writes them all at `commit()`.

    Between its calls no connection, lock or transaction is held, however long the caller thinks. Leaving the
    `async with` block without a commit, by an exception or a cancellation too, writes nothing.

    Attributes:
        tasks: the tasks of the workspace.
        now: the instant at which this piece of business happens.
    """

    def __init__(self, store: TaskStore, *, workspace: WorkspaceId, now: datetime) -> None:
        self.tasks = TaskRepository(store, workspace)
        self.now = now
        self._store = store
        self._ended = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._ended = True

    async def commit(self) -> Revision | None:
        """Write all changes in one atomic step; return the revision that it took, or None if there was no change.

        Once sent, a commit runs to its end: a cancellation is raised when the outcome is settled.

        Raises:
            ConcurrentUpdate: if a task that was changed or guarded has another revision now. Nothing was written.
            UidTaken: if a new task has the uid of another one. Nothing was written.
            StoreUnavailable: if the store cannot be reached.
        """
        if self._ended:
            raise RuntimeError("this unit of work has ended")
        changes = self.tasks.changeset()
        if changes is None:
            return None
        revision = await self._to_the_end(changes)
        self.tasks.committed(revision)
        return revision

    async def _to_the_end(self, changes: Changeset) -> Revision:
        flush = asyncio.ensure_future(self._store.commit(changes))
        try:
            return await asyncio.shield(flush)
        except asyncio.CancelledError:
            while not flush.done():
                with suppress(asyncio.CancelledError):
                    await asyncio.wait({flush})
            if not flush.cancelled():
                flush.exception()  # seen: the caller asked to be cancelled and learns nothing else
            raise
