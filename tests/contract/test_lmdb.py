from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from taskharbor.adapters.lmdb import LmdbStorage
from taskharbor.application.ports.storage import Storage
from taskharbor.testing import DurabilityContract, StorageContract


class TestLmdbStorage(StorageContract):
    @pytest_asyncio.fixture
    async def storage(self, tmp_path: Path) -> AsyncIterator[Storage]:
        async with LmdbStorage(tmp_path / "tasks") as storage:
            yield storage


class TestLmdbStorageIsDurable(DurabilityContract):
    @pytest.fixture
    def reopen(self, tmp_path: Path) -> Callable[[], Storage]:
        return lambda: LmdbStorage(tmp_path / "tasks")
