"""Where a test works: one workspace, with short names for what is done all the time."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final, Self
from uuid import uuid4

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.ports.change_feed import ChangeSlice, Position
from taskharbor.application.ports.record_store import Record, RecordKey
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_history import HistoryEntry
from taskharbor.application.ports.task_queries import TaskPage
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.identifiers import MAX_ID, Revision, TaskId, WorkspaceId
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.uid import Uid, uid_from

NOON: Final = datetime(2026, 1, 1, 12, tzinfo=UTC)
LATER: Final = datetime(2026, 1, 1, 13, tzinfo=UTC)
BEGINNING: Final = Position(0)
"""Before the first change of all."""


class Bench:
    """A new workspace, so the store may hold anything else.

    Attributes:
        storage: the store.
        workspace: the workspace's name.
    """

    def __init__(self, storage: Storage, workspace: WorkspaceId | None = None) -> None:
        self.storage = storage
        self.workspace = workspace or f"kit-{uuid4()}"
        self._ids: list[TaskId] = []

    def another(self) -> Self:
        """Return a bench in another new workspace of the same store."""
        return type(self)(self.storage)

    def on(self, storage: Storage) -> Self:
        """Return a bench in the same workspace, through another store that is open on the same place."""
        bench = copy(self)
        bench.storage = storage
        return bench

    def unit_of_work(self) -> UnitOfWork:
        """Begin a unit of work."""
        return UnitOfWork(self.storage, workspace=self.workspace, now=NOON)

    async def next_id(self) -> TaskId:
        """Take the next id."""
        task_id = await self.storage.next_task_id(self.workspace)
        self._ids.append(task_id)
        return task_id

    async def new_task(self, title: str = "a task", *, uid: Uid | None = None) -> Task:
        """Make a task that is not stored yet."""
        return Task.create(id=await self.next_id(), uid=uid or uid_from(uuid4()), title=title, at=NOON)

    async def commit(
        self,
        *,
        added: Iterable[Task] = (),
        changed: Iterable[Task] = (),
        guarded: Mapping[TaskId, Revision] | None = None,
        records: Iterable[Record] = (),
        guarded_records: Mapping[RecordKey, Revision] | None = None,
        history: Iterable[HistoryEntry] = (),
    ) -> Revision:
        """Commit one changeset."""
        return await self.storage.commit(
            Changeset(
                workspace=self.workspace,
                added=tuple(added),
                changed=tuple(changed),
                guarded=dict(guarded or {}),
                records=tuple(records),
                guarded_records=dict(guarded_records or {}),
                history=tuple(history),
            )
        )

    async def add(self, title: str = "a task", *, uid: Uid | None = None) -> Task:
        """Store a new task; return it as stored."""
        task = await self.new_task(title, uid=uid)
        return task.committed(await self.commit(added=[task]))

    async def add_many(self, number: int) -> list[Task]:
        """Store that many new tasks in one commit; return them as stored, in order of id."""
        tasks = [await self.new_task(f"task {n}") for n in range(number)]
        revision = await self.commit(added=tasks)
        return [task.committed(revision) for task in tasks]

    async def change(self, task: Task) -> Task:
        """Store a task as it shall become; return it as stored."""
        return task.committed(await self.commit(changed=[task]))

    async def load(self, task_id: TaskId) -> Task | None:
        """Load one task, live or deleted."""
        return (await self.storage.load_tasks(self.workspace, [task_id])).get(task_id)

    async def everything(self) -> tuple[Mapping[TaskId, Task], Sequence[TaskView]]:
        """Return all that the store returns of this bench's tasks: each one, deleted or not, and the list."""
        return await self.storage.load_tasks(self.workspace, self._ids), (await self.page()).items

    async def record(self, kind: str, key: str) -> Record | None:
        """Load one record, a removed one too."""
        found_by = RecordKey(kind, key)
        return (await self.storage.load_records(self.workspace, [found_by])).get(found_by)

    async def put(self, record: Record) -> Record:
        """Store a record as it shall become; return it as stored."""
        return replace(record, revision=await self.commit(records=[record]))

    async def records(self, kind: str, *, after: str = "", limit: int = 1000) -> list[Record]:
        """List the records of a kind."""
        return list(await self.storage.list_records(self.workspace, kind, after=after, limit=limit))

    async def history(self, task_id: TaskId, *, before: Revision = MAX_ID, limit: int = 1000) -> list[HistoryEntry]:
        """Ask what was done to a task, the latest first."""
        return list(await self.storage.list_history(self.workspace, task_id, before=before, limit=limit))

    async def get(self, task_id: TaskId) -> TaskView | None:
        """Ask for one live task."""
        return await self.storage.get_task(self.workspace, task_id)

    async def page(self, *, after: TaskId = 0, skip: int = 0, limit: int = 1000) -> TaskPage:
        """Ask for a page."""
        return await self.storage.list_tasks(self.workspace, after=after, skip=skip, limit=limit)

    async def changes(self, after: Position = BEGINNING, *, limit: int = 1000) -> ChangeSlice:
        """Ask for what has changed."""
        return await self.storage.list_changes(self.workspace, after=after, limit=limit)

    async def live_ids(self) -> list[TaskId]:
        """Return the ids of the first thousand live tasks."""
        return [view.id for view in (await self.page()).items]

    async def take_revision(self) -> Revision:
        """Commit something and return the revision that it took: the last one before, plus 1."""
        return await self.commit(added=[await self.new_task("takes a revision")])


def retitled(task: Task, title: str) -> Task:
    """Return the task with another title."""
    return task.change(TaskChanges(title=title), at=LATER)
