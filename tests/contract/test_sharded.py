"""Several stores as one keep what each of them promises."""

from collections.abc import AsyncIterator, Callable, Iterator

import pytest
import pytest_asyncio

from postgres_server import PostgresServer
from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.adapters.storage_options import StorageOptions
from taskharbor.adapters.storage_url import storage_from_url
from taskharbor.application.ports.storage import Storage
from taskharbor.application.shards.sharded_storage import ShardedStorage
from taskharbor.testing import DurabilityContract, SharingContract, StorageContract, storage_machine


def in_memory() -> Storage:
    return ShardedStorage(InMemoryStorage(), {"north": InMemoryStorage(), "south": InMemoryStorage()})


@pytest.mark.long
class TestShardsInMemory(StorageContract):
    @pytest_asyncio.fixture
    async def storage(self) -> AsyncIterator[Storage]:
        async with in_memory() as storage:
            yield storage


TestShardsInMemoryInALoopOfTheirOwn = pytest.mark.long(storage_machine(in_memory).TestCase)


@pytest.fixture(scope="module")
def two_databases(postgres_server: PostgresServer, migrated_template: str) -> Iterator[tuple[str, str]]:
    with (
        postgres_server.database(template=migrated_template) as home,
        postgres_server.database(template=migrated_template) as shard,
    ):
        yield home, shard


def on_two(databases: tuple[str, str]) -> Storage:
    home, shard = databases
    options = StorageOptions(is_shard=True)
    return ShardedStorage(storage_from_url(home, options), {"shard": storage_from_url(shard, options)})


@pytest.mark.long
class TestShardsOfPostgres(StorageContract):
    @pytest_asyncio.fixture
    async def storage(self, two_databases: tuple[str, str]) -> AsyncIterator[Storage]:
        async with on_two(two_databases) as storage:
            yield storage


class ReopenedShards:
    @pytest.fixture
    def reopen(self, two_databases: tuple[str, str]) -> Callable[[], Storage]:
        return lambda: on_two(two_databases)


@pytest.mark.long
class TestShardsOfPostgresAreDurable(ReopenedShards, DurabilityContract):
    pass


@pytest.mark.long
class TestShardsOfPostgresAreShared(ReopenedShards, SharingContract):
    pass
