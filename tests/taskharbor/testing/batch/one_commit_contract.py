"""What one commit may do to one thing: make and delete it, make and complete it, write and remove it."""

from dataclasses import replace

import pytest

from taskharbor.application.batch.run_batch import ByName, RunBatch
from taskharbor.application.ports.change_feed import Position, Tombstone
from taskharbor.application.ports.housekeeping import Cutoffs
from taskharbor.application.ports.task_relations import InList
from taskharbor.application.ports.task_search import TaskQuery
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.identifiers import INBOX
from taskharbor.domain.search.filter import Mentions
from taskharbor.domain.tasks.task import Task
from taskharbor.testing.scenes.bench import LATER, NOON, Bench, retitled
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.entries import recorded
from taskharbor.testing.scenes.notes import KIND, note


class OneCommitContract(Contract):
    """What was created and deleted in one commit is returned like anything else."""

    async def test_a_task_that_was_made_and_deleted_in_one_commit_is_in_the_feed_and_in_the_trash(
        self, here: Bench
    ) -> None:
        before = await here.add("before")
        gone = (await here.new_task("gone quinces")).delete(at=LATER)
        kept = await here.new_task("kept")
        revision = await here.commit(added=[gone, kept], history=[recorded(gone), recorded(kept)])
        await self._is_gone(here, gone.committed(revision))
        changes = await here.changes(Position(before.revision))
        tombstone = Tombstone(gone.id, gone.uid, revision, LATER)
        assert changes.items[0] == tombstone, (
            "list_changes must return a tombstone for a task that one commit created and deleted"
        )
        assert [change.id for change in changes.items] == [gone.id, kept.id]
        assert (await here.changes(Position(revision, gone.id))).items == changes.items[1:]
        assert (await here.changes(limit=2)).items[1] == tombstone
        assert [entry.task_id for entry in await here.history(gone.id)] == [gone.id]

    async def test_a_batch_that_makes_and_deletes_a_task_leaves_its_tombstone(
        self, here: Bench, use_cases: UseCases
    ) -> None:
        uid = (await here.new_task()).uid
        made, deleted = CreateTask(title="gone quinces", uid=uid), ByName(uid=uid, command=DeleteTask(id=0))
        outcome = await use_cases.execute(RunBatch(commands=[made, deleted]), workspace=here.workspace)
        assert outcome.revision is not None
        (change,) = (await here.changes()).items
        assert isinstance(change, Tombstone), (
            "list_changes must return a tombstone for a task that one commit created and deleted"
        )
        assert (change.uid, change.revision) == (uid, outcome.revision)
        task = await here.load(change.id)
        assert task is not None
        await self._is_gone(here, task)

    async def test_it_can_be_restored(self, here: Bench) -> None:
        gone = (await here.new_task("quinces")).delete(at=LATER)
        gone = gone.committed(await here.commit(added=[gone]))
        back = await here.change(gone.restore(at=LATER))
        assert await here.live_ids() == [back.id]
        assert [change.id for change in (await here.changes(Position(gone.revision))).items] == [back.id]
        found = await here.storage.find_tasks(here.workspace, TaskQuery(filter=Mentions(("quinces",)), limit=9))
        assert [view.id for view in found] == [back.id]

    async def test_it_can_be_purged(self, here: Bench) -> None:
        gone = (await here.new_task()).delete(at=NOON)
        gone = gone.committed(await here.commit(added=[gone]))
        cutoffs = Cutoffs(deleted=LATER, expired=NOON, recorded=None)
        assert (await here.storage.purge(here.workspace, cutoffs, limit=9)).tasks == 1
        bounds = await here.storage.read_history_bounds(here.workspace)
        assert (bounds.revision, bounds.purged_revision) == (gone.revision, gone.revision)
        assert (await here.changes()).purged_revision == gone.revision
        assert await here.load(gone.id) is None

    async def test_a_tombstone_that_changes_again_moves_to_the_end_of_the_feed(self, here: Bench) -> None:
        gone, other = [await here.change(task.delete(at=LATER)) for task in await here.add_many(2)]
        again = await here.change(retitled(gone, "changed in the trash"))
        told_of = (await here.changes()).items
        assert [(change.id, change.revision) for change in told_of] == [
            (other.id, other.revision),
            (again.id, again.revision),
        ]
        assert (await here.changes(Position(other.revision))).items == told_of[1:]

    @pytest.mark.parametrize("number", [1, 501])
    async def test_every_task_of_a_commit_is_in_the_feed_by_id_whatever_was_done_to_it(
        self, here: Bench, number: int
    ) -> None:
        changed, deleted = await here.add_many(number), await here.add_many(number)
        added = [await here.new_task(f"new {n}") for n in range(number)]
        gone = [(await here.new_task(f"gone {n}")).delete(at=LATER) for n in range(number)]
        done = [(await here.new_task(f"done {n}")).complete(at=LATER) for n in range(number)]
        written = [*reversed(added), *gone, *done]
        changes = [*(task.complete(at=LATER) for task in changed), *(task.delete(at=LATER) for task in deleted)]
        revision = await here.commit(added=written, changed=changes[::-1])
        told_of = (await here.changes(Position(revision - 1), limit=5 * number + 1)).items
        everything = sorted([*written, *changes], key=lambda task: task.id)
        assert [change.id for change in told_of] == [task.id for task in everything]
        assert [isinstance(change, Tombstone) for change in told_of] == [task.is_deleted for task in everything]
        assert {change.revision for change in told_of} == {revision}

    async def test_a_record_that_is_written_removed_at_once_is_loaded_and_not_listed(self, here: Bench) -> None:
        removed = await here.put(note("a", None, expires=LATER))
        assert await here.record(KIND, "a") == removed
        assert await here.records(KIND) == []
        back = await here.put(replace(removed, document="0", expires=None))
        assert await here.records(KIND) == [back]

    async def _is_gone(self, here: Bench, gone: Task) -> None:
        """Expect a tombstone wherever tombstones are returned, and nothing wherever live tasks are."""
        assert await here.load(gone.id) == gone
        assert await here.get(gone.id) is None
        assert gone.id not in await here.live_ids()
        store, workspace = here.storage, here.workspace
        assert await store.find_uids(workspace, [gone.uid]) == {gone.uid: gone.id}
        assert list(await store.list_deleted(workspace, before=None, limit=9)) == [gone]
        assert gone in await store.scan_tasks(workspace, after=0, limit=9)
        assert list(await store.find_tasks(workspace, TaskQuery(filter=Mentions(("quinces",)), limit=9))) == []
        assert await store.count_tasks(workspace, Mentions(("quinces",))) == 0
        related = await store.list_related(workspace, InList(INBOX), limit=9)
        assert gone.id not in [one.id for one in related]
