"""The feed of changes, and many commands in one commit, for embedders."""

import pytest

from taskharbor.application.batch.run_batch import ByName
from taskharbor.application.errors import BatchRefused
from taskharbor.application.ports.change_feed import Tombstone
from taskharbor.application.progress.change_progress import CompleteTask
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask
from taskharbor.domain.errors import InvalidValue, TaskNotFound

UID = "0190b1f4-1234-7abc-8def-0123456789ab"


async def _changes(harbor, *args, **options):
    return [change async for change in harbor.iter_changes(*args, **options)]


async def _five(harbor):
    return [await harbor.create_task(title=f"Task {number}") for number in range(5)]


def _told(tasks):
    return [task.without_blocked() for task in tasks]


async def test_a_change_does_not_say_whether_its_task_is_blocked(harbor):
    needed = await harbor.create_task(title="Buy soil")
    waiting = await harbor.create_task(title="Plant the tree", depends_on=[needed.id])
    assert waiting.blocked
    assert [change.blocked for change in await _changes(harbor)] == [None, None]
    assert [task.blocked for task in (await harbor.list_tasks()).items] == [False, True]


@pytest.mark.parametrize("page_size", [1, 2, 5, 1000])
async def test_the_iterator_goes_through_every_change_once(harbor, page_size):
    tasks = await _five(harbor)

    assert await _changes(harbor, page_size=page_size) == _told(tasks)


async def test_the_revision_of_the_last_change_is_where_to_go_on(harbor):
    tasks = await _five(harbor)
    token = str(tasks[-1].revision)
    assert await _changes(harbor, token) == []
    done = await harbor.complete_task(tasks[2].id)
    gone = await harbor.delete_task(tasks[0].id)

    changed, tombstone = await _changes(harbor, token)

    assert changed == done.without_blocked()
    assert isinstance(tombstone, Tombstone)
    assert (tombstone.id, tombstone.uid, tombstone.revision) == (gone.id, gone.uid, gone.revision)


async def test_the_iterator_meets_what_changes_while_it_runs(harbor):
    tasks = await _five(harbor)
    seen = []
    async for change in harbor.iter_changes(page_size=2):
        seen.append(change.id)
        if len(seen) == 1:
            await harbor.complete_task(tasks[0].id)

    assert seen == [task.id for task in (*tasks, tasks[0])]


async def test_a_page_says_whether_there_is_more(harbor):
    tasks = await _five(harbor)

    first = await harbor.list_changes(limit=3)
    rest = await harbor.list_changes(first.next)

    assert ([*first.items, *rest.items], first.more, rest.more) == (_told(tasks), True, False)


async def test_a_token_of_the_future_is_refused(harbor):
    for token in ("1", "nonsense"):
        with pytest.raises(InvalidValue, match="since"):
            await _changes(harbor, token)


async def test_a_batch_is_one_commit(harbor):
    task = await harbor.create_task(title="Buy milk")

    outcome = await harbor.run_batch(
        [
            CreateTask(title="Buy bread", uid=UID, due={"date": "2026-12-01"}),
            ByName(uid=UID, command=CompleteTask(id=0)),
            ChangeTask(id=task.id, priority=1, if_match=task.revision),
        ]
    )

    assert outcome.revision == task.revision + 1
    assert outcome.results == [*[outcome.results[0]] * 2, await harbor.get_task(task.id)]
    assert outcome.results[0] == await harbor.get_task(outcome.results[0].id)
    assert {change.revision for change in await _changes(harbor)} == {outcome.revision}


async def test_a_refused_command_stops_an_atomic_batch_and_is_left_out_of_another(harbor):
    task = await harbor.create_task(title="Buy milk")
    commands = [CompleteTask(id=task.id), DeleteTask(id=task.id + 1)]
    with pytest.raises(BatchRefused) as refused:
        await harbor.run_batch(commands)
    assert (refused.value.place, type(refused.value.refusal)) == (1, TaskNotFound)
    assert await harbor.get_task(task.id) == task

    outcome = await harbor.run_batch(commands, atomic=False)

    assert isinstance(outcome.results[1], TaskNotFound)
    assert await harbor.get_task(task.id) == outcome.results[0]


async def test_a_dry_run_changes_nothing(harbor):
    task = await harbor.create_task(title="Buy milk")

    outcome = await harbor.run_batch([CompleteTask(id=task.id)], dry_run=True)

    assert (outcome.revision, outcome.results[0].is_completed) == (None, True)
    assert await harbor.get_task(task.id) == task
