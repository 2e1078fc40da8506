"""Many commands in one commit, on the store under test."""

import pytest

from taskharbor.application.errors import BatchRefused
from taskharbor.application.ports.change_feed import Position, Tombstone
from taskharbor.application.progress.task_progress import CompleteTask
from taskharbor.application.run_batch import MAX_COMMANDS, Command, RunBatch, ToCreated
from taskharbor.application.task_view import TaskView
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask
from taskharbor.application.use_cases import UseCases
from taskharbor.domain.errors import TaskNotFound
from taskharbor.domain.identifiers import MAX_ID
from taskharbor.testing.bench import Bench
from taskharbor.testing.contract import Contract
from taskharbor.testing.stale_revision_contract import refused_without_a_trace

Commands = list[Command | ToCreated]

UID = "0190b1f4-1234-7abc-8def-0123456789ab"


class BatchContract(Contract):
    """One commit, one revision; all of it or nothing, or all that is not refused."""

    async def test_a_batch_takes_one_revision_and_is_answered_as_it_is_stored(
        self, here: Bench, use_cases: UseCases
    ) -> None:
        old, gone = await here.add_many(2)
        commands: Commands = [
            CreateTask(title="new", uid=UID, tags=["first"]),
            ToCreated(uid=UID, command=CompleteTask(id=0)),
            ChangeTask(id=old.id, priority=1, due={"date": "2026-12-01"}),
            ChangeTask(id=old.id, title="twice"),
            DeleteTask(id=gone.id),
        ]
        outcome = await use_cases.run_batch(RunBatch(commands=commands), workspace=here.workspace)
        assert outcome.revision == old.revision + 1
        new, completed, *changed, _ = outcome.results
        assert new == completed
        assert changed[0] == changed[1]
        views = (await here.page()).items
        assert views == [changed[0], new]
        assert {view.revision for view in views} == {outcome.revision}
        told = (await here.changes(Position(old.revision))).items
        assert [type(change) for change in told] == [TaskView, Tombstone, TaskView]
        assert {change.revision for change in told} == {outcome.revision}

    async def test_a_refused_command_refuses_an_atomic_batch_without_a_trace(
        self, here: Bench, use_cases: UseCases
    ) -> None:
        task = await here.add()
        commands: Commands = [CompleteTask(id=task.id), CreateTask(title="new"), CompleteTask(id=MAX_ID)]
        async with refused_without_a_trace(here, BatchRefused) as caught:
            await use_cases.run_batch(RunBatch(commands=commands), workspace=here.workspace)
        assert caught.value.place == 2

    async def test_a_batch_that_is_not_atomic_leaves_out_what_is_refused(
        self, here: Bench, use_cases: UseCases
    ) -> None:
        task = await here.add()
        commands: Commands = [CompleteTask(id=MAX_ID), CompleteTask(id=task.id)]
        outcome = await use_cases.run_batch(RunBatch(commands=commands, atomic=False), workspace=here.workspace)
        assert isinstance(outcome.results[0], TaskNotFound)
        assert outcome.results[1] == await here.get(task.id)
        assert outcome.revision == task.revision + 1

    async def test_a_dry_run_writes_nothing(self, here: Bench, use_cases: UseCases) -> None:
        task = await here.add()
        commands: Commands = [CompleteTask(id=task.id), CreateTask(title="new")]
        outcome = await use_cases.run_batch(RunBatch(commands=commands, dry_run=True), workspace=here.workspace)
        assert outcome.revision is None
        assert await here.load(task.id) == task
        assert await here.take_revision() == task.revision + 1

    @pytest.mark.parametrize("atomic", [True, False])
    async def test_the_largest_batch_is_one_commit(self, here: Bench, use_cases: UseCases, atomic: bool) -> None:
        half = MAX_COMMANDS // 2
        tasks = await here.add_many(half)
        commands: Commands = [
            *(CompleteTask(id=task.id) for task in tasks),
            *[CreateTask(title="new", priority=9)] * half,
        ]
        outcome = await use_cases.run_batch(RunBatch(commands=commands, atomic=atomic), workspace=here.workspace)
        assert outcome.revision == 2
        changes = await here.changes(Position(1))
        assert changes.items == outcome.results
        assert changes.revision == 2
