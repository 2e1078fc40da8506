"""How often a batch asks the store."""

import pytest

from batches import RecordingStorage, create, create_all, run, tasks
from taskharbor.application.batch.run_batch import ByName, RunBatch
from taskharbor.application.errors import QueryTooExpensive
from taskharbor.application.lists.manage_lists import CreateList
from taskharbor.application.progress.change_progress import CompleteTask
from taskharbor.application.search.change_matching import ChangeMatching, MatchedTasks
from taskharbor.application.search.criteria import TaskCriteria
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.undo.undo_commit import UndoCommit
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import TaskNotFound
from taskharbor.domain.search.fields import Field
from taskharbor.domain.search.filter import Flag, Not
from taskharbor.domain.tasks.changes import TaskChanges


async def test_who_waits_for_a_task_is_asked_once_however_many_bulk_changes_want_to_know(
    harbor: UseCases, storage: RecordingStorage
) -> None:
    needed = await create(harbor, 150)
    waiting = await create_all(harbor, *(CreateTask(title="later", depends_on=[task_id]) for task_id in needed))
    blocked = ChangeMatching(
        question=TaskCriteria(filter=Flag(Field.BLOCKED)), changes=TaskChanges(priority=1), max_affected=150
    )
    outcome = await run(harbor, *(CompleteTask(id=task_id) for task_id in needed[:-1]), *[blocked] * 5)
    matched = outcome.results[-1]
    assert isinstance(matched, MatchedTasks)
    assert [task.id for task in matched.tasks] == waiting[-1:]
    assert storage.finds == 5 + 2


async def test_a_thousand_names_of_lists_are_one_look_at_all_lists(harbor: UseCases, storage: RecordingStorage) -> None:
    commands = [CreateList(name=f"list {n}") for n in range(10)]
    await run(harbor, *commands, *(ByName(list=f"LIST {n % 10}", command=CreateTask(title="new")) for n in range(990)))
    assert storage.listed == 1
    assert len({task.list for task in await tasks(harbor)}) == 10


async def test_a_thousand_changes_are_one_load_and_one_commit(harbor: UseCases, storage: RecordingStorage) -> None:
    ids = await create(harbor, 1000)
    storage.sent.clear()
    outcome = await run(harbor, *(CompleteTask(id=task_id) for task_id in ids))
    assert outcome.revision == 2
    assert [set(asked) for asked in storage.loads] == [set(ids)]
    assert [len(changes.changed) for changes in storage.sent] == [1000]


async def test_tasks_that_are_not_there_are_not_asked_for_again_one_by_one(
    harbor: UseCases, storage: RecordingStorage
) -> None:
    missing = range(1, 1001)
    outcome = await run(harbor, *(CompleteTask(id=task_id) for task_id in missing), atomic=False)
    assert all(isinstance(result, TaskNotFound) for result in outcome.results)
    assert [set(asked) for asked in storage.loads] == [set(missing)]


async def test_numbers_that_no_task_can_have_are_not_found_without_asking_the_store(
    harbor: UseCases, storage: RecordingStorage
) -> None:
    outcome = await run(harbor, *(CompleteTask(id=n) for n in (0, -1, 2**53, 2**70)), atomic=False)
    assert all(isinstance(result, TaskNotFound) for result in outcome.results)
    assert storage.loads == []


async def test_the_searches_of_a_batch_have_a_budget_together(
    harbor: UseCases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("taskharbor.application.batch.run_batch.MAX_SECONDS_OF_MANY", 0.0)
    await create(harbor, 1)
    blocked = ChangeMatching(
        question=TaskCriteria(filter=Not(Flag(Field.BLOCKED))), changes=TaskChanges(priority=1), max_affected=9
    )
    for atomic in (True, False):
        with pytest.raises(QueryTooExpensive):
            await harbor.execute(RunBatch(commands=[blocked] * 2, atomic=atomic, dry_run=atomic))
    assert [task.priority for task in await tasks(harbor)] == [0]


async def test_undos_count_in_the_budget_of_a_batch(harbor: UseCases, monkeypatch: pytest.MonkeyPatch) -> None:
    await create(harbor, 1)
    monkeypatch.setattr("taskharbor.application.batch.run_batch.MAX_SECONDS_OF_MANY", -1.0)
    with pytest.raises(QueryTooExpensive):
        await run(harbor, UndoCommit(revision=1))
    assert len(await tasks(harbor)) == 1
