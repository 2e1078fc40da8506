"""What was deleted can be looked through, until it is purged: `TaskTrash` and `Housekeeping`."""

from dataclasses import replace
from datetime import datetime, timedelta

from taskharbor.application.history.trash import ListTrash
from taskharbor.application.ports.housekeeping import Cutoffs, Purged
from taskharbor.application.ports.task_history import HistoryBounds
from taskharbor.application.ports.task_trash import DeletedPosition
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask, RestoreTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.tasks.task import Task
from taskharbor.testing.scenes.bench import LATER, NOON, Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.entries import recorded
from taskharbor.testing.scenes.notes import KIND, note

MICROSECOND = timedelta(microseconds=1)
NOTHING = Cutoffs(deleted=None, expired=datetime.min.replace(tzinfo=NOON.tzinfo), recorded=None)
TRASH = replace(NOTHING, deleted=LATER)


async def deleted_at(here: Bench, *instants: datetime) -> list[Task]:
    """Return new tasks, each of which has been deleted at one of these instants."""
    tasks = await here.add_many(len(instants))
    return [await here.change(task.delete(at=at)) for task, at in zip(tasks, instants, strict=True)]


class TrashContract(Contract):
    """The trash is in order; what is purged is gone, the rest stays; those who relied on it get an error."""

    async def test_deleted_tasks_are_listed_the_last_one_first_and_in_pages(
        self, here: Bench, elsewhere: Bench
    ) -> None:
        await deleted_at(elsewhere, LATER)
        instants = [LATER, NOON, LATER + MICROSECOND, LATER, NOON]
        tasks = await deleted_at(here, *instants)
        await here.add("live")
        expected = [tasks[n] for n in (2, 3, 0, 4, 1)]
        assert list(await here.storage.list_deleted(here.workspace, before=None, limit=9)) == expected
        found: list[Task] = []
        place: DeletedPosition | None = None
        while len(found) < len(tasks):
            page = await here.storage.list_deleted(here.workspace, before=place, limit=2)
            found += page
            assert page[-1].deleted is not None
            place = DeletedPosition(page[-1].deleted, page[-1].id)
        assert found == expected
        assert list(await here.storage.list_deleted(here.workspace, before=place, limit=2)) == []

    async def test_a_restored_task_is_not_in_the_trash(self, here: Bench, use_cases: UseCases) -> None:
        task = await use_cases.execute(CreateTask(title="a task"), workspace=here.workspace)
        await use_cases.execute(DeleteTask(id=task.id), workspace=here.workspace)
        page = await use_cases.history.list_trash(ListTrash(), workspace=here.workspace)
        assert [item.task.title for item in page.items] == ["a task"]
        await use_cases.execute(RestoreTask(id=task.id), workspace=here.workspace)
        assert (await use_cases.history.list_trash(ListTrash(), workspace=here.workspace)).items == []

    async def test_what_was_deleted_before_the_cutoff_is_purged_and_nothing_else(self, here: Bench) -> None:
        gone, kept = await deleted_at(here, LATER - MICROSECOND, LATER)
        live = await here.add("live")
        assert await here.storage.purge(here.workspace, TRASH, limit=9) == Purged(tasks=1)
        assert await here.load(gone.id) is None
        assert (await here.load(kept.id), await here.load(live.id)) == (kept, live)
        assert (await here.storage.read_history_bounds(here.workspace)).purged_revision == gone.revision

    async def test_purging_takes_no_revision(self, here: Bench) -> None:
        (gone,) = await deleted_at(here, NOON)
        await here.storage.purge(here.workspace, TRASH, limit=9)
        assert await here.take_revision() == gone.revision + 1

    async def test_the_uid_of_a_purged_task_is_free_and_its_id_never_is(self, here: Bench) -> None:
        (gone,) = await deleted_at(here, NOON)
        await here.storage.purge(here.workspace, TRASH, limit=9)
        again = await here.add("again", uid=gone.uid)
        assert again.id > gone.id
        assert await here.load(again.id) == again

    async def test_the_history_of_a_purged_task_goes_with_it(self, here: Bench) -> None:
        one, other = await here.new_task("one"), await here.new_task("other")
        revision = await here.commit(added=[one, other], history=[recorded(one), recorded(other)])
        await here.change(one.committed(revision).delete(at=NOON))
        await here.storage.purge(here.workspace, TRASH, limit=9)
        assert await here.history(one.id) == []
        assert [entry.task_id for entry in await here.storage.list_commit(here.workspace, revision)] == [other.id]

    async def test_little_by_little_the_oldest_go_first(self, here: Bench) -> None:
        tasks = await deleted_at(here, *(NOON + MICROSECOND * n for n in (3, 1, 2, 0, 4)))
        left = [3, 1, 2, 0, 4]
        while left:
            gone = await here.storage.purge(here.workspace, TRASH, limit=2)
            assert 1 <= gone.tasks <= 2
            left = sorted(left)[gone.tasks :]
            trash = await here.storage.list_deleted(here.workspace, before=None, limit=9)
            assert len(trash) == len(left)
            assert {task.deleted for task in trash} == {NOON + MICROSECOND * n for n in left}
            assert gone.more or not left
        assert not (await here.storage.purge(here.workspace, TRASH, limit=2)).more
        extent = await here.storage.read_history_bounds(here.workspace)
        assert extent.purged_revision == max(task.revision for task in tasks)

    async def test_expired_records_are_purged_and_others_are_not(self, here: Bench) -> None:
        records = [note("gone", expires=LATER - MICROSECOND), note("kept", expires=LATER), note("never")]
        await here.commit(records=records)
        assert await here.storage.purge(here.workspace, replace(NOTHING, expired=LATER), limit=9) == Purged(records=1)
        assert [record.key for record in await here.records(KIND)] == ["kept", "never"]
        assert await here.record(KIND, "gone") is None
        await here.put(note("gone", "null"))

    async def test_removed_records_are_purged_by_the_cutoff_of_the_trash(self, here: Bench) -> None:
        records = [
            note("gone", None, expires=LATER - MICROSECOND),
            note("kept", None, expires=LATER),
            note("never", None),
            note("written", expires=LATER),
        ]
        await here.commit(records=records)
        kept_for_ever = replace(NOTHING, expired=LATER)
        assert await here.storage.purge(here.workspace, kept_for_ever, limit=9) == Purged()
        assert await here.storage.purge(here.workspace, TRASH, limit=9) == Purged(records=1)
        left = [await here.record(KIND, record.key) is not None for record in records]
        assert left == [False, True, True, True]

    async def test_the_history_is_forgotten_up_to_the_last_commit_that_is_old(self, here: Bench) -> None:
        task = await here.new_task()
        revision = await here.commit(added=[task], history=[recorded(task)])
        for seconds in range(1, 6):
            task = task.committed(revision)
            entry = replace(recorded(task, task), at=NOON + timedelta(seconds=seconds))
            revision = await here.commit(changed=[task], history=[entry])
        cutoffs = replace(NOTHING, recorded=NOON + timedelta(seconds=4))
        gone = await here.storage.purge(here.workspace, cutoffs, limit=2)
        assert (gone.commits, gone.more) == (2, True)
        assert (await here.storage.read_history_bounds(here.workspace)).forgotten_revision == 2
        gone = await here.storage.purge(here.workspace, cutoffs, limit=2)
        assert (gone.commits, gone.more) == (1, False)
        assert await here.storage.purge(here.workspace, cutoffs, limit=2) == Purged()
        assert [entry.revision for entry in await here.history(task.id)] == [6, 5, 4]
        assert await here.storage.read_history_bounds(here.workspace) == HistoryBounds(revision=6, forgotten_revision=3)

    async def test_a_commit_of_many_tasks_is_forgotten_as_a_whole(self, here: Bench) -> None:
        tasks = [await here.new_task(f"task {n}") for n in range(5)]
        await here.commit(added=tasks, history=[recorded(task) for task in tasks])
        later = await here.new_task("later")
        await here.commit(added=[later], history=[recorded(later)])
        gone = await here.storage.purge(here.workspace, replace(NOTHING, recorded=LATER), limit=1)
        assert gone.commits == 1
        assert [await here.history(task.id) for task in tasks] == [[]] * 5

    async def test_another_workspace_is_not_purged(self, here: Bench, elsewhere: Bench) -> None:
        (theirs,) = await deleted_at(elsewhere, NOON)
        await deleted_at(here, NOON)
        await here.storage.purge(here.workspace, TRASH, limit=9)
        assert await elsewhere.load(theirs.id) == theirs
        assert (await elsewhere.storage.read_history_bounds(elsewhere.workspace)).purged_revision == 0

    async def test_a_workspace_that_never_was_has_nothing_to_purge(self, here: Bench) -> None:
        assert await here.storage.purge(here.workspace, TRASH, limit=9) == Purged()

    async def test_every_workspace_is_listed_in_order(self, here: Bench, elsewhere: Bench) -> None:
        await here.add()
        await elsewhere.put(note("a"))
        found: list[str] = []
        while page := await here.storage.list_workspaces(after=found[-1] if found else "", limit=1):
            found += page
        assert found == sorted(found, key=str.encode)
        assert {here.workspace, elsewhere.workspace} <= set(found)
