"""By which names the history knows what a batch did."""

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.batch.run_batch import Command, RunBatch
from taskharbor.application.lists.manage_lists import ChangeList, CreateList
from taskharbor.application.ports.task_history import OF_RECORDS
from taskharbor.application.progress.change_progress import StartTask
from taskharbor.application.saved_filters.manage_saved_filters import DeleteSavedFilter, SaveFilter
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE, INBOX, TaskId
from taskharbor.testing import FakeClock, FakeUids

MAKE = CreateTask(title="a task")
RENAME = ChangeList(id=INBOX, name="Eingang")
SAVE = SaveFilter(name="A", q="a")


async def recorded(*commands: Command) -> dict[TaskId, str]:
    """Return the names under which a batch is recorded, by the ids of its tasks; what is refused is left out of it."""
    storage = InMemoryStorage()
    use_cases = UseCases(storage, clock=FakeClock(), uids=FakeUids())
    outcome = await use_cases.execute(RunBatch(commands=commands, atomic=False))
    assert outcome.revision == 1
    return {entry.task_id: entry.command for entry in await storage.list_commit(DEFAULT_WORKSPACE, 1)}


@pytest.mark.parametrize("commands", [[RENAME, MAKE], [MAKE, RENAME], [MAKE, RENAME, StartTask(id=1)]])
async def test_records_are_told_with_the_command_that_wrote_them_wherever_it_stood(commands: list[Command]) -> None:
    assert (await recorded(*commands))[OF_RECORDS] == "change_list"


async def test_several_records_of_one_kind_of_command_are_told_with_it() -> None:
    assert await recorded(SAVE, SaveFilter(name="B", q="b"), MAKE) == {OF_RECORDS: "save_filter", 1: "create_task"}


@pytest.mark.parametrize(
    "commands", [[CreateList(name="Work"), SAVE], [CreateList(name="Work"), RENAME], [SAVE, SAVE, RENAME, MAKE]]
)
async def test_what_several_commands_did_to_records_is_told_as_a_batch(commands: list[Command]) -> None:
    assert (await recorded(*commands))[OF_RECORDS] == "run_batch"


async def test_commands_that_left_no_trace_in_records_are_not_told() -> None:
    assert (await recorded(SAVE, DeleteSavedFilter(name="A"), RENAME))[OF_RECORDS] == "change_list"
    assert (await recorded(RENAME, ChangeList(id=INBOX, name="Eingang"), SaveFilter(name="", q="a"), MAKE))[
        OF_RECORDS
    ] == "change_list"


async def test_a_command_that_is_taken_back_is_not_told_of_what_an_earlier_one_wrote() -> None:
    storage, clock = InMemoryStorage(), FakeClock()
    task = await UseCases(storage, clock=clock, uids=FakeUids()).execute(MAKE)
    async with UnitOfWork(storage, workspace=DEFAULT_WORKSPACE, now=clock.now()) as uow:
        uow.command = "first"
        started = uow.tasks.save((await uow.tasks.get(task.id)).begin(at=clock.now()))
        await uow.records.put("kit", "a", "1")
        before = uow.bookmark()
        uow.command = "second"
        uow.tasks.save(started.complete(at=clock.now()))
        await uow.records.put("kit", "a", "2")
        uow.return_to(before)
        await uow.commit()
    recorded = await storage.list_commit(DEFAULT_WORKSPACE, 2)
    assert [(entry.task_id, entry.command) for entry in recorded] == [(OF_RECORDS, "first"), (task.id, "first")]
