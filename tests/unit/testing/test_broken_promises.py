"""A test of the kit that fails says which promise of which contract is broken, and how to see it alone."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from taskharbor.testing import DurabilityContract, RestoreContract, SharingContract, StorageContract
from taskharbor.testing.scenes.broken_promises import SECTION, NamesItsPromises, said_of


class TestMine(StorageContract):
    __test__ = False


@dataclass
class Failed:
    cls: type | None
    nodeid: str
    originalname: str


def test_the_promise_its_contract_and_its_case_are_named():
    case = "test_a_refused_commit_leaves_nothing[a stale task]"
    said = said_of(Failed(TestMine, f"test_mine.py::TestMine::{case}", case.partition("[")[0]))
    promise, contract, alone = said.split("\n")
    assert promise == "a refused commit leaves nothing (a stale task)"
    assert contract.startswith("RefusalContract: ")
    assert alone == f"To see it alone: pytest 'test_mine.py::TestMine::{case}'"


def test_every_contract_names_its_promises():
    for contract in (StorageContract, DurabilityContract, SharingContract, RestoreContract):
        assert issubclass(contract, NamesItsPromises)


BROKEN = """
import pytest_asyncio
from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.testing.history.tombstone_contract import TombstoneContract

class Forgets(InMemoryStorage):
    async def load_tasks(self, workspace, ids):
        found = await super().load_tasks(workspace, ids)
        return {id: task for id, task in found.items() if not task.is_deleted}

class TestForgets(TombstoneContract):
    @pytest_asyncio.fixture
    async def storage(self):
        async with Forgets() as storage:
            yield storage
"""


@pytest.mark.long
def test_pytest_shows_what_is_broken(tmp_path: Path):
    (tmp_path / "test_broken.py").write_text(BROKEN)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_broken.py"]
    shown = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False).stdout
    assert SECTION in shown
    assert "a deleted task is still loaded with the revision of its deletion\nTombstoneContract: " in shown
