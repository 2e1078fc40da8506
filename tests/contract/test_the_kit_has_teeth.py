"""Stores that are each broken in one way, and the promise of the kit that finds it out."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import UTC
from unicodedata import normalize

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.adapters.memory.workspace import InMemoryWorkspace
from taskharbor.application.errors import ConcurrentUpdate, UidTaken
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_queries import TaskPage
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.task_view import TaskView
from taskharbor.domain.identifiers import Revision, TaskId, WorkspaceId
from taskharbor.domain.task import Task
from taskharbor.domain.uid import Uid
from taskharbor.testing import DurabilityContract, SharingContract, StorageContract
from teeth import Outcomes, Teeth

MACHINE = "test_it_answers_and_refuses_as_the_store_in_memory_does"
FOLLOW = "test_whoever_follows_the_pages_misses_and_repeats_nothing_while_others_write"
RACES = {
    "changes": "test_of_two_changes_at_once_one_is_refused",
    "guards": "test_of_two_changes_at_once_that_guard_each_others_task_one_is_refused",
    "uids": "test_of_two_creations_with_one_uid_at_once_one_is_refused",
}

TEETH = Teeth(globals())
EXPECTED = TEETH.expected
breaks = TEETH.breaks


@breaks()
class Healthy(InMemoryStorage):
    """Not broken at all."""


@breaks("test_changing_a_page_does_not_change_the_store")
class SharesItsPages(InMemoryStorage):
    def __init__(self) -> None:
        super().__init__()
        self._pages: dict[object, TaskPage] = {}

    async def list_tasks(self, workspace: WorkspaceId, *, after: TaskId, skip: int, limit: int) -> TaskPage:
        page = await super().list_tasks(workspace, after=after, skip=skip, limit=limit)
        key = (workspace, after, skip, limit, self._workspaces[workspace].revision)
        return self._pages.setdefault(key, page)


@breaks("test_changing_what_was_loaded_does_not_change_the_store")
class LendsItsTable(InMemoryStorage):
    async def load_tasks(self, workspace: WorkspaceId, ids: Collection[TaskId]) -> Mapping[TaskId, Task]:
        return self._workspaces[workspace].tasks


@breaks(
    "test_a_stale_change_is_refused",
    "test_one_stale_task_among_many_refuses_them_all[first]",
    "test_a_commit_that_is_sent_twice_is_refused_the_second_time",
    "test_an_open_unit_of_work_holds_nobody_up",
    RACES["changes"],
)
class LastOneWins(InMemoryStorage):
    async def commit(self, changes: Changeset) -> Revision:
        stored = self._workspaces[changes.workspace].tasks
        changed = tuple(task.committed(stored[task.id].revision) for task in changes.changed)
        return await super().commit(replace(changes, changed=changed))


@breaks(
    "test_a_stale_change_is_refused",
    "test_a_taken_uid_refuses_the_commit_and_is_named",
    "test_refusals_among_32_writers_leave_no_gap",
)
class BurnsARevisionOnRefusal(InMemoryStorage):
    async def commit(self, changes: Changeset) -> Revision:
        try:
            return await super().commit(changes)
        except (ConcurrentUpdate, UidTaken):
            self._workspaces[changes.workspace].revision += 1
            raise


@breaks(
    "test_a_deleted_task_is_still_loaded_with_the_revision_of_its_deletion",
    "test_deleting_and_restoring_through_the_use_cases",
    MACHINE,
)
class ForgetsTombstones(InMemoryStorage):
    async def load_tasks(self, workspace: WorkspaceId, ids: Collection[TaskId]) -> Mapping[TaskId, Task]:
        loaded = await super().load_tasks(workspace, ids)
        return {task_id: task for task_id, task in loaded.items() if not task.is_deleted}


@breaks("test_the_uid_of_a_deleted_task_stays_taken")
class FreesTheUidsOfDeletedTasks(InMemoryStorage):
    async def commit(self, changes: Changeset) -> Revision:
        revision = await super().commit(changes)
        self._workspaces[changes.workspace]._uids -= {task.uid for task in changes.changed if task.is_deleted}
        return revision


@breaks("test_a_uid_that_is_taken_refuses_its_command_and_no_other")
class LosesTheUidsOfDeletedTasks(InMemoryStorage):
    async def find_uids(self, workspace: WorkspaceId, uids: Collection[Uid]) -> Mapping[Uid, TaskId]:
        tasks = self._workspaces[workspace].tasks
        found = await super().find_uids(workspace, uids)
        return {uid: id_ for uid, id_ in found.items() if not tasks[id_].is_deleted}


@breaks("test_a_batch_names_tasks_by_uid_those_that_are_there_too")
class FindsUidsOfOtherWorkspaces(InMemoryStorage):
    async def find_uids(self, workspace: WorkspaceId, uids: Collection[Uid]) -> Mapping[Uid, TaskId]:
        everybody = [task for one in list(self._workspaces.values()) for task in one.tasks.values()]
        others = {task.uid: task.id for task in everybody if task.uid in uids}
        return others | dict(await super().find_uids(workspace, uids))


@breaks(
    "test_a_stale_guard_refuses_the_changes",
    "test_a_stale_guard_refuses_new_tasks",
    "test_a_guard_on_a_task_that_never_was_refuses_the_commit",
    RACES["guards"],
)
class IgnoresGuards(InMemoryStorage):
    async def commit(self, changes: Changeset) -> Revision:
        return await super().commit(replace(changes, guarded={}))


@breaks(RACES["guards"])
class ChecksGuardsTooEarly(InMemoryStorage):
    async def commit(self, changes: Changeset) -> Revision:
        self._workspaces[changes.workspace]._check(replace(changes, added=(), changed=()))
        await asyncio.sleep(0)
        return await super().commit(replace(changes, guarded={}))


@breaks(
    "test_a_guard_that_holds_leaves_its_task_as_it_is",
    "test_a_commit_of_additions_changes_and_guards_takes_one_revision",
)
class TouchesWhatItGuards(InMemoryStorage):
    async def commit(self, changes: Changeset) -> Revision:
        revision = await super().commit(changes)
        tasks = self._workspaces[changes.workspace].tasks
        tasks.update({task_id: tasks[task_id].committed(revision) for task_id in changes.guarded})
        return revision


@breaks("test_an_empty_workspace_answers_that_it_is_empty")
class AnswersFromAnyWorkspace(InMemoryStorage):
    async def get_task(self, workspace: WorkspaceId, task_id: TaskId) -> TaskView | None:
        for name in (workspace, *self._workspaces):
            if view := await super().get_task(name, task_id):
                return view
        return None


@breaks(
    "test_what_happens_in_one_is_not_seen_in_the_other",
    "test_each_workspace_counts_its_own_revisions",
    "test_many_workspaces_written_at_once_keep_their_own_count",
    "test_a_task_of_another_workspace_can_be_neither_changed_nor_guarded",
    MACHINE,
)
class HasOneWorkspaceForAll(InMemoryStorage):
    def __init__(self) -> None:
        super().__init__()
        only = InMemoryWorkspace()
        self._workspaces = defaultdict(lambda: only)


@breaks("test_names_that_are_nearly_the_same_are_different_workspaces")
class CutsWorkspaceNames(InMemoryStorage):
    async def commit(self, changes: Changeset) -> Revision:
        return await super().commit(replace(changes, workspace=changes.workspace[:63]))

    async def list_tasks(self, workspace: WorkspaceId, *, after: TaskId, skip: int, limit: int) -> TaskPage:
        return await super().list_tasks(workspace[:63], after=after, skip=skip, limit=limit)


@breaks(
    "test_one_stale_task_among_many_refuses_them_all[last]",
    "test_a_taken_uid_refuses_the_commit_and_is_named",
    "test_two_new_tasks_with_one_uid_refuse_each_other",
    "test_a_uid_that_was_refused_with_its_commit_is_still_free",
)
class WritesUntilItIsStopped(InMemoryStorage):
    async def commit(self, changes: Changeset) -> Revision:
        here = self._workspaces[changes.workspace]
        here._check(replace(changes, added=(), changed=()))
        for task in changes.added:
            here._check(replace(changes, added=(task,), changed=(), guarded={}))
            here._put(task.committed(here.revision + 1))
        for task in changes.changed:
            here._check(replace(changes, added=(), changed=(task,), guarded={}))
            here._put(task.committed(here.revision + 1))
        here.revision += 1
        return here.revision


@breaks("test_readers_among_32_writers_see_every_commit_up_to_the_last_one_that_they_see")
class ShowsHalfACommit(InMemoryStorage):
    async def commit(self, changes: Changeset) -> Revision:
        here = self._workspaces[changes.workspace]
        here._check(changes)
        here.revision += 1
        revision = here.revision
        for task in (*changes.added, *changes.changed):
            here._put(task.committed(revision))
            await asyncio.sleep(0)
        return revision


@breaks("test_readers_among_32_writers_see_every_commit_up_to_the_last_one_that_they_see")
class AnswersFromAReplica(InMemoryStorage):
    """Lists what was there at the last list."""

    def __init__(self) -> None:
        super().__init__()
        self._replica: dict[object, TaskPage] = {}

    async def list_tasks(self, workspace: WorkspaceId, *, after: TaskId, skip: int, limit: int) -> TaskPage:
        page = await super().list_tasks(workspace, after=after, skip=skip, limit=limit)
        key = (workspace, after, skip, limit)
        old, self._replica[key] = self._replica.get(key, page), page
        return old


@breaks("test_revisions_of_32_writers_have_no_gap_and_no_double")
class CountsWithoutALock(InMemoryStorage):
    async def commit(self, changes: Changeset) -> Revision:
        here = self._workspaces[changes.workspace]
        before = here.revision
        await asyncio.sleep(0)
        here.revision = before
        return await super().commit(changes)


@breaks(
    "test_a_commit_of_additions_changes_and_guards_takes_one_revision", "test_a_thousand_tasks_are_added_in_one_commit"
)
class TakesARevisionForEachTask(InMemoryStorage):
    async def commit(self, changes: Changeset) -> Revision:
        revision = await super().commit(changes)
        here = self._workspaces[changes.workspace]
        here.revision += len(changes.added) + len(changes.changed) - 1
        return revision


@breaks("test_later_ids_are_greater", "test_ids_that_are_asked_for_at_once_are_all_different")
class GuessesTheNextId(InMemoryStorage):
    async def next_task_id(self, workspace: WorkspaceId) -> TaskId:
        return max(self._workspaces[workspace].tasks, default=0) + 1


@breaks("test_the_id_of_a_deleted_task_is_not_given_again")
class RecyclesIds(InMemoryStorage):
    async def next_task_id(self, workspace: WorkspaceId) -> TaskId:
        here = self._workspaces[workspace]
        deleted = [task.id for task in here.tasks.values() if task.is_deleted]
        return deleted[0] if deleted else await super().next_task_id(workspace)


@breaks("test_ids_are_positive_and_exact_in_every_json_reader")
class HasIdsOf64Bits(InMemoryStorage):
    async def next_task_id(self, workspace: WorkspaceId) -> TaskId:
        return 2**60 + await super().next_task_id(workspace)


class Rewrites(InMemoryStorage):
    """Stores tasks other than they are."""

    def rewrite(self, task: Task) -> Task:
        raise NotImplementedError

    async def commit(self, changes: Changeset) -> Revision:
        def rewritten(tasks: Iterable[Task]) -> tuple[Task, ...]:
            return tuple(self.rewrite(task) for task in tasks)

        return await super().commit(
            replace(changes, added=rewritten(changes.added), changed=rewritten(changes.changed))
        )


@breaks(
    "test_instants_are_kept_to_the_microsecond_and_come_back_in_utc[before 1970]",
    "test_a_task_is_loaded_as_it_was_added",
)
class KeepsMilliseconds(Rewrites):
    def rewrite(self, task: Task) -> Task:
        return replace(task, created=task.created.replace(microsecond=task.created.microsecond // 1000 * 1000))


@breaks("test_instants_are_kept_to_the_microsecond_and_come_back_in_utc[no local time in Berlin]")
class ForgetsTheZone(Rewrites):
    def rewrite(self, task: Task) -> Task:
        return replace(task, created=task.created.replace(tzinfo=None) if task.created.tzinfo is UTC else task.created)


@breaks("test_titles_that_only_look_alike_stay_different", "test_a_task_is_loaded_as_it_was_added")
class NormalizesText(Rewrites):
    def rewrite(self, task: Task) -> Task:
        return replace(task, title=normalize("NFC", task.title))


@breaks("test_an_empty_description_is_not_an_absent_one")
class MakesEmptyNull(Rewrites):
    def rewrite(self, task: Task) -> Task:
        return replace(task, description=task.description or None)


@breaks("test_the_longest_title_and_description_are_kept[4 bytes]")
class CutsAt64Kilobytes(Rewrites):
    def rewrite(self, task: Task) -> Task:
        return replace(task, description=task.description and task.description.encode()[:65_536].decode())


@breaks("test_the_fullest_task_is_kept_and_can_be_emptied")
class NeverClearsADescription(Rewrites):
    def rewrite(self, task: Task) -> Task:
        old = next((here.tasks[task.id] for here in self._workspaces.values() if task.id in here.tasks), task)
        return replace(task, description=task.description or old.description)


class Lists(InMemoryStorage):
    """Lists its tasks in ways of its own."""

    def live(self, workspace: WorkspaceId) -> list[TaskView]:
        tasks = self._workspaces[workspace].tasks
        return [TaskView.of(task) for task in tasks.values() if not task.is_deleted]


@breaks("test_lists_are_in_order_of_id_whatever_the_order_of_commits")
class ListsInOrderOfCommit(Lists):
    async def list_tasks(self, workspace: WorkspaceId, *, after: TaskId, skip: int, limit: int) -> TaskPage:
        found = [view for view in self.live(workspace) if view.id > after]
        return TaskPage.of(found[skip : skip + limit + 1], limit)


@breaks("test_any_page_is_that_slice_of_the_live_tasks", FOLLOW)
class PagesByCounting(Lists):
    async def list_tasks(self, workspace: WorkspaceId, *, after: TaskId, skip: int, limit: int) -> TaskPage:
        found = sorted(self.live(workspace), key=lambda view: view.id)[after + skip :]
        page = TaskPage.of(found[: limit + 1], limit)
        return TaskPage(items=page.items, next_after=page.next_after and after + limit)


@breaks("test_only_a_page_with_something_after_it_says_so", MACHINE)
class AlwaysPromisesANextPage(InMemoryStorage):
    async def list_tasks(self, workspace: WorkspaceId, *, after: TaskId, skip: int, limit: int) -> TaskPage:
        page = await super().list_tasks(workspace, after=after, skip=skip, limit=limit)
        return TaskPage(items=page.items, next_after=page.items[-1].id if page.items else None)


@breaks("test_deleted_tasks_take_no_room_on_pages", "test_any_page_is_that_slice_of_the_live_tasks")
class CountsTombstonesOnPages(InMemoryStorage):
    async def list_tasks(self, workspace: WorkspaceId, *, after: TaskId, skip: int, limit: int) -> TaskPage:
        tasks = self._workspaces[workspace].tasks
        found = [tasks[task_id] for task_id in sorted(tasks) if task_id > after][skip : skip + limit + 1]
        page = TaskPage.of([TaskView.of(task) for task in found], limit)
        return TaskPage(items=[v for v in page.items if not tasks[v.id].is_deleted], next_after=page.next_after)


@breaks("test_a_page_holds_up_to_a_thousand_tasks")
class HasPagesOf500(InMemoryStorage):
    async def list_tasks(self, workspace: WorkspaceId, *, after: TaskId, skip: int, limit: int) -> TaskPage:
        return await super().list_tasks(workspace, after=after, skip=skip, limit=min(limit, 500))


@breaks("test_a_cancellation_at_any_moment_leaves_all_or_nothing_and_no_gap")
class TakesTheRevisionInAStepOfItsOwn(InMemoryStorage):
    async def load_tasks(self, workspace: WorkspaceId, ids: Collection[TaskId]) -> Mapping[TaskId, Task]:
        try:
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            self._workspaces[workspace].revision += 1
            raise
        return await super().load_tasks(workspace, ids)


@breaks(RACES["uids"])
class LooksForTheUidTooEarly(InMemoryStorage):
    async def commit(self, changes: Changeset) -> Revision:
        here = self._workspaces[changes.workspace]
        here._check(changes)
        await asyncio.sleep(0)
        here._uids -= {task.uid for task in changes.added}
        return await super().commit(changes)


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


EXPECTED += [
    ("ContractOfNothingKept", "test_tasks_and_tombstones_are_kept"),
    ("ContractOfNothingKept", "test_revisions_and_ids_go_on_where_they_were"),
    ("ContractOfNothingKept", "test_what_was_read_before_is_still_checked_afterwards"),
    ("ContractOfNothingKept", "test_closing_finishes_what_has_been_sent"),
    ("ContractOfNothingKept", "test_what_one_commits_the_other_sees_at_once"),
    ("ContractOfCachesItsReads", "test_what_one_commits_the_other_sees_at_once"),
    ("ContractOfCountsIdsFromOne", "test_revisions_and_ids_go_on_where_they_were"),
    ("ContractOfCountsIdsFromOne", "test_ids_are_different"),
]
HEALTHY = ("ContractOfHealthy", "ContractOfKeptForLater")


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Outcomes:
    return TEETH.outcomes(tmp_path_factory.mktemp("teeth"), *HEALTHY)


@pytest.mark.parametrize(("contract", "promise"), EXPECTED, ids=lambda value: value.removeprefix("ContractOf"))
def test_a_broken_store_is_found_out(outcomes: Outcomes, contract: str, promise: str) -> None:
    assert outcomes[contract, promise] == "broken"


@pytest.mark.parametrize("contract", HEALTHY)
def test_a_healthy_store_keeps_every_promise(outcomes: Outcomes, contract: str) -> None:
    of_this_store = [result for (tested, _), result in outcomes.items() if tested == contract]
    assert len(of_this_store) > 10
    assert set(of_this_store) == {"kept"}


def test_no_promise_hides_another_one_of_the_same_name() -> None:
    promises = [name for part in StorageContract.__bases__ for name in vars(part) if name.startswith("test_")]
    assert sorted(promises) == sorted(name for name in dir(StorageContract) if name.startswith("test_"))
