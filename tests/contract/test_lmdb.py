import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from taskharbor.adapters.lmdb import LmdbKeyValueStore, LmdbStorage
from taskharbor.application.ports import KeyValueStorage
from taskharbor.application.ports.storage import Storage
from taskharbor.testing import DurabilityContract, RestoreContract, SharingContract, StorageContract


class TestLmdbStorage(StorageContract):
    @pytest_asyncio.fixture
    async def storage(self, tmp_path: Path) -> AsyncIterator[Storage]:
        async with LmdbStorage(tmp_path / "tasks") as storage:
            yield storage


class TestLmdbStorageIsDurable(DurabilityContract, RestoreContract):
    @pytest.fixture
    def reopen(self, tmp_path: Path) -> Callable[[], Storage]:
        return lambda: LmdbStorage(tmp_path / "tasks")

    @pytest.fixture
    def back_up(self, tmp_path: Path) -> Callable[[], Callable[[], None]]:
        def back_up() -> Callable[[], None]:
            shutil.copytree(tmp_path / "tasks", tmp_path / "backup")

            def restore() -> None:
                shutil.rmtree(tmp_path / "tasks")
                shutil.copytree(tmp_path / "backup", tmp_path / "tasks")

            return restore

        return back_up


class Beside(KeyValueStorage):
    """One of several on an environment, which know nothing of each other, as processes do; LMDB opens it only once."""

    async def open(self) -> None:
        pass

    async def aclose(self) -> None:
        pass


class TestLmdbIsShared(SharingContract):
    @pytest_asyncio.fixture
    async def reopen(self, tmp_path: Path) -> AsyncIterator[Callable[[], Storage]]:
        store = LmdbKeyValueStore(tmp_path / "tasks")
        await store.open()
        yield lambda: Beside(store)
        await store.aclose()
