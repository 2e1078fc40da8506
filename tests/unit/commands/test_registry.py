"""The one table of commands, and what stands between a caller and a handler."""

from typing import Any

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.batch.run_batch import RunBatch
from taskharbor.application.commands import registry
from taskharbor.application.commands.registry import COMMANDS
from taskharbor.application.search.change_matching import ChangeMatching
from taskharbor.application.search.criteria import TaskCriteria
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.search.filter import Compare, Field, Operator
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.testing import FakeClock, FakeUids


@pytest.fixture
def use_cases() -> UseCases:
    return UseCases(InMemoryStorage(), clock=FakeClock(), uids=FakeUids())


def test_no_two_commands_have_a_name_in_common() -> None:
    kinds = COMMANDS.values()
    wires = [kind.wire for kind in kinds if kind.wire is not None]
    for names in ([kind.name for kind in kinds], [kind.stored_name for kind in kinds], wires):
        assert len({*names}) == len(names)


async def test_every_command_begins_at_the_same_place_those_of_a_batch_too(
    use_cases: UseCases, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[type[Any]] = []
    begin = registry.begin

    def noted(command: object, uow: UnitOfWork) -> registry.CommandType:
        begun.append(type(command))
        return begin(command, uow)

    monkeypatch.setattr(registry, "begin", noted)
    make = CreateTask(title="a task")
    everything = TaskCriteria(filter=Compare(Field.ID, Operator.GREATER, 0))
    change = ChangeMatching(question=everything, changes=TaskChanges(priority=1), max_affected=9)
    await use_cases.execute(make)
    await use_cases.execute(RunBatch(commands=[make, change]))
    assert [kind.__name__ for kind in begun] == [
        "CreateTask",
        *("RunBatch", "CreateTask", "ChangeMatching", "ChangeTask", "ChangeTask"),
    ]


async def test_what_has_no_name_in_a_batch_cannot_be_a_part_of_one(use_cases: UseCases) -> None:
    nested: Any = RunBatch(commands=[CreateTask(title="a task")])
    with pytest.raises(TypeError, match="run_batch cannot be a part of a batch"):
        await use_cases.execute(RunBatch(commands=[nested]))
