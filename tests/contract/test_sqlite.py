from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from taskharbor.adapters.storage_url import storage_from_url
from taskharbor.application.ports.storage import Storage
from taskharbor.testing import DurabilityContract, RestoreContract, SharingContract, StorageContract
from taskharbor.testing.closing_contract import ClosingContract

pytestmark = pytest.mark.usefixtures("keeps_to_its_workspace")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_storage(statements: object, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Storage]:
    """A store for all tests but those that close theirs: to open one took a third of the time of each."""
    async with storage_from_url(f"sqlite:///{tmp_path_factory.mktemp('shared')}/tasks.db") as storage:
        yield storage


class TestSqliteStorage(StorageContract):
    LOOP_SCOPE = "module"

    @pytest_asyncio.fixture(loop_scope="module")
    async def storage(
        self, request: pytest.FixtureRequest, shared_storage: Storage, tmp_path: Path
    ) -> AsyncIterator[Storage]:
        if request.function.__name__ in vars(ClosingContract):
            async with storage_from_url(f"sqlite:///{tmp_path}/tasks.db") as storage:
                yield storage
        else:
            yield shared_storage


class ReopenedSqlite:
    @pytest.fixture
    def reopen(self, tmp_path: Path) -> Callable[[], Storage]:
        return lambda: storage_from_url(f"sqlite:///{tmp_path}/tasks.db")


class TestSqliteStorageIsDurable(ReopenedSqlite, DurabilityContract):
    pass


class TestSqliteStorageIsShared(ReopenedSqlite, SharingContract):
    pass


class TestSqliteStorageIsRestored(ReopenedSqlite, RestoreContract):
    @pytest.fixture
    def back_up(self, tmp_path: Path) -> Callable[[], Callable[[], None]]:
        def back_up() -> Callable[[], None]:
            backup = (tmp_path / "tasks.db").read_bytes()

            def restore() -> None:
                (tmp_path / "tasks.db").write_bytes(backup)

            return restore

        return back_up
