import asyncio
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.errors import ConcurrentUpdate, PreconditionFailed, StoreUnavailable, UidTaken
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.progress.change_progress import CancelTask, CompleteTask, ReopenTask, StartTask
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask, RestoreTask
from taskharbor.application.tasks.list_tasks import ListTasks
from taskharbor.application.use_cases import transactions as module
from taskharbor.application.use_cases.application import UseCases
from taskharbor.application.use_cases.transactions import MAX_ATTEMPTS
from taskharbor.domain.errors import InvalidValue, TaskNotFound
from taskharbor.domain.identifiers import Revision, TaskId, WorkspaceId
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.tasks.task import Task
from taskharbor.testing import FakeClock, FakeUids

COMMANDS = (ChangeTask, CompleteTask, ReopenTask, StartTask, CancelTask, DeleteTask, RestoreTask)
each_command = pytest.mark.parametrize("command", COMMANDS)


class ContestedStorage(InMemoryStorage):
    """Loses the first races: `losses` of them."""

    def __init__(self, losses: int) -> None:
        super().__init__()
        self.losses = losses
        self.commits = 0
        self.loads = 0
        self.asked_for: set[TaskId] = set()

    async def load_tasks(self, workspace: WorkspaceId, ids: Collection[TaskId]) -> Mapping[TaskId, Task]:
        self.loads += 1
        self.asked_for.update(ids)
        return await super().load_tasks(workspace, ids)

    async def get_task(self, workspace: WorkspaceId, task_id: TaskId) -> TaskView | None:
        self.asked_for.add(task_id)
        return await super().get_task(workspace, task_id)

    async def commit(self, changes: Changeset) -> Revision:
        self.commits += 1
        if self.losses:
            self.losses -= 1
            raise ConcurrentUpdate
        return await super().commit(changes)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def use_cases_on(storage: InMemoryStorage, clock: FakeClock | None = None) -> UseCases:
    return UseCases(storage, clock=clock or FakeClock(), uids=FakeUids())


