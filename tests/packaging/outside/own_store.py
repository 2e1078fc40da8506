"""Another project's store under the conformance kit. Not named test_*: it is for check_wheel.py to run, outside."""

from collections.abc import AsyncIterator

import pytest_asyncio

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.ports.storage import Storage
from taskharbor.testing import StorageContract


class OwnStorage(InMemoryStorage):
    """Stands for a store that Taskharbor knows nothing of."""


class TestOwnStorage(StorageContract):
    @pytest_asyncio.fixture
    async def storage(self) -> AsyncIterator[Storage]:
        async with OwnStorage() as storage:
            yield storage
