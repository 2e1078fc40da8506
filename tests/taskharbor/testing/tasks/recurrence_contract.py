"""Completing and skipping recurring tasks: one occurrence at a time, under concurrent writes."""

import asyncio
from datetime import date
from uuid import uuid4

import pytest

from taskharbor.application.batch.run_batch import Command, RunBatch
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.errors import UidTaken
from taskharbor.application.ports.storage import Storage
from taskharbor.application.progress.change_progress import CompleteTask, ReopenTask
from taskharbor.application.progress.skip_occurrence import SkipOccurrence
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.list_tasks import ListTasks
from taskharbor.application.undo.undo_commit import UndoCommit
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.recurrence.occurrence import OccurrenceOf, occurrence_uid
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.values.calendar_time import AllDay
from taskharbor.testing.doubles.clock import FakeClock
from taskharbor.testing.doubles.occurrences import FakeOccurrences
from taskharbor.testing.doubles.parking_storage import ParkingStorage
from taskharbor.testing.doubles.uids import FakeUids
from taskharbor.testing.scenes.bench import Bench
from taskharbor.testing.scenes.contract import Contract

FIRST = AllDay(date(2026, 1, 1))  # the day on which the clock stands
SECOND = AllDay(date(2026, 1, 2))


def _use_cases(storage: Storage) -> UseCases:
    return UseCases(storage, clock=FakeClock(), uids=FakeUids(), occurrences=FakeOccurrences())


