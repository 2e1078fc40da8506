"""Stores that commit wrongly, and the promise of the kit that finds each out."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.adapters.memory.workspace import InMemoryWorkspace
from taskharbor.application.documents.task_document import document_of
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.errors import ConcurrentUpdate, UidTaken
from taskharbor.application.ports.task_queries import TaskPage
from taskharbor.application.ports.task_store import Changeset
from taskharbor.domain.identifiers import Revision, TaskId, WorkspaceId
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.uid import Uid
from taskharbor.testing import StorageContract
from teeth import KeptBy, Outcomes, Teeth

MACHINE = "test_it_answers_and_refuses_as_the_store_in_memory_does"
RACES = {
    "changes": "test_of_two_changes_at_once_one_is_refused",
    "guards": "test_of_two_changes_at_once_that_guard_each_others_task_one_is_refused",
    "uids": "test_of_two_creations_with_one_uid_at_once_one_is_refused",
}

TEETH = Teeth(globals())
breaks = TEETH.breaks


def go_on(here: InMemoryWorkspace, by: int = 1) -> Revision:
    """Count revisions that no commit has."""
    here.extent = replace(here.extent, revision=here.revision + by)
    return here.revision


def forget(here: InMemoryWorkspace, uids: Collection[Uid]) -> None:
    """Let others have these uids."""
    for uid in uids:
        here._uids.pop(uid, None)


@breaks()
class Healthy(InMemoryStorage):
    """Not broken at all."""


@breaks(
    "test_a_stale_change_is_refused",
    "test_one_stale_task_among_many_refuses_them_all[first]",
    "test_a_commit_that_is_sent_twice_is_refused_the_second_time",
    "test_an_open_unit_of_work_blocks_no_others",
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
            go_on(self._workspaces[changes.workspace])
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
        forget(self._workspaces[changes.workspace], {task.uid for task in changes.changed if task.is_deleted})
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
            here._put(task.committed(here.revision + 1), document_of(task, changes.documents))
        for task in changes.changed:
            here._check(replace(changes, added=(), changed=(task,), guarded={}))
            here._put(task.committed(here.revision + 1), document_of(task, changes.documents))
        return go_on(here)


@breaks("test_readers_among_32_writers_see_every_commit_up_to_the_last_one_that_they_see")
class ShowsHalfACommit(InMemoryStorage):
    async def commit(self, changes: Changeset) -> Revision:
        here = self._workspaces[changes.workspace]
        here._check(changes)
        revision = go_on(here)
        for task in (*changes.added, *changes.changed):
            here._put(task.committed(revision), document_of(task, changes.documents))
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
        go_on(here, by=before - here.revision)
        return await super().commit(changes)


@breaks(
    "test_a_commit_of_additions_changes_and_guards_takes_one_revision", "test_a_thousand_tasks_are_added_in_one_commit"
)
class TakesARevisionForEachTask(InMemoryStorage):
    async def commit(self, changes: Changeset) -> Revision:
        revision = await super().commit(changes)
        here = self._workspaces[changes.workspace]
        go_on(here, by=len(changes.added) + len(changes.changed) - 1)
        return revision


@breaks("test_a_cancellation_at_any_moment_leaves_all_or_nothing_and_no_gap")
class TakesTheRevisionInAStepOfItsOwn(InMemoryStorage):
    async def load_tasks(self, workspace: WorkspaceId, ids: Collection[TaskId]) -> Mapping[TaskId, Task]:
        try:
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            go_on(self._workspaces[workspace])
            raise
        return await super().load_tasks(workspace, ids)


@breaks(RACES["uids"])
class LooksForTheUidTooEarly(InMemoryStorage):
    async def commit(self, changes: Changeset) -> Revision:
        here = self._workspaces[changes.workspace]
        here._check(changes)
        await asyncio.sleep(0)
        forget(here, {task.uid for task in changes.added})
        return await super().commit(changes)


@pytest.mark.parametrize(("contract", "promise"), TEETH.expected, ids=lambda value: value.removeprefix("ContractOf"))
def test_a_broken_store_is_found_out(outcomes: Outcomes, contract: str, promise: str) -> None:
    assert outcomes[contract, promise] == "broken"


@pytest.mark.long  # the store in memory, tested as those that are broken are
def test_a_healthy_store_keeps_every_promise(kept_by: KeptBy) -> None:
    outcomes = kept_by("ContractOfHealthy")
    assert len(outcomes) > 300
    assert set(outcomes.values()) == {"kept"}


def test_no_promise_hides_another_one_of_the_same_name() -> None:
    promises = [name for part in StorageContract.__bases__ for name in vars(part) if name.startswith("test_")]
    assert sorted(promises) == sorted(name for name in dir(StorageContract) if name.startswith("test_"))
