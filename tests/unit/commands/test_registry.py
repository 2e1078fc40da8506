"""The one table of commands, and what stands between a caller and a handler."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.batch.run_batch import RunBatch
from taskharbor.application.commands import registry
from taskharbor.application.commands.registry import COMMANDS
from taskharbor.application.errors import PermissionDenied
from taskharbor.application.principal import Principal, PrincipalKind
from taskharbor.application.search.change_matching import ChangeMatching
from taskharbor.application.search.criteria import TaskCriteria
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.undo.undo_commit import UndoCommit
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.access.permission import Permission
from taskharbor.domain.search.filter import Compare, Field, Operator
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.testing import FakeClock, FakeUids

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


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


def principal(permission: Permission, **more: Any) -> Principal:
    return Principal(kind=PrincipalKind.MEMBER, id="ada", actor="ada", workspace="w", permission=permission, **more)


@pytest.mark.parametrize("has", Permission, ids=lambda each: each.label)
@pytest.mark.parametrize("kind", COMMANDS.values(), ids=lambda kind: kind.name)
async def test_a_command_begins_only_for_those_who_are_permitted_what_it_needs(
    kind: registry.CommandType, has: Permission
) -> None:
    command = kind.command.__new__(kind.command)
    async with UnitOfWork(InMemoryStorage(), workspace="w", now=NOON, principal=principal(has)) as uow:
        if has >= kind.needs:
            assert registry.begin(command, uow) is kind
            return
        with pytest.raises(PermissionDenied) as caught:
            registry.begin(command, uow)
        assert caught.value.needed == kind.needs.label
        assert uow.command != kind.name


def test_a_command_that_does_not_say_what_it_needs_cannot_be_listed() -> None:
    undeclared: Any = registry.CommandType
    with pytest.raises(TypeError, match="needs"):
        undeclared(CreateTask, "create_task")


async def test_an_undo_takes_what_the_commands_take_that_it_takes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    storage = InMemoryStorage()
    use_cases = UseCases(storage, clock=FakeClock(), uids=FakeUids())
    task = await use_cases.execute(CreateTask(title="a task"))
    editor: Any = {"principal": replace(principal(Permission.WRITE), workspace="default")}
    monkeypatch.setitem(registry._NEEDS, "create_task", Permission.MANAGE)
    with pytest.raises(PermissionDenied, match="needs manage"):
        await use_cases.execute(UndoCommit(revision=task.revision), **editor)
    outcome = await use_cases.execute(RunBatch(commands=[UndoCommit(revision=task.revision)], atomic=False), **editor)
    assert [type(result) for result in outcome.results] == [PermissionDenied]
    monkeypatch.setitem(registry._NEEDS, "create_task", Permission.WRITE)
    assert (await use_cases.execute(UndoCommit(revision=task.revision), **editor)).revision == 2


async def test_an_answer_that_is_kept_is_not_given_to_those_who_may_not_ask_for_it(use_cases: UseCases) -> None:
    for permission in (Permission.WRITE, Permission.READ):
        context: Any = {"principal": principal(permission), "idempotency_key": "one"}
        call = use_cases.execute(CreateTask(title="a task"), **context)
        if permission is Permission.WRITE:
            await call
        else:
            with pytest.raises(PermissionDenied):
                await call
