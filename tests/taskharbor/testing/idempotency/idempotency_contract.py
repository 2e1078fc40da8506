"""Calls with an idempotency key, on the store under test: carried out once, answered as often as they are made."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import timedelta
from itertools import count
from typing import Literal

import pytest

from taskharbor.application.batch.run_batch import MAX_COMMANDS, ByName, Command, RunBatch
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.errors import BatchRefused, IdempotencyKeyReused
from taskharbor.application.ports.housekeeping import Cutoffs
from taskharbor.application.ports.storage import Storage
from taskharbor.application.progress.change_progress import CompleteTask, ReopenTask
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import TaskNotFound
from taskharbor.domain.identifiers import MAX_ID, TaskId, WorkspaceId
from taskharbor.domain.tasks.task import Task
from taskharbor.testing.doubles.clock import FakeClock
from taskharbor.testing.doubles.parking_storage import ParkingStorage
from taskharbor.testing.doubles.uids import FakeUids
from taskharbor.testing.scenes.bench import Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.effort import PATIENCE
from taskharbor.testing.scenes.refusals import refused_without_a_trace

KEY = "8e03978e-40d5-43dd-bc93-6894a57f9324"
UID = "0190b1f4-1234-7abc-8def-0123456789ab"


class Process:
    """One of several programs that use a store; all that it does in one workspace has the same key."""

    _uids = count(1, 1000)

    def __init__(self, storage: Storage, here: Bench, clock: FakeClock | None = None, *, key: str = KEY) -> None:
        self._use_cases = UseCases(storage, clock=clock or FakeClock(), uids=FakeUids(next(self._uids)))
        self._workspace = here.workspace
        self._key = key

    async def create(self, title: str = "once", *, uid: str | None = None) -> TaskView:
        """Make a task."""
        command = CreateTask(title=title, uid=uid)
        return await self._use_cases.execute(command, workspace=self._workspace, idempotency_key=self._key)

    async def change(self, command: ChangeTask) -> TaskView:
        """Change a task."""
        return await self._use_cases.execute(command, workspace=self._workspace, idempotency_key=self._key)

    async def delete(self, command: DeleteTask) -> TaskView:
        """Delete a task."""
        return await self._use_cases.execute(command, workspace=self._workspace, idempotency_key=self._key)


class Overtaken(ParkingStorage):
    """Passes everything on to `inner`; just before it reads the first task, another writer does something."""

    def __init__(self, inner: Storage, meanwhile: Callable[[], Awaitable[TaskView]]) -> None:
        super().__init__(inner, park="before")
        self.release.set()
        self.answers: list[TaskView] = []
        self._meanwhile = meanwhile

    async def load_tasks(self, workspace: WorkspaceId, ids: Collection[TaskId]) -> Mapping[TaskId, Task]:
        if not self.answers:
            self.answers.append(await self._meanwhile())
        return await super().load_tasks(workspace, ids)


class IdempotencyContract(Contract):
    """The answer is kept in the commit of the work, so that neither can be there without the other."""

    async def test_a_repeated_call_gets_the_first_answer_and_is_not_carried_out(self, here: Bench) -> None:
        first = await Process(here.storage, here).create()
        for _ in range(2):
            assert await Process(here.storage, here).create() == first
        assert await here.live_ids() == [first.id]
        assert await here.get(first.id) == first
        assert await here.take_revision() == first.revision + 1

    async def test_the_answer_stays_the_first_one_when_the_task_has_changed_since(
        self, here: Bench, use_cases: UseCases
    ) -> None:
        task = await here.add()
        change = ChangeTask(id=task.id, title="changed", if_match=task.revision)
        changed = await use_cases.execute(change, workspace=here.workspace, idempotency_key=KEY)
        deleted = await use_cases.execute(DeleteTask(id=task.id), workspace=here.workspace, idempotency_key="d")
        assert await use_cases.execute(change, workspace=here.workspace, idempotency_key=KEY) == changed
        again = await use_cases.execute(DeleteTask(id=task.id), workspace=here.workspace, idempotency_key="d")
        assert again == deleted
        assert [changed.revision, deleted.revision] == [task.revision + 1, task.revision + 2]
        assert await here.take_revision() == deleted.revision + 1

    async def test_a_call_that_changed_nothing_is_kept_too(self, here: Bench, use_cases: UseCases) -> None:
        task = await here.add()
        reopen = ReopenTask(id=task.id)
        first = await use_cases.execute(reopen, workspace=here.workspace, idempotency_key=KEY)
        assert first == await here.get(task.id)
        await use_cases.execute(CompleteTask(id=task.id), workspace=here.workspace)
        assert await use_cases.execute(reopen, workspace=here.workspace, idempotency_key=KEY) == first
        now = await here.get(task.id)
        assert now is not None
        assert now.is_completed

    @pytest.mark.parametrize("atomic", [True, False])
    async def test_the_largest_batch_is_answered_again_as_a_whole(
        self, here: Bench, use_cases: UseCases, atomic: bool
    ) -> None:
        task = await here.add()
        commands: list[Command | ByName] = [
            CreateTask(title="new", uid=UID, due={"date": "2026-12-01"}),
            ByName(uid=UID, command=CompleteTask(id=0)),
            CompleteTask(id=task.id if atomic else MAX_ID),
            *[CreateTask(title="new", tags=["Home"])] * (MAX_COMMANDS - 3),
        ]
        batch = RunBatch(commands=commands, atomic=atomic)
        first = await use_cases.execute(batch, workspace=here.workspace, idempotency_key=KEY)
        again = await use_cases.execute(batch, workspace=here.workspace, idempotency_key=KEY)
        assert again.revision == first.revision == task.revision + 1
        assert [str(result) for result in again.results] == [str(result) for result in first.results]
        assert [result for result in again.results if isinstance(result, TaskView)] == [
            result for result in first.results if isinstance(result, TaskView)
        ]
        assert isinstance(again.results[2], TaskView if atomic else TaskNotFound)
        assert await here.take_revision() == task.revision + 2

    async def test_another_call_with_the_same_key_is_refused(self, here: Bench, use_cases: UseCases) -> None:
        await use_cases.execute(CreateTask(title="once"), workspace=here.workspace, idempotency_key=KEY)
        async with refused_without_a_trace(here, IdempotencyKeyReused):
            await use_cases.execute(CreateTask(title="twice"), workspace=here.workspace, idempotency_key=KEY)

    async def test_a_refused_call_is_not_kept(self, here: Bench, use_cases: UseCases) -> None:
        batch = RunBatch(commands=[CreateTask(title="new", uid=UID), CompleteTask(id=MAX_ID)])
        async with refused_without_a_trace(here, BatchRefused):
            await use_cases.execute(batch, workspace=here.workspace, idempotency_key=KEY)
        made = await Process(here.storage, here).create()
        assert made.title == "once"

    async def test_a_key_belongs_to_its_workspace(self, here: Bench, elsewhere: Bench) -> None:
        await Process(here.storage, here).create("here")
        there = await Process(here.storage, elsewhere).create("elsewhere")
        assert await elsewhere.get(there.id) == there

    async def test_a_key_can_be_used_anew_when_its_answer_has_expired(self, here: Bench) -> None:
        clock = FakeClock()
        process = Process(here.storage, here, clock)
        first = await process.create()
        clock.advance(timedelta(hours=24) - timedelta(microseconds=1))
        assert await process.create() == first
        clock.advance(timedelta(microseconds=1))
        second = await process.create("something else")
        assert await process.create("something else") == second
        assert await here.live_ids() == [first.id, second.id]

    async def test_a_key_can_be_used_anew_when_its_answer_is_purged_just_then(self, here: Bench) -> None:
        clock = FakeClock()
        first = await Process(here.storage, here, clock).create()
        clock.advance(timedelta(hours=24))
        slow = ParkingStorage(here.storage, park="before")
        call = asyncio.create_task(Process(slow, here, clock).create("something else"))
        async with asyncio.timeout(PATIENCE):
            await slow.parked.wait()
            cutoffs = Cutoffs(deleted=None, expired=clock.now() + timedelta(seconds=1), recorded=None)
            purged = await here.storage.purge(here.workspace, cutoffs, limit=100)
            slow.release.set()
            second = await call
        assert purged.records == 1
        assert await here.live_ids() == [first.id, second.id]
        assert await Process(here.storage, here, clock).create("something else") == second

    async def test_of_many_at_once_in_several_processes_one_is_carried_out_and_all_get_its_answer(
        self, here: Bench
    ) -> None:
        async with asyncio.timeout(PATIENCE):
            answers = await asyncio.gather(*(Process(here.storage, here).create(uid=UID) for _ in range(8)))
        assert answers == [answers[0]] * 8
        assert await here.live_ids() == [answers[0].id]
        assert await here.take_revision() == answers[0].revision + 1

    async def test_a_call_that_loses_to_the_same_call_gets_its_answer(self, here: Bench) -> None:
        slow = ParkingStorage(here.storage, park="before")
        loser = asyncio.create_task(Process(slow, here).create())
        async with asyncio.timeout(PATIENCE):
            await slow.parked.wait()
            winner = await Process(here.storage, here).create()
            slow.release.set()
            assert await loser == winner
        assert await here.live_ids() == [winner.id]

    async def test_a_call_refused_because_the_same_call_was_first_gets_its_answer(self, here: Bench) -> None:
        changed, deleted = await here.add_many(2)
        change = ChangeTask(id=changed.id, priority=1, if_match=changed.revision)
        other = Process(here.storage, here)
        overtaken = Overtaken(here.storage, lambda: other.change(change))
        assert await Process(overtaken, here).change(change) == overtaken.answers[0]

        delete = DeleteTask(id=deleted.id)
        other = Process(here.storage, here, key="another")
        overtaken = Overtaken(here.storage, lambda: other.delete(delete))
        assert await Process(overtaken, here, key="another").delete(delete) == overtaken.answers[0]
        assert await here.take_revision() == changed.revision + 3

    @pytest.mark.parametrize("park", ["before", "after"])
    async def test_a_call_that_was_cancelled_can_be_repeated(
        self, here: Bench, park: Literal["before", "after"]
    ) -> None:
        parking = ParkingStorage(here.storage, park=park)
        call = asyncio.create_task(Process(parking, here).create())
        async with asyncio.timeout(PATIENCE):
            await parking.parked.wait()
            call.cancel()
            parking.release.set()
            with pytest.raises(asyncio.CancelledError):
                await call
        again = await Process(here.storage, here).create()
        assert await here.live_ids() == [again.id]
        assert await here.get(again.id) == again
        assert again.revision == 1
