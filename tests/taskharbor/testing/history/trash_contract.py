"""What was deleted can be looked through, until it is purged: `TaskTrash` and `Housekeeping`."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskharbor.application.errors import ConcurrentUpdate, HistoryForgotten, TokenExpired
from taskharbor.application.history.as_of import GetTaskAsOf, ListTasksAsOf
from taskharbor.application.history.purge import Purge
from taskharbor.application.history.trash import ListTrash
from taskharbor.application.ports.change_feed import Tombstone
from taskharbor.application.ports.housekeeping import Cutoffs, Purged
from taskharbor.application.ports.record_store import RecordKey
from taskharbor.application.ports.task_history import HistoryBounds
from taskharbor.application.ports.task_trash import DeletedPosition
from taskharbor.application.sync.list_changes import EVERYTHING, ListChanges
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask, RestoreTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import TaskNotFound
from taskharbor.domain.identifiers import TaskId
from taskharbor.domain.tasks.task import Task
from taskharbor.testing.doubles.clock import FakeClock
from taskharbor.testing.doubles.uids import FakeUids
from taskharbor.testing.scenes.bench import LATER, NOON, Bench, retitled
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.effort import PATIENCE, share_of_effort
from taskharbor.testing.scenes.entries import recorded
from taskharbor.testing.scenes.notes import KIND, note

MICROSECOND = timedelta(microseconds=1)
NOTHING = Cutoffs(deleted=None, expired=datetime.min.replace(tzinfo=NOON.tzinfo), recorded=None)
TRASH = replace(NOTHING, deleted=LATER)
WHATEVER = ("add", "change", "delete", "purge")


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

    async def test_a_change_of_what_was_purged_since_it_was_read_is_refused(self, here: Bench) -> None:
        (tombstone,) = await deleted_at(here, NOON)
        record = await here.put(note("a", expires=NOON))
        added = await here.new_task("new")
        await here.storage.purge(here.workspace, replace(TRASH, expired=LATER), limit=9)
        with pytest.raises(ConcurrentUpdate):
            await here.change(tombstone.restore(at=LATER))
        with pytest.raises(ConcurrentUpdate):
            await here.commit(added=[added], guarded={tombstone.id: tombstone.revision})
        with pytest.raises(ConcurrentUpdate):
            await here.put(replace(record, document=None))
        with pytest.raises(ConcurrentUpdate):
            await here.commit(added=[added], guarded_records={RecordKey(KIND, "a"): record.revision})

    async def test_of_purging_and_restoring_at_once_one_wins(self, here: Bench) -> None:
        for n in range(10):
            (tombstone,) = await deleted_at(here, NOON)
            both = [here.change(tombstone.restore(at=LATER)), here.storage.purge(here.workspace, TRASH, limit=9)]
            async with asyncio.timeout(PATIENCE):
                outcomes = await asyncio.gather(*both[:: 1 if n % 2 else -1], return_exceptions=True)
            outcome, gone = outcomes if n % 2 else outcomes[::-1]
            assert isinstance(gone, Purged)
            if gone.tasks:
                assert isinstance(outcome, ConcurrentUpdate)
                assert await here.load(tombstone.id) is None
            else:
                assert await here.load(tombstone.id) == outcome

    async def test_concurrent_purges_and_writes_do_not_disturb_each_other(
        self, here: Bench, use_cases: UseCases
    ) -> None:
        async def write(n: int) -> None:
            for m in range(5):
                await use_cases.execute(CreateTask(title=f"task {n} {m}"), workspace=here.workspace)
                gone = await use_cases.execute(CreateTask(title="gone"), workspace=here.workspace)
                await use_cases.execute(DeleteTask(id=gone.id), workspace=here.workspace)

        async with asyncio.timeout(PATIENCE):
            written = asyncio.gather(*(write(n) for n in range(8)))
            while not written.done():
                await asyncio.gather(*[here.storage.purge(here.workspace, TRASH, limit=1) for _ in range(3)])
                await asyncio.sleep(0)
        assert len(await here.live_ids()) == 40
        await use_cases.history.purge(Purge(trash_retention=timedelta(0)), workspace=here.workspace)
        assert (await here.storage.read_history_bounds(here.workspace)).revision == 120

    async def test_an_old_token_is_refused_once_deletions_since_then_are_purged(
        self, here: Bench, use_cases: UseCases
    ) -> None:
        clock = FakeClock()
        use_cases = UseCases(here.storage, clock=clock, uids=FakeUids())
        workspace = here.workspace
        task = await use_cases.execute(CreateTask(title="a task"), workspace=workspace)
        deleted = await use_cases.execute(DeleteTask(id=task.id), workspace=workspace)
        clock.advance()
        assert await use_cases.history.purge(Purge(trash_retention=timedelta(0)), workspace=workspace) == Purged(
            tasks=1
        )
        for since in (str(task.revision), f"{deleted.revision}.{task.id}", "0"):
            with pytest.raises(TokenExpired):
                await use_cases.list_changes(ListChanges(since=since), workspace=workspace)
        page = await use_cases.list_changes(ListChanges(since=str(deleted.revision)), workspace=workspace)
        assert page.items == []
        assert (await use_cases.list_changes(ListChanges(), workspace=workspace)).revision == deleted.revision

    @share_of_effort(4)
    @given(data=st.data())
    async def test_copying_during_a_purge_gives_an_exact_copy_or_asks_to_start_again(
        self, here: Bench, data: st.DataObject
    ) -> None:
        here = here.another()
        clock = FakeClock(step=timedelta(seconds=1))
        use_cases = UseCases(here.storage, clock=clock, uids=FakeUids())
        ids = [task.id for task in await here.add_many(4)]
        since, copy = EVERYTHING, set[TaskId]()
        for _ in range(12):
            try:
                page = await use_cases.list_changes(ListChanges(since=since, limit=2), workspace=here.workspace)
            except TokenExpired:
                assert since != EVERYTHING
                since, copy = EVERYTHING, set()
                continue
            for change in page.items:
                copy.discard(change.id) if isinstance(change, Tombstone) else copy.add(change.id)
            since = page.next
            if not page.more:
                assert sorted(copy) == await here.live_ids()
            for what in data.draw(st.lists(st.sampled_from(WHATEVER), max_size=4), label="meanwhile"):
                task = await here.load(data.draw(st.sampled_from(ids), label="task"))
                if what == "add":
                    ids.append((await here.add()).id)
                elif what == "purge":
                    await use_cases.history.purge(Purge(trash_retention=timedelta(0)), workspace=here.workspace)
                elif task is not None and what == "delete":
                    await here.change(task.delete(at=clock.now()))
                elif task is not None and not task.is_deleted:
                    await here.change(retitled(task, f"title {task.revision}"))

    async def test_the_past_that_is_purged_is_not_returned(self, here: Bench) -> None:
        clock = FakeClock()
        use_cases = UseCases(here.storage, clock=clock, uids=FakeUids())
        workspace = here.workspace
        kept = await use_cases.execute(CreateTask(title="kept"), workspace=workspace)
        gone = await use_cases.execute(CreateTask(title="gone"), workspace=workspace)
        deleted = await use_cases.execute(DeleteTask(id=gone.id), workspace=workspace)
        clock.advance()
        await use_cases.history.purge(Purge(trash_retention=timedelta(0)), workspace=workspace)
        with pytest.raises(HistoryForgotten):
            await use_cases.history.list_tasks_as_of(ListTasksAsOf(as_of=gone.revision), workspace=workspace)
        with pytest.raises(HistoryForgotten):
            await use_cases.history.get_task_as_of(GetTaskAsOf(id=gone.id, as_of=gone.revision), workspace=workspace)
        with pytest.raises(TaskNotFound):
            await use_cases.history.get_task_as_of(GetTaskAsOf(id=gone.id, as_of=deleted.revision), workspace=workspace)
        query = GetTaskAsOf(id=kept.id, as_of=kept.revision)
        assert await use_cases.history.get_task_as_of(query, workspace=workspace) == kept
        page = await use_cases.history.list_tasks_as_of(ListTasksAsOf(as_of=deleted.revision), workspace=workspace)
        assert page.items == [kept]

    async def test_what_the_history_has_forgotten_is_not_made_up(self, here: Bench) -> None:
        clock = FakeClock()
        use_cases = UseCases(here.storage, clock=clock, uids=FakeUids())
        workspace = here.workspace
        tasks = []
        for n in range(4):
            clock.advance()
            tasks.append(await use_cases.execute(CreateTask(title=f"task {n}"), workspace=workspace))
        gone = await use_cases.history.purge(Purge(history_retention=timedelta(seconds=1)), workspace=workspace)
        assert gone == Purged(commits=1)
        for as_of in (0, NOON + timedelta(seconds=1)):
            with pytest.raises(HistoryForgotten):
                await use_cases.history.list_tasks_as_of(ListTasksAsOf(as_of=as_of), workspace=workspace)
            with pytest.raises(HistoryForgotten):
                await use_cases.history.get_task_as_of(GetTaskAsOf(id=tasks[3].id, as_of=as_of), workspace=workspace)
        for as_of in (2, NOON + timedelta(seconds=2)):
            page = await use_cases.history.list_tasks_as_of(ListTasksAsOf(as_of=as_of), workspace=workspace)
            assert page.items == tasks[:2]
