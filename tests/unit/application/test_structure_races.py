"""The rules that span tasks, where others come between every read and every commit."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping

import pytest_asyncio

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.ports.record_store import Record, RecordKey
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_store import Changeset
from taskharbor.domain.identifiers import Revision, TaskId, WorkspaceId
from taskharbor.domain.task import Task
from taskharbor.testing.dependencies_contract import DependenciesContract
from taskharbor.testing.lists_contract import ListsContract
from taskharbor.testing.subtasks_contract import SubtasksContract


class LetsOthersGoFirst(InMemoryStorage):
    """Gives way before and after each read and before each commit, as a store over a network does."""

    async def load_tasks(self, workspace: WorkspaceId, ids: Collection[TaskId]) -> Mapping[TaskId, Task]:
        await asyncio.sleep(0)
        found = await super().load_tasks(workspace, ids)
        await asyncio.sleep(0)
        return found

    async def load_records(self, workspace: WorkspaceId, keys: Collection[RecordKey]) -> Mapping[RecordKey, Record]:
        await asyncio.sleep(0)
        found = await super().load_records(workspace, keys)
        await asyncio.sleep(0)
        return found

    async def commit(self, changes: Changeset) -> Revision:
        await asyncio.sleep(0)
        return await super().commit(changes)


class TestStructureAmongRaces(SubtasksContract, DependenciesContract, ListsContract):
    @pytest_asyncio.fixture
    async def storage(self) -> AsyncIterator[Storage]:
        async with LetsOthersGoFirst() as storage:
            yield storage
