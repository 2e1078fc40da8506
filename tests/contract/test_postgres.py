from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio

from postgres_server import PostgresServer
from taskharbor.adapters.storage_url import storage_from_url
from taskharbor.application.ports.storage import Storage
from taskharbor.testing import CopiesContract, DurabilityContract, RestoreContract, SharingContract, StorageContract
from taskharbor.testing.closing_contract import ClosingContract

pytestmark = pytest.mark.usefixtures("keeps_to_its_workspace")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_storage(statements: object, module_postgres_url: str) -> AsyncIterator[Storage]:
    """A store for all tests but those that close theirs: to connect took a third of the time of each."""
    async with storage_from_url(module_postgres_url) as storage:
        yield storage


class TestPostgresStorage(StorageContract):
    LOOP_SCOPE = "module"

    @pytest_asyncio.fixture(loop_scope="module")
    async def storage(
        self, request: pytest.FixtureRequest, shared_storage: Storage, module_postgres_url: str
    ) -> AsyncIterator[Storage]:
        if request.function.__name__ in vars(ClosingContract):
            async with storage_from_url(module_postgres_url) as storage:
                yield storage
        else:
            yield shared_storage


class TestPostgresStorageCanBeCopied(CopiesContract):
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
