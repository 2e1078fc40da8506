"""Many commands in one commit."""

from typing import Any

import pytest

from batches import MISSING, RecordingStorage, create, run, tasks, view
from taskharbor.application.batch.run_batch import RunBatch, batch_outcome, run_batch
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.errors import (
    BatchRefused,
    PreconditionFailed,
)
from taskharbor.application.progress.change_progress import CancelTask, CompleteTask, ReopenTask, StartTask
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask, RestoreTask
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import InvalidValue, TaskNotFound
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.tasks.task import Task
from taskharbor.testing import FakeClock, FakeUids


async def test_every_command_can_be_in_a_batch_and_all_take_one_revision(harbor: UseCases) -> None:
    a, b, c, d, e, f = await create(harbor, 6)
    await run(harbor, CompleteTask(id=c), DeleteTask(id=f))
    outcome = await run(
        harbor,
        CreateTask(title="new"),
        ChangeTask(id=a, priority=1),
        CompleteTask(id=b),
        ReopenTask(id=c),
        StartTask(id=d),
        CancelTask(id=e),
        RestoreTask(id=f),
        DeleteTask(id=a),
    )
    assert outcome.revision == 3
    assert [view(result).revision for result in outcome.results] == [3] * 8
    assert [task.progress for task in await tasks(harbor)] == [
        Progress.COMPLETED,
        Progress.NEEDS_ACTION,
        Progress.IN_PROCESS,
        Progress.CANCELLED,
        Progress.NEEDS_ACTION,
        Progress.NEEDS_ACTION,
    ]


async def test_each_command_sees_what_the_ones_before_it_did(harbor: UseCases) -> None:
    (task,) = await create(harbor)
    with pytest.raises(BatchRefused) as caught:
        await run(harbor, DeleteTask(id=task), CompleteTask(id=task))
    assert isinstance(caught.value.refusal, TaskNotFound)
    outcome = await run(harbor, DeleteTask(id=task), RestoreTask(id=task), CompleteTask(id=task))
    assert view(outcome.results[2]).is_completed


async def test_every_result_is_the_task_as_the_whole_batch_left_it(harbor: UseCases) -> None:
    (task,) = await create(harbor)
    outcome = await run(harbor, CompleteTask(id=task), ChangeTask(id=task, title="later"))
    assert outcome.results == [(await tasks(harbor))[0]] * 2


async def test_if_match_means_the_revision_that_was_stored_before_the_batch(harbor: UseCases) -> None:
    (task,) = await create(harbor)
    outcome = await run(harbor, StartTask(id=task, if_match=1), CompleteTask(id=task, if_match=1))
    assert outcome.revision == 2
    with pytest.raises(BatchRefused) as caught:
        await run(harbor, StartTask(id=task, if_match=1))
    assert isinstance(caught.value.refusal, PreconditionFailed)


async def test_a_batch_that_changes_nothing_takes_no_revision(harbor: UseCases, storage: RecordingStorage) -> None:
    (task,) = await create(harbor)
    storage.sent.clear()
    outcome = await run(harbor, ReopenTask(id=task), ChangeTask(id=task, title="task 0"))
    assert outcome.revision is None
    assert outcome.results == (await tasks(harbor)) * 2
    assert storage.sent == []


async def test_an_atomic_batch_stops_at_the_refused_command_and_writes_nothing(
    harbor: UseCases, storage: RecordingStorage
) -> None:
    (task,) = await create(harbor)
    before = await tasks(harbor)
    storage.sent.clear()
    with pytest.raises(BatchRefused, match="Command 2 was refused: title") as caught:
        await run(
            harbor,
            CompleteTask(id=task),
            CreateTask(title="new"),
            ChangeTask(id=task, title=""),
            DeleteTask(id=MISSING),
        )
    assert caught.value.place == 2
    assert isinstance(caught.value.refusal, InvalidValue)
    assert caught.value.__cause__ is caught.value.refusal
    assert storage.sent == []
    assert await tasks(harbor) == before


async def test_a_batch_that_is_not_atomic_leaves_out_what_is_refused(harbor: UseCases) -> None:
    a, b = await create(harbor, 2)
    outcome = await run(
        harbor,
        CompleteTask(id=MISSING),
        CompleteTask(id=a),
        ChangeTask(id=b, priority=10),
        CreateTask(title=""),
        CreateTask(title="new"),
        StartTask(id=b, if_match=7),
        atomic=False,
    )
    assert [type(result) for result in outcome.results] == [
        TaskNotFound,
        TaskView,
        InvalidValue,
        InvalidValue,
        TaskView,
        PreconditionFailed,
    ]
    assert outcome.revision == 2
    assert [task.revision for task in await tasks(harbor)] == [2, 1, 2]


async def test_if_everything_is_refused_nothing_is_committed(harbor: UseCases, storage: RecordingStorage) -> None:
    outcome = await run(harbor, CompleteTask(id=1), CompleteTask(id=2), atomic=False)
    assert [type(result) for result in outcome.results] == [TaskNotFound, TaskNotFound]
    assert outcome.revision is None
    assert storage.sent == []


async def test_a_refused_command_leaves_nothing_of_what_it_had_done_before_it_was_refused(
    storage: RecordingStorage, harbor: UseCases, clock: FakeClock
) -> None:
    kept, touched, guarded = await create(harbor, 3)
    storage.sent.clear()

    async def handle(command: Any, uow: UnitOfWork) -> Task:
        task = uow.tasks.save((await uow.tasks.get(command.id)).complete(at=uow.now))
        if command.id == touched:
            uow.tasks.guard(await uow.tasks.get(guarded))
            uow.tasks.save((await uow.tasks.get(kept)).cancel(at=uow.now))
            uow.tasks.add(Task.create(id=await uow.tasks.next_id(), uid=FakeUids(50).new(), title="new", at=uow.now))
            raise InvalidValue("title", "was refused in the middle")
        return task

    async with UnitOfWork(storage, workspace="default", now=clock.now()) as uow:
        batch = RunBatch(commands=[CompleteTask(id=kept), CompleteTask(id=touched)], atomic=False)
        outcomes = await run_batch(batch, uow, handle)
        outcome = await batch_outcome(batch, outcomes, uow, await uow.commit())
    assert isinstance(outcome.results[1], InvalidValue)
    assert view(outcome.results[0]).is_completed
    (sent,) = storage.sent
    assert [(task.id, task.progress) for task in sent.changed] == [(kept, Progress.COMPLETED)]
    assert (sent.added, sent.guarded) == ((), {})
    assert [task.is_completed for task in await tasks(harbor)] == [True, False, False]


async def test_a_dry_run_tells_what_would_happen_and_writes_nothing(
    harbor: UseCases, storage: RecordingStorage
) -> None:
    (task,) = await create(harbor)
    before = await tasks(harbor)
    storage.sent.clear()
    commands = [CompleteTask(id=task), CreateTask(title="new"), CompleteTask(id=MISSING)]
    outcome = await run(harbor, *commands, atomic=False, dry_run=True)
    assert outcome.revision is None
    assert view(outcome.results[0]).is_completed
    assert (view(outcome.results[0]).revision, view(outcome.results[1]).revision) == (1, 0)
    assert isinstance(outcome.results[2], TaskNotFound)
    with pytest.raises(BatchRefused):
        await run(harbor, *commands, dry_run=True)
    assert storage.sent == []
    assert await tasks(harbor) == before
