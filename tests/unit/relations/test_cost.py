"""How often the store is asked: what has no structure must not pay for it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.lists.manage_lists import CreateList
from taskharbor.application.ports.record_store import Record, RecordKey
from taskharbor.application.ports.task_relations import RankedTask, Relation
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.progress.change_progress import CompleteTask
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.identifiers import Revision, TaskId, WorkspaceId
from taskharbor.domain.tasks.task import Task
from taskharbor.testing import FakeClock, FakeUids


class CountingStorage(InMemoryStorage):
    def __init__(self) -> None:
        super().__init__()
        self.calls: list[str] = []

    async def load_tasks(self, workspace: WorkspaceId, ids: Collection[TaskId]) -> Mapping[TaskId, Task]:
        self.calls.append("load")
        return await super().load_tasks(workspace, ids)

    async def load_records(self, workspace: WorkspaceId, keys: Collection[RecordKey]) -> Mapping[RecordKey, Record]:
        self.calls.append("load records")
        return await super().load_records(workspace, keys)

    async def list_related(self, workspace: WorkspaceId, relation: Relation, **more: Any) -> Sequence[RankedTask]:
        self.calls.append("list")
        return await super().list_related(workspace, relation, **more)

    async def commit(self, changes: Changeset) -> Revision:
        self.calls.append("commit")
        return await super().commit(changes)


@pytest.fixture
def storage() -> CountingStorage:
    return CountingStorage()


@pytest.fixture
def app(storage: CountingStorage) -> UseCases:
    return UseCases(storage, clock=FakeClock(), uids=FakeUids())


async def test_a_create_in_the_inbox_is_one_round_trip(app: UseCases, storage: CountingStorage) -> None:
    await app.execute(CreateTask(title="a task", list=1))
    assert storage.calls == ["commit"]


async def test_a_create_in_another_list_reads_that_list(app: UseCases, storage: CountingStorage) -> None:
    made = await app.execute(CreateList(name="a list"))
    storage.calls.clear()
    await app.execute(CreateTask(title="a task", list=made.id))
    assert storage.calls == ["load records", "commit"]


async def test_a_change_and_a_completion_of_a_plain_task_are_a_load_and_a_commit(
    app: UseCases, storage: CountingStorage
) -> None:
    task = await app.execute(CreateTask(title="a task"))
    storage.calls.clear()
    await app.execute(ChangeTask(id=task.id, title="another"))
    await app.execute(CompleteTask(id=task.id))
    assert storage.calls == ["load", "commit"] * 2


async def test_completing_a_subtask_reads_its_parent_too(app: UseCases, storage: CountingStorage) -> None:
    parent = await app.execute(CreateTask(title="a parent"))
    task = await app.execute(CreateTask(title="a task", parent=parent.id))
    storage.calls.clear()
    await app.execute(CompleteTask(id=task.id))
    assert storage.calls == ["load", "load", "commit"]
