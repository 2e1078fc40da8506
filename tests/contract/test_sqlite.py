import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from taskharbor.adapters.sqlalchemy.schema import upgrade
from taskharbor.adapters.storage_url import storage_from_url
from taskharbor.application.ports.storage import Storage
from taskharbor.testing import DurabilityContract, RestoreContract, SharingContract, StorageContract

pytestmark = pytest.mark.usefixtures("keeps_to_its_workspace")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with our schema: to copy one takes half as long as to make one."""
    file = tmp_path_factory.mktemp("made") / "tasks.db"
    await upgrade(f"sqlite:///{file}")
    return file


class TestSqliteStorage(StorageContract):
    @pytest_asyncio.fixture
    async def storage(self, tmp_path: Path, made: Path) -> AsyncIterator[Storage]:
        shutil.copy(made, tmp_path / "tasks.db")
        async with storage_from_url(f"sqlite:///{tmp_path}/tasks.db") as storage:
            yield storage


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
