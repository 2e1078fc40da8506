"""Batches in competition."""

import asyncio
from collections.abc import Collection, Mapping

import pytest

from batches import MISSING, OTHER, UID, RecordingStorage, create, run, tasks
from taskharbor.application.batch.run_batch import RunBatch
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.errors import (
    BatchRefused,
    ConcurrentUpdate,
    StoreNotReady,
    StoreUnavailable,
    UidTaken,
)
from taskharbor.application.progress.change_progress import CompleteTask
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask
from taskharbor.application.use_cases import transactions as module
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import TaskharborError, TaskNotFound
from taskharbor.domain.identifiers import TaskId, WorkspaceId
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.uid import Uid


async def test_a_batch_that_loses_a_race_is_run_again_as_a_whole(
    harbor: UseCases, storage: RecordingStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def no_sleep(seconds: float) -> None: ...

    monkeypatch.setattr(module.asyncio, "sleep", no_sleep)  # type: ignore[attr-defined]
    (task,) = await create(harbor)
    storage.losses = 2
    outcome = await run(harbor, CompleteTask(id=task), CreateTask(title="new"), CompleteTask(id=MISSING), atomic=False)
    assert outcome.revision == 2
    assert len(storage.loads) == 3, "each attempt reads again"
    done, new = await tasks(harbor)
    assert outcome.results[:2] == [done, new]
    assert isinstance(outcome.results[2], TaskNotFound)


async def test_a_batch_that_loses_a_race_is_judged_against_the_winner(
    harbor: UseCases, storage: RecordingStorage
) -> None:
    (task,) = await create(harbor)
    load = storage.load_tasks

    async def overtaken(workspace: WorkspaceId, ids: Collection[TaskId]) -> Mapping[TaskId, Task]:
        loaded = await load(workspace, ids)
        if len(storage.loads) == 1:
            await harbor.execute(DeleteTask(id=task))
        return loaded

    storage.load_tasks = overtaken  # type: ignore[method-assign]
    with pytest.raises(BatchRefused) as caught:
        await run(harbor, CompleteTask(id=task))
    assert isinstance(caught.value.refusal, TaskNotFound)


@pytest.mark.parametrize("error", [StoreUnavailable("it is away"), StoreNotReady("it is old", remedy="upgrade")])
@pytest.mark.parametrize("atomic", [True, False])
async def test_a_store_that_is_away_is_not_the_refusal_of_a_command(
    harbor: UseCases, storage: RecordingStorage, error: TaskharborError, atomic: bool
) -> None:
    async def away(workspace: WorkspaceId) -> TaskId:
        raise error

    (task,) = await create(harbor)
    storage.sent.clear()
    storage.next_task_id = away  # type: ignore[method-assign]
    with pytest.raises(type(error)):
        await run(harbor, CompleteTask(id=task), CreateTask(title="new"), atomic=atomic)
    assert storage.sent == []


async def test_a_race_that_is_lost_within_a_command_runs_the_batch_again(
    harbor: UseCases, storage: RecordingStorage
) -> None:
    take = storage.next_task_id
    raced = asyncio.Event()

    async def race(workspace: WorkspaceId) -> TaskId:
        if not raced.is_set():
            raced.set()
            raise ConcurrentUpdate
        return await take(workspace)

    storage.next_task_id = race  # type: ignore[method-assign]
    assert (await run(harbor, CreateTask(title="new"), atomic=False)).revision == 1


@pytest.mark.parametrize("dry_run", [True, False])
async def test_a_uid_that_is_taken_refuses_its_command_alone(harbor: UseCases, dry_run: bool) -> None:
    await run(harbor, CreateTask(title="first", uid=UID))
    commands = (
        CreateTask(title="again", uid=UID.upper()),
        CreateTask(title="other", uid=OTHER),
        CreateTask(title="twice", uid=OTHER),
    )
    outcome = await run(harbor, *commands, atomic=False, dry_run=dry_run)
    assert [type(result) for result in outcome.results] == [UidTaken, TaskView, UidTaken]
    with pytest.raises(BatchRefused) as caught:
        await run(harbor, *commands, dry_run=dry_run)
    assert caught.value.place == 0
    assert isinstance(caught.value.refusal, UidTaken)
    assert [task.title for task in await tasks(harbor)] == (["first"] if dry_run else ["first", "other"])


@pytest.mark.parametrize("key", [None, "once"])
async def test_a_uid_that_is_taken_before_the_commit_refuses_its_command_alone(
    harbor: UseCases, storage: RecordingStorage, key: str | None
) -> None:
    find = storage.find_uids
    raced = asyncio.Event()

    async def overtaken(workspace: WorkspaceId, uids: Collection[Uid]) -> Mapping[Uid, TaskId]:
        found = await find(workspace, uids)
        if not raced.is_set():
            raced.set()
            await harbor.execute(CreateTask(title="first", uid=UID))
        return found

    storage.find_uids = overtaken  # type: ignore[method-assign]
    batch = RunBatch(commands=[CreateTask(title="second", uid=UID), CreateTask(title="other")], atomic=False)
    outcome = await harbor.execute(batch, idempotency_key=key)
    assert isinstance(outcome.results[0], UidTaken)
    assert [task.title for task in await tasks(harbor)] == ["first", "other"]
