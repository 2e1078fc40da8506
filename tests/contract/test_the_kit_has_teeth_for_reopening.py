"""Stores that do not last, or do not share their place with others, and the promise that finds each out."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.adapters.memory.workspace import InMemoryWorkspace
from taskharbor.application.ports.storage import Storage
from taskharbor.domain.identifiers import TaskId, WorkspaceId
from taskharbor.domain.tasks.task import Task
from taskharbor.testing import DurabilityContract, SharingContract
from teeth import KeptBy, Outcomes, Teeth

TEETH = Teeth(globals())


class KeptForLater(InMemoryStorage):
    """Outlives its closing, as a file would: for each test, all are open on the same place."""

    def __init__(self, place: defaultdict[WorkspaceId, InMemoryWorkspace]) -> None:
        super().__init__()
        self._workspaces = place

    async def aclose(self) -> None:
        pass


class CachesItsReads(KeptForLater):
    """Believes that nobody else writes."""

    def __init__(self, place: defaultdict[WorkspaceId, InMemoryWorkspace]) -> None:
        super().__init__(place)
        self._cache: dict[object, Task] = {}

    async def load_tasks(self, workspace: WorkspaceId, ids: Collection[TaskId]) -> Mapping[TaskId, Task]:
        loaded = await super().load_tasks(workspace, ids)
        return {task_id: self._cache.setdefault((workspace, task_id), task) for task_id, task in loaded.items()}


class CountsIdsFromOne(KeptForLater):
    """Believes that ids begin when it does."""

    def __init__(self, place: defaultdict[WorkspaceId, InMemoryWorkspace]) -> None:
        super().__init__(place)
        self._last_id = 0

    async def next_task_id(self, workspace: WorkspaceId) -> TaskId:
        self._last_id += 1
        return self._last_id


class KeptContract(DurabilityContract, SharingContract):
    store: type[KeptForLater] = KeptForLater

    @pytest.fixture
    def reopen(self) -> Callable[[], Storage]:
        place: defaultdict[WorkspaceId, InMemoryWorkspace] = defaultdict(InMemoryWorkspace)
        return lambda: self.store(place)


class ContractOfKeptForLater(KeptContract):
    pass


class ContractOfCachesItsReads(KeptContract):
    store = CachesItsReads


class ContractOfCountsIdsFromOne(KeptContract):
    store = CountsIdsFromOne


class ContractOfNothingKept(DurabilityContract, SharingContract):
    @pytest.fixture
    def reopen(self) -> Callable[[], Storage]:
        return InMemoryStorage


TEETH.expected += [
    ("ContractOfNothingKept", "test_tasks_and_tombstones_are_kept"),
    ("ContractOfNothingKept", "test_revisions_and_ids_go_on_where_they_were"),
    ("ContractOfNothingKept", "test_what_was_read_before_is_still_checked_afterwards"),
    ("ContractOfNothingKept", "test_closing_finishes_what_has_been_sent"),
    ("ContractOfNothingKept", "test_a_commit_after_closing_is_refused_or_kept"),
    ("ContractOfNothingKept", "test_what_one_commits_the_other_sees_at_once"),
    ("ContractOfCachesItsReads", "test_what_one_commits_the_other_sees_at_once"),
    ("ContractOfCountsIdsFromOne", "test_revisions_and_ids_go_on_where_they_were"),
    ("ContractOfCountsIdsFromOne", "test_ids_are_different"),
]


@pytest.mark.parametrize(("contract", "promise"), TEETH.expected, ids=lambda value: value.removeprefix("ContractOf"))
def test_a_broken_store_is_found_out(outcomes: Outcomes, contract: str, promise: str) -> None:
    assert outcomes[contract, promise] == "broken"


def test_a_store_that_lasts_keeps_every_promise(kept_by: KeptBy) -> None:
    assert set(kept_by("ContractOfKeptForLater").values()) == {"kept"}
