"""The tasks of benchmarks and plan tests: always the same, and such as a client could have made."""

from itertools import pairwise

import pytest

from bulk_load import load
from generated_tasks import creation_of, generated_tasks
from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.tasks.task import Task

TASKS = list(generated_tasks(2000))


def test_the_same_arguments_give_the_same_tasks() -> None:
    assert list(generated_tasks(50, seed=7)) == list(generated_tasks(50, seed=7))


def test_another_seed_gives_other_tasks() -> None:
    assert [task.uid for task in generated_tasks(50, seed=7)] != [task.uid for task in generated_tasks(50, seed=8)]


def test_ids_rise_by_one_from_the_first() -> None:
    assert [task.id for task in generated_tasks(3, first_id=10)] == [10, 11, 12]


def test_no_two_tasks_share_a_uid() -> None:
    assert len({task.uid for task in TASKS}) == len(TASKS)


def test_tasks_are_in_the_order_in_which_they_were_made() -> None:
    assert all(earlier.created < later.created for earlier, later in pairwise(TASKS))


def test_every_value_is_one_that_the_rules_leave_as_it_is() -> None:
    for task in TASKS:
        members = {name: value for name, value in creation_of(task).items() if name != "title"}
        changes = TaskChanges(**members)
        made = Task.create(id=task.id, uid=task.uid, title=task.title, at=task.created, changes=changes)
        for name in ("title", *members):
            assert getattr(made, name) == getattr(task, name)


@pytest.mark.parametrize("name", ["description", "due", "tags", "completed", "estimated_duration", "priority"])
def test_a_field_is_neither_always_there_nor_never(name: str) -> None:
    assert 0 < sum(bool(getattr(task, name)) for task in TASKS) < len(TASKS)


async def test_a_store_is_loaded_with_the_tasks_as_they_are() -> None:
    async with InMemoryStorage() as storage:
        tasks = list(generated_tasks(25))
        loaded = await load(storage, tasks, at_once=10)
        stored = await storage.load_tasks("default", [task.id for task in tasks])
    assert loaded == tasks
    assert [task.committed(0) for task in stored.values()] == tasks
