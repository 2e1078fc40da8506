"""The example on etcd, on three servers, and while some of them are away."""

import asyncio
import importlib.util
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
import pytest_asyncio

from etcd_servers import Servers, etcd, three_servers
from taskharbor.application.errors import StoreUnavailable
from taskharbor.application.ports import KeyValueStorage
from taskharbor.application.ports.storage import Storage
from taskharbor.testing import DurabilityContract, SharingContract, StorageContract
from taskharbor.testing.scenes.bench import Bench
from taskharbor.testing.scenes.effort import PATIENCE

_EXAMPLE = Path(__file__).parents[2] / "examples" / "tasks_in_etcd.py"

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(etcd() is None, reason="etcd is not installed (apt-get install etcd-server)"),
]


@pytest.fixture(scope="module")
def example() -> ModuleType:
    spec = importlib.util.spec_from_file_location("tasks_in_etcd", _EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    program = etcd()
    assert program is not None
    with three_servers(program) as servers:
        yield servers


class TestEtcdStorage(StorageContract):
    @pytest_asyncio.fixture
    async def storage(self, example: ModuleType, servers: Servers) -> AsyncIterator[Storage]:
        async with KeyValueStorage(example.EtcdKeyValueStore(*servers.urls, timeout=PATIENCE)) as storage:
            yield storage


class ReopenedEtcd:
    @pytest.fixture
    def reopen(self, example: ModuleType, servers: Servers) -> Callable[[], Storage]:
        return lambda: KeyValueStorage(example.EtcdKeyValueStore(*servers.urls, timeout=PATIENCE))


class TestEtcdStorageIsDurable(ReopenedEtcd, DurabilityContract):
    pass


class TestEtcdStorageIsShared(ReopenedEtcd, SharingContract):
    pass


async def test_what_was_acknowledged_is_there_whichever_server_is_killed(example: ModuleType, servers: Servers) -> None:
    async with KeyValueStorage(example.EtcdKeyValueStore(*servers.urls, timeout=2)) as storage:
        here = Bench(storage)
        acknowledged = []
        for killed in range(3):
            await asyncio.to_thread(servers.kill, killed)
            for n in range(30):
                task = await here.new_task(f"task {n}")
                try:
                    acknowledged.append(task.committed(await here.commit(added=[task])))
                except StoreUnavailable:  # the leader was killed: it may have happened
                    await asyncio.sleep(0.2)
            await asyncio.to_thread(servers.start, killed)
        found = await storage.load_tasks(here.workspace, [task.id for task in acknowledged])
        assert list(found.values()) == acknowledged
        assert len(acknowledged) > 60
        changes = await here.changes()
        assert len({change.revision for change in changes.items}) == changes.revision


async def test_without_a_majority_it_is_unavailable_and_with_one_again_all_goes_on(
    example: ModuleType, servers: Servers
) -> None:
    async with KeyValueStorage(example.EtcdKeyValueStore(*servers.urls, timeout=1)) as storage:
        here = Bench(storage)
        task = await here.add()
        await asyncio.to_thread(servers.kill, 0)
        await asyncio.to_thread(servers.kill, 1)
        with pytest.raises(StoreUnavailable):
            await here.load(task.id)
        with pytest.raises(StoreUnavailable):
            await here.add()
        await asyncio.to_thread(servers.start, 0, 1)
        assert await here.load(task.id) == task
        assert await here.take_revision() in {2, 3}
