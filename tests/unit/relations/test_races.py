"""The rules that span tasks, where others come between every read and every commit."""

import asyncio
import random
from collections.abc import AsyncIterator, Collection, Mapping

import pytest_asyncio

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.ports.record_store import Record, RecordKey
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_store import Changeset
from taskharbor.domain.identifiers import Revision, TaskId, WorkspaceId
from taskharbor.domain.tasks.task import Task
from taskharbor.testing.relations.dependencies_contract import DependenciesContract
from taskharbor.testing.relations.subtask_completion_contract import SubtaskCompletionContract
from taskharbor.testing.relations.subtasks_contract import SubtasksContract
from taskharbor.testing.relations.waiting_contract import WaitingContract
from taskharbor.testing.tasks.lists_contract import ListsContract


class LetsOthersGoFirst(InMemoryStorage):
    """Gives way before and after each read and before each commit, now longer, now shorter, as over a network."""

    def __init__(self) -> None:
        super().__init__()
        self._random = random.Random(4)

    async def give_way(self) -> None:
        for _ in range(self._random.randrange(4)):
            await asyncio.sleep(0)

    async def load_tasks(self, workspace: WorkspaceId, ids: Collection[TaskId]) -> Mapping[TaskId, Task]:
        await self.give_way()
        found = await super().load_tasks(workspace, ids)
        await self.give_way()
        return found

    async def load_records(self, workspace: WorkspaceId, keys: Collection[RecordKey]) -> Mapping[RecordKey, Record]:
        await self.give_way()
        found = await super().load_records(workspace, keys)
        await self.give_way()
        return found

    async def commit(self, changes: Changeset) -> Revision:
        await self.give_way()
        return await super().commit(changes)


class TestStructureAmongRaces(
    SubtasksContract, SubtaskCompletionContract, DependenciesContract, WaitingContract, ListsContract
):
    @pytest_asyncio.fixture
    async def storage(self) -> AsyncIterator[Storage]:
        async with LetsOthersGoFirst() as storage:
            yield storage
