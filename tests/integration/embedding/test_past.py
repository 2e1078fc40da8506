"""The history, the past, undo, the trash and following, for embedders."""

import asyncio
from datetime import timedelta

import pytest

from taskharbor.application.errors import CommitNotFound, TokenExpired
from taskharbor.application.history.list_history import changes_of
from taskharbor.domain.errors import InvalidValue, TaskNotFound


async def test_the_history_says_who_did_what(harbor):
    task = await harbor.acting_as("ada").create_task(title="one")
    await harbor.acting_as("bob").change_task(task.id, title="two")
    page = await harbor.task_history(task.id)
    assert [(entry.actor, changes_of(entry)["title"]) for entry in page.items] == [
        ("bob", ("one", "two")),
        ("ada", (None, "one")),
    ]
    assert page.next_before is None
    assert (await harbor.task_history(task.id, limit=1)).next_before == 2


async def test_the_past_is_told(harbor):
    task = await harbor.create_task(title="one")
    changed = await harbor.change_task(task.id, title="two")
    assert await harbor.get_task(task.id, as_of=1) == task
    assert await harbor.get_task(task.id, as_of=changed.updated) == changed
    page = await harbor.list_tasks_as_of("1")
    assert (page.items, page.revision, page.next_after) == ([task], 1, None)
    with pytest.raises(InvalidValue):
        await harbor.get_task(task.id, as_of=changed.updated.replace(tzinfo=None))


async def test_a_commit_is_undone_once_by_its_key(harbor):
    task = await harbor.create_task(title="one")
    outcomes = [await harbor.undo_commit(task.revision, idempotency_key="k") for _ in range(2)]
    assert outcomes[0] == outcomes[1]
    assert outcomes[0].revision == 2
    with pytest.raises(TaskNotFound):
        await harbor.get_task(task.id)
    with pytest.raises(CommitNotFound):
        await harbor.undo_commit(99)


async def test_the_trash_is_purged(harbor):
    task = await harbor.create_task(title="gone")
    await harbor.delete_task(task.id)
    assert [item.task.title for item in (await harbor.list_trash()).items] == ["gone"]
    assert (await harbor.purge()).tasks == 0
    gone = await harbor.purge(trash_retention=timedelta(0))
    assert gone.tasks == 1
    assert (await harbor.list_trash()).items == []
    with pytest.raises(TokenExpired):
        await harbor.list_changes("1")


async def test_a_follower_sees_each_change_as_it_is_made(harbor):
    pages = harbor.follow_changes(poll=None)
    for title in ("one", "two"):
        waiting = asyncio.ensure_future(anext(pages))
        await asyncio.sleep(0)
        task = await harbor.create_task(title=title)
        async with asyncio.timeout(10):
            page = await waiting
        assert page.items == [task]
        assert page.next == str(task.revision)
