from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio

from postgres_server import PostgresServer
from taskharbor.adapters.storage_url import storage_from_url
from taskharbor.application.ports.storage import Storage
from taskharbor.testing import DurabilityContract, RestoreContract, SharingContract, StorageContract

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


class TestPostgresStorageIsRestored(RestoreContract):
    @pytest.fixture
    def reopen(self, postgres_url: str) -> Callable[[], Storage]:
        return lambda: storage_from_url(postgres_url)

    @pytest.fixture
    def back_up(self, postgres_server: PostgresServer, postgres_url: str) -> Callable[[], Callable[[], None]]:
        return lambda: postgres_server.back_up(postgres_url)
