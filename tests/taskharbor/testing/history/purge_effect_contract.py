"""What callers see of a purge: those who relied on what is gone are refused, and nothing is made up."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskharbor.application.errors import ConcurrentUpdate, HistoryForgotten, TokenExpired
from taskharbor.application.history.as_of import GetTaskAsOf, ListTasksAsOf
from taskharbor.application.history.purge import Purge
from taskharbor.application.ports.change_feed import Tombstone
from taskharbor.application.ports.housekeeping import Purged
from taskharbor.application.ports.record_store import RecordKey
from taskharbor.application.sync.list_changes import EVERYTHING, ListChanges
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import TaskNotFound
from taskharbor.domain.identifiers import TaskId
from taskharbor.testing.doubles.clock import FakeClock
from taskharbor.testing.doubles.uids import FakeUids
from taskharbor.testing.history.trash_contract import TRASH, deleted_at
from taskharbor.testing.scenes.bench import LATER, NOON, Bench, retitled
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.effort import PATIENCE, share_of_effort
from taskharbor.testing.scenes.notes import KIND, note

WHATEVER = ("add", "change", "delete", "purge")


class PurgeEffectContract(Contract):
    """Commits, copies and past states after a purge, and while one runs."""

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
