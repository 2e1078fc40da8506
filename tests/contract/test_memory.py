from collections.abc import AsyncIterator

import pytest_asyncio

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.ports.storage import Storage
from taskharbor.testing import CopiesContract, StorageContract, storage_machine


class TestInMemoryStorage(StorageContract):
    @pytest_asyncio.fixture
    async def storage(self) -> AsyncIterator[Storage]:
        async with InMemoryStorage() as storage:
            yield storage


class TestInMemoryStorageCanBeCopied(CopiesContract):
    @pytest_asyncio.fixture
    async def storage(self) -> AsyncIterator[Storage]:
        async with InMemoryStorage() as storage:
            yield storage


TestInMemoryStorageInALoopOfItsOwn = storage_machine(InMemoryStorage).TestCase
