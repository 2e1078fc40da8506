"""The example store is not only short: it passes the kit."""

import importlib.util
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from taskharbor.application.ports.storage import Storage
from taskharbor.testing import DurabilityContract, RestoreContract, StorageContract

EXAMPLE = Path(__file__).parents[3] / "examples" / "bring_your_own_store.py"


@pytest.fixture(scope="module")
def example():
    """The module of the example, which is not on the path."""
    spec = importlib.util.spec_from_file_location("bring_your_own_store", EXAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where its dataclasses look for their annotations
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


class TestJsonFileStorageIsDurable(DurabilityContract, RestoreContract):
    @pytest.fixture
    def reopen(self, example, tmp_path) -> Callable[[], Storage]:
        return lambda: example.JsonFileStorage(tmp_path / "tasks.json")

    @pytest.fixture
    def back_up(self, tmp_path) -> Callable[[], Callable[[], None]]:
        def back_up() -> Callable[[], None]:
            backup = (tmp_path / "tasks.json").read_bytes()

            def restore() -> None:
                (tmp_path / "tasks.json").write_bytes(backup)

            return restore

        return back_up


@pytest.mark.long
class TestJsonFileStorage(StorageContract):
    @pytest_asyncio.fixture
    async def storage(self, example, tmp_path) -> AsyncIterator[Storage]:
        async with example.JsonFileStorage(tmp_path / "tasks.json") as storage:
            yield storage