class RecurrenceContract(Contract):
    """The finished copy and the task that moves on are written in one commit."""

    async def test_completing_leaves_a_finished_copy_and_moves_on_in_one_commit(
        self, here: Bench, use_cases: UseCases
    ) -> None:
        created = await self._daily(here, use_cases)
        task = await use_cases.execute(CompleteTask(id=created.id), workspace=here.workspace)
        assert (task.id, task.due, task.progress) == (created.id, SECOND, Progress.NEEDS_ACTION)
        (copy,) = await self._copies(here, use_cases, created)
        assert copy.uid == occurrence_uid(created.uid, FIRST)
        assert (copy.due, copy.is_completed, copy.recurrence) == (FIRST, True, None)
        assert copy.occurrence_of == OccurrenceOf(created.id, FIRST)
        assert copy.revision == task.revision == created.revision + 1

    async def test_the_last_occurrence_is_the_task_itself(self, here: Bench, use_cases: UseCases) -> None:
        created = await self._daily(here, use_cases, "FREQ=DAILY;COUNT=2")
        for _ in range(3):
            await use_cases.execute(CompleteTask(id=created.id), workspace=here.workspace)
        last = await here.get(created.id)
        assert last is not None
        assert (last.due, last.is_completed) == (SECOND, True)
        assert len(await self._copies(here, use_cases, created)) == 1

    async def test_of_many_who_complete_it_at_once_one_does(self, here: Bench) -> None:
        # Each holds its first commit back until all of them have read the same occurrence.
        parked = [ParkingStorage(here.storage, park="before") for _ in range(4)]
        created = await self._daily(here, _use_cases(here.storage))
        commands = [
            _use_cases(storage).execute(CompleteTask(id=created.id), workspace=here.workspace) for storage in parked
        ]
        running = [asyncio.create_task(command) for command in commands]
        for storage in parked:
            await storage.parked.wait()
        for storage in parked:
            storage.release.set()
        answers = await asyncio.gather(*running)
        assert {answer.due for answer in answers} == {SECOND}
        assert len(await self._copies(here, _use_cases(here.storage), created)) == 1

    async def test_of_one_who_completes_and_one_who_skips_at_once_one_does(self, here: Bench) -> None:
        parked = ParkingStorage(here.storage, park="before")
        created = await self._daily(here, _use_cases(here.storage))
        skipping = asyncio.create_task(
            _use_cases(parked).execute(SkipOccurrence(id=created.id), workspace=here.workspace)
        )
        await parked.parked.wait()
        await _use_cases(here.storage).execute(CompleteTask(id=created.id), workspace=here.workspace)
        parked.release.set()
        assert (await skipping).due == SECOND

    async def test_a_copy_whose_name_is_taken_goes_by_another(self, here: Bench, use_cases: UseCases) -> None:
        created = await self._daily(here, use_cases)
        taken = occurrence_uid(created.uid, FIRST)
        await use_cases.execute(CreateTask(title="another task", uid=taken), workspace=here.workspace)
        task = await use_cases.execute(CompleteTask(id=created.id), workspace=here.workspace)
        (copy,) = await self._copies(here, use_cases, created)
        assert (task.due, copy.uid) == (SECOND, occurrence_uid(created.uid, FIRST, again=1))

    async def test_a_batch_can_complete_several_occurrences(self, here: Bench, use_cases: UseCases) -> None:
        created = await self._daily(here, use_cases)
        commands = [CompleteTask(id=created.id)] * 3
        outcome = await use_cases.execute(RunBatch(commands=commands), workspace=here.workspace)
        assert [result.due for result in outcome.results if isinstance(result, TaskView)] == [
            AllDay(date(2026, 1, 4))
        ] * 3
        copies = await self._copies(here, use_cases, created)
        assert [copy.due for copy in copies] == [AllDay(date(2026, 1, day)) for day in (1, 2, 3)]

    async def test_a_series_that_is_set_back_leaves_two_copies_of_one_occurrence(
        self, here: Bench, use_cases: UseCases
    ) -> None:
        created = await self._daily(here, use_cases)
        set_back = ChangeTask(id=created.id, due=FIRST, recurrence=created.recurrence)
        commands: list[Command] = [CompleteTask(id=created.id), set_back, CompleteTask(id=created.id)]
        for again in (0, 2):
            await use_cases.execute(RunBatch(commands=commands), workspace=here.workspace)
            await use_cases.execute(set_back, workspace=here.workspace)
            copies = await self._copies(here, use_cases, created)
            names = [occurrence_uid(created.uid, FIRST, again=number) for number in range(again + 2)]
            assert [copy.uid for copy in copies] == names

    async def test_completing_by_a_change_is_the_same(self, here: Bench, use_cases: UseCases) -> None:
        created = await self._daily(here, use_cases)
        change = ChangeTask(id=created.id, is_completed=True, title="renamed")
        task = await use_cases.execute(change, workspace=here.workspace)
        (copy,) = await self._copies(here, use_cases, created)
        assert (task.due, task.title, copy.due, copy.title) == (SECOND, "renamed", FIRST, "renamed")

    async def test_skipping_leaves_nothing_and_the_last_one_is_cancelled(
        self, here: Bench, use_cases: UseCases
    ) -> None:
        created = await self._daily(here, use_cases, "FREQ=DAILY;COUNT=2")
        task = await use_cases.execute(SkipOccurrence(id=created.id), workspace=here.workspace)
        assert (task.due, task.progress) == (SECOND, Progress.NEEDS_ACTION)
        task = await use_cases.execute(SkipOccurrence(id=created.id), workspace=here.workspace)
        assert (task.due, task.progress) == (SECOND, Progress.CANCELLED)
        assert await self._copies(here, use_cases, created) == []

    async def test_a_completed_occurrence_can_be_reopened_on_its_own(self, here: Bench, use_cases: UseCases) -> None:
        created = await self._daily(here, use_cases)
        await use_cases.execute(CompleteTask(id=created.id), workspace=here.workspace)
        (copy,) = await self._copies(here, use_cases, created)
        await use_cases.execute(ReopenTask(id=copy.id), workspace=here.workspace)
        await use_cases.execute(CompleteTask(id=copy.id), workspace=here.workspace)
        task = await here.get(created.id)
        assert task is not None
        assert task.due == SECOND
        assert len(await self._copies(here, use_cases, created)) == 1

    async def test_the_name_of_an_occurrence_is_taken_for_others(self, here: Bench, use_cases: UseCases) -> None:
        created = await self._daily(here, use_cases)
        await use_cases.execute(CompleteTask(id=created.id), workspace=here.workspace)
        again = CreateTask(title="the same occurrence, from elsewhere", uid=occurrence_uid(created.uid, FIRST))
        with pytest.raises(UidTaken):
            await use_cases.execute(again, workspace=here.workspace)

    async def test_completing_can_be_undone_and_done_again(self, here: Bench, use_cases: UseCases) -> None:
        created = await self._daily(here, use_cases, "FREQ=DAILY;COUNT=3")
        done = await use_cases.execute(CompleteTask(id=created.id), workspace=here.workspace)
        await use_cases.execute(UndoCommit(revision=done.revision), workspace=here.workspace)
        undone = await here.get(created.id)
        assert undone is not None
        assert (undone.due, undone.recurrence) == (created.due, created.recurrence)
        assert await self._copies(here, use_cases, created) == []
        again = await use_cases.execute(CompleteTask(id=created.id), workspace=here.workspace)
        assert (again.due, again.recurrence) == (done.due, done.recurrence)
        assert len(await self._copies(here, use_cases, created)) == 1

    async def test_an_occurrence_that_has_been_postponed_since_is_not_undone_by_halves(
        self, here: Bench, use_cases: UseCases
    ) -> None:
        created = await self._daily(here, use_cases)
        done = await use_cases.execute(CompleteTask(id=created.id), workspace=here.workspace)
        put_off = ChangeTask(id=created.id, due=AllDay(date(2026, 1, 9)))
        moved = await use_cases.execute(put_off, workspace=here.workspace)
        outcome = await use_cases.execute(UndoCommit(revision=done.revision), workspace=here.workspace)
        assert [(conflict.task, set(conflict.fields)) for conflict in outcome.conflicts] == [
            (created.id, {"due", "recurrence"})
        ]
        task = await here.get(created.id)
        assert task is not None
        assert (task.due, task.recurrence) == (moved.due, moved.recurrence)

    async def _daily(self, here: Bench, use_cases: UseCases, rule: str = "FREQ=DAILY") -> TaskView:
        command = CreateTask(title="water the plants", uid=uuid4(), due=FIRST, recurrence={"rrule": rule})
        return await use_cases.execute(command, workspace=here.workspace)

    async def _copies(self, here: Bench, use_cases: UseCases, task: TaskView) -> list[TaskView]:
        page = await use_cases.list_tasks(ListTasks(limit=1000), workspace=here.workspace)
        return [one for one in page.items if one.occurrence_of is not None and one.occurrence_of.task == task.id]
