from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio

from taskharbor.adapters.storage_url import storage_from_url
from taskharbor.application.ports.storage import Storage
from taskharbor.testing import DurabilityContract, SharingContract, StorageContract

pytestmark = pytest.mark.usefixtures("keeps_to_its_workspace")


class TestPostgresStorage(StorageContract):
    @pytest_asyncio.fixture
    async def storage(self, module_postgres_url: str) -> AsyncIterator[Storage]:
        async with storage_from_url(module_postgres_url) as storage:
            yield storage


class ReopenedPostgres:
    @pytest.fixture
    def reopen(self, module_postgres_url: str) -> Callable[[], Storage]:
        return lambda: storage_from_url(module_postgres_url)


class TestPostgresStorageIsDurable(ReopenedPostgres, DurabilityContract):
    pass


class TestPostgresStorageIsShared(ReopenedPostgres, SharingContract):
    pass