@pytest.fixture
def harbor(clock: FakeClock) -> UseCases:
    return use_cases_on(InMemoryStorage(), clock)


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long the use cases paused; nobody waits for it."""
    pauses = []
    sleep = asyncio.sleep

    async def no_sleep(seconds: float) -> None:
        pauses.append(seconds)
        await sleep(0)

    monkeypatch.setattr(module.asyncio, "sleep", no_sleep)  # type: ignore[attr-defined]
    return pauses


async def test_a_use_case_that_always_loses_is_run_16_times_and_then_says_so(pauses: list[float]) -> None:
    storage = ContestedStorage(losses=1000)
    with pytest.raises(ConcurrentUpdate):
        await use_cases_on(storage).execute(CreateTask(title="a task"))
    assert MAX_ATTEMPTS == 16
    assert storage.commits == 16
    assert len(pauses) == 15
    assert all(0 <= pause <= 0.064 for pause in pauses)


async def test_a_use_case_that_wins_at_last_is_done_once(pauses: list[float]) -> None:
    storage = ContestedStorage(losses=15)
    task = await use_cases_on(storage).execute(CreateTask(title="a task"))
    assert storage.commits == 16
    assert task.revision == 1
    assert len((await use_cases_on(storage).list_tasks(ListTasks())).items) == 1


async def test_each_attempt_reads_again_and_looks_at_the_clock_again(pauses: list[float]) -> None:
    storage = ContestedStorage(losses=0)
    clock = FakeClock(step=timedelta(seconds=1))
    harbor = use_cases_on(storage, clock)
    task = await harbor.execute(CreateTask(title="a task"))
    storage.losses = 2
    done = await harbor.execute(CompleteTask(id=task.id))
    assert storage.loads == 3
    assert done.completed == task.created + timedelta(seconds=3)
    assert (harbor.signals.commits.total(), harbor.signals.retries) == (2, {"concurrent_update": 2})


@pytest.mark.parametrize("error", [StoreUnavailable("it is away"), UidTaken(FakeUids().new()), ZeroDivisionError()])
async def test_only_a_lost_race_is_run_again(error: Exception, pauses: list[float]) -> None:
    class FailingStorage(ContestedStorage):
        async def commit(self, changes: Changeset) -> Revision:
            self.commits += 1
            raise error

    storage = FailingStorage(losses=0)
    with pytest.raises(type(error)):
        await use_cases_on(storage).execute(CreateTask(title="a task"))
    assert storage.commits == 1
    assert pauses == []


async def test_what_a_rule_forbids_reaches_no_store() -> None:
    storage = ContestedStorage(losses=0)
    harbor = use_cases_on(storage)
    with pytest.raises(InvalidValue, match=r"^title"):
        await harbor.execute(CreateTask(title=" "))
    with pytest.raises(InvalidValue, match=r"^uid"):
        await harbor.execute(CreateTask(title="a task", uid="not a uuid"))
    assert storage.commits == 0


async def test_a_created_task_is_answered_as_it_is_stored(harbor: UseCases, clock: FakeClock) -> None:
    task = await harbor.execute(CreateTask(title="  a task ", description="Some *text*"))
    assert task == await harbor.get_task(task.id)
    assert task.title == "a task"
    assert task.description == "Some *text*"
    assert task.uid == "00000000-0000-7000-8000-000000000001"
    assert task.progress is Progress.NEEDS_ACTION
    assert not task.is_completed
    assert task.created == task.updated == clock.now()
    assert task.completed is None
    assert task.revision == 1


async def test_a_caller_may_name_a_task_once(harbor: UseCases) -> None:
    uid = "0190B1F4-1234-7ABC-8DEF-0123456789AB"
    task = await harbor.execute(CreateTask(title="a task", uid=uid))
    assert task.uid == uid.lower()
    assert await harbor.execute(CreateTask(title="a task", uid=uid.lower())) == task
    with pytest.raises(UidTaken) as refused:
        await harbor.execute(CreateTask(title="another task", uid=uid.lower()))
    assert (refused.value.uid, refused.value.task_id) == (task.uid, task.id)


async def test_a_change_concerns_what_it_names(harbor: UseCases) -> None:
    task = await harbor.execute(CreateTask(title="a task", description="text"))
    assert (await harbor.execute(ChangeTask(id=task.id, title="another"))).description == "text"
    assert (await harbor.execute(ChangeTask(id=task.id, description=None))).description is None
    changed = await harbor.execute(ChangeTask(id=task.id, progress=Progress.IN_PROCESS))
    assert (changed.title, changed.description, changed.progress) == ("another", None, Progress.IN_PROCESS)


async def test_is_completed_is_another_way_to_complete_and_reopen(harbor: UseCases) -> None:
    task = await harbor.execute(CreateTask(title="a task"))
    done = await harbor.execute(ChangeTask(id=task.id, is_completed=True))
    assert done.progress is Progress.COMPLETED
    assert (await harbor.execute(ChangeTask(id=task.id, is_completed=False))).progress is Progress.NEEDS_ACTION
    await harbor.execute(StartTask(id=task.id))
    assert (await harbor.execute(ChangeTask(id=task.id, is_completed=False))).progress is Progress.IN_PROCESS


@pytest.mark.parametrize("progress", Progress)
@pytest.mark.parametrize("is_completed", [True, False])
async def test_progress_and_is_completed_must_not_contradict_each_other(
    harbor: UseCases, progress: Progress, is_completed: bool
) -> None:
    task = await harbor.execute(CreateTask(title="a task"))
    command = ChangeTask(id=task.id, progress=progress, is_completed=is_completed)
    if (progress is Progress.COMPLETED) == is_completed:
        assert (await harbor.execute(command)).progress is progress
    else:
        with pytest.raises(InvalidValue, match=r"^is_completed: contradicts"):
            await harbor.execute(command)
        assert await harbor.get_task(task.id) == task


async def test_a_change_to_what_is_there_already_takes_no_revision(harbor: UseCases, clock: FakeClock) -> None:
    task = await harbor.execute(CreateTask(title="a task"))
    clock.advance()
    assert await harbor.execute(ChangeTask(id=task.id, title="a task", description=None)) == task
    assert await harbor.execute(ChangeTask(id=task.id)) == task
    assert await harbor.execute(ReopenTask(id=task.id)) == task
    assert await harbor.execute(RestoreTask(id=task.id)) == task


async def test_the_progress_of_a_task(harbor: UseCases, clock: FakeClock) -> None:
    task = await harbor.execute(CreateTask(title="a task"))
    started = await harbor.execute(StartTask(id=task.id))
    assert (started.progress, started.revision) == (Progress.IN_PROCESS, 2)
    at = clock.advance()
    done = await harbor.execute(CompleteTask(id=task.id))
    assert (done.progress, done.is_completed, done.completed, done.revision) == (Progress.COMPLETED, True, at, 3)
    reopened = await harbor.execute(ReopenTask(id=task.id))
    assert (reopened.progress, reopened.completed, reopened.revision) == (Progress.NEEDS_ACTION, None, 4)
    cancelled = await harbor.execute(CancelTask(id=task.id))
    assert (cancelled.progress, cancelled.is_completed, cancelled.revision) == (Progress.CANCELLED, False, 5)


@each_command
async def test_a_task_that_is_not_there_is_not_found(harbor: UseCases, command: type[Any]) -> None:
    with pytest.raises(TaskNotFound, match=r"^Task not found$"):
        await harbor.execute(command(id=1))


@each_command
@pytest.mark.parametrize("task_id", [0, -1, 2**53, 2**63, -(2**70)])
async def test_a_number_that_no_task_can_have_is_not_found_without_asking_the_store(
    command: type[Any], task_id: int
) -> None:
    storage = ContestedStorage(losses=0)
    with pytest.raises(TaskNotFound):
        await use_cases_on(storage).execute(command(id=task_id))
    with pytest.raises(TaskNotFound):
        await use_cases_on(storage).get_task(task_id)
    assert storage.asked_for == set()


@each_command
async def test_a_deleted_task_can_only_be_restored(harbor: UseCases, command: type[Any]) -> None:
    task = await harbor.execute(CreateTask(title="a task"))
    await harbor.execute(DeleteTask(id=task.id))
    with pytest.raises(TaskNotFound):
        await harbor.get_task(task.id)
    if command is RestoreTask:
        assert (await harbor.execute(RestoreTask(id=task.id))).revision == 3
    else:
        with pytest.raises(TaskNotFound):
            await harbor.execute(command(id=task.id))


@each_command
async def test_a_command_for_another_revision_changes_nothing(harbor: UseCases, command: type[Any]) -> None:
    task = await harbor.execute(CreateTask(title="a task"))
    task = await harbor.execute(CompleteTask(id=task.id))
    for revision in (1, 3):
        with pytest.raises(PreconditionFailed) as caught:
            await harbor.execute(command(id=task.id, if_match=revision))
        assert (caught.value.expected, caught.value.current) == (revision, 2)
    assert await harbor.get_task(task.id) == task
    answer = await harbor.execute(command(id=task.id, if_match=2))
    assert answer.id == task.id


async def test_a_command_that_loses_a_race_is_checked_against_the_winner(pauses: list[float]) -> None:
    """Between its read and its commit another call commits: the re-run must not forget `if_match`."""

    class OvertakenStorage(InMemoryStorage):
        overtaken = False

        async def commit(self, changes: Changeset) -> Revision:
            if changes.changed and not self.overtaken:
                self.overtaken = True
                (task,) = (await self.load_tasks(changes.workspace, [changes.changed[0].id])).values()
                at = task.updated
                await super().commit(Changeset(workspace=changes.workspace, changed=(task.begin(at=at),), guarded={}))
            return await super().commit(changes)

    harbor = use_cases_on(OvertakenStorage())
    task = await harbor.execute(CreateTask(title="a task"))
    with pytest.raises(PreconditionFailed) as caught:
        await harbor.execute(CompleteTask(id=task.id, if_match=task.revision))
    assert caught.value.current == 2


async def test_workspaces_are_apart(harbor: UseCases) -> None:
    task = await harbor.execute(CreateTask(title="a task"), workspace="mine")
    with pytest.raises(TaskNotFound):
        await harbor.get_task(task.id)
    assert (await harbor.list_tasks(ListTasks())).items == []
    assert (await harbor.list_tasks(ListTasks(), workspace="mine")).items == [task]


async def test_lists_are_read_page_by_page(harbor: UseCases) -> None:
    tasks = [await harbor.execute(CreateTask(title=f"task {n}")) for n in range(12)]
    first = await harbor.list_tasks(ListTasks())
    assert first.items == tasks[:10]
    second = await harbor.list_tasks(ListTasks(after=first.next_after))
    assert (second.items, second.next_after) == (tasks[10:], None)
    assert (await harbor.list_tasks(ListTasks(skip=11, limit=5))).items == tasks[11:]


@pytest.mark.parametrize(
    ("numbers", "field"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": -1}, "limit"),
        ({"limit": 1001}, "limit"),
        ({"skip": -1}, "skip"),
        ({"skip": 2**53}, "skip"),
        ({"after": -1}, "after"),
        ({"after": 2**53}, "after"),
        ({"skip": 1, "after": 0}, "skip"),
    ],
)
def test_a_number_out_of_range_is_refused_and_never_clamped(numbers: dict[str, int], field: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        ListTasks(**numbers)
    assert caught.value.field == field


@pytest.mark.parametrize(
    "numbers",
    [{"limit": 1}, {"limit": 1000}, {"skip": 2**53 - 1}, {"after": 2**53 - 1}, {"after": 0}, {"skip": 0, "after": 5}],
)
def test_numbers_at_the_bounds_are_fine(numbers: dict[str, int]) -> None:
    ListTasks(**numbers)


async def test_a_clock_that_was_set_back_does_not_set_back_a_task(harbor: UseCases, clock: FakeClock) -> None:
    task = await harbor.execute(CreateTask(title="a task"))
    clock.set(datetime(2000, 1, 1, tzinfo=UTC))
    done = await harbor.execute(CompleteTask(id=task.id))
    assert done.updated == done.completed == task.created
