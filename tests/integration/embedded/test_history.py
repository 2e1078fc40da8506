"""History, past states, undo, the trash and following, for embedders."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from taskharbor.application.errors import CommitNotFound, HistoryForgotten, TokenExpired
from taskharbor.application.history.list_history import changes_of
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.delete_task import DeleteTask
from taskharbor.domain.errors import InvalidValue, TaskNotFound
from taskharbor.domain.search.fields import Field
from taskharbor.domain.search.filter import Has
from taskharbor.entrypoints.embedded.opening import open_taskharbor
from taskharbor.testing import FakeClock


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture
async def timed(clock):
    async with open_taskharbor("memory://", clock=clock) as harbor:
        yield harbor


async def test_the_history_says_who_did_what(own_harbor):
    task = await own_harbor.acting_as("ada").create_task(title="one")
    await own_harbor.acting_as("bob").change_task(task.id, title="two")
    page = await own_harbor.task_history(task.id)
    assert [(entry.actor, changes_of(entry)["title"]) for entry in page.items] == [
        ("bob", ("one", "two")),
        ("ada", (None, "one")),
    ]
    assert page.next_before is None
    assert (await own_harbor.task_history(task.id, limit=1)).next_before == 2


async def test_past_states_are_listed(harbor):
    task = await harbor.create_task(title="one")
    changed = await harbor.change_task(task.id, title="two")
    assert await harbor.get_task(task.id, as_of=1) == task
    assert await harbor.get_task(task.id, as_of=changed.updated) == changed
    page = await harbor.list_tasks_as_of("1")
    assert (page.items, page.revision, page.next_after) == ([task], 1, None)
    with pytest.raises(InvalidValue):
        await harbor.get_task(task.id, as_of=changed.updated.replace(tzinfo=None))


async def test_the_past_is_filtered_and_searched(harbor):
    task = await harbor.create_task(title="one", tags=["home"])
    await harbor.change_task(task.id, title="two", tags=[])
    assert (await harbor.find_tasks_as_of(1, "tags:home", q="one")).items == [task]
    assert (await harbor.find_tasks_as_of(2, Has(Field.TAGS, "home"))).items == []
    assert (await harbor.find_tasks_as_of("0")).items == []


async def test_days_of_a_past_are_those_of_the_instant_or_of_the_revision_that_is_asked_for(clock, timed):
    started = clock.now()
    due = {"date": f"{started + timedelta(days=1):%Y-%m-%d}"}
    for title in ("one", "two", "three"):
        await timed.create_task(title=title, due=due)
    clock.advance(timedelta(days=9))
    await timed.create_task(title="late")
    for as_of, day, found in (
        (3, "tomorrow", 3),
        (started, "tomorrow", 3),
        (started + timedelta(days=1), "today", 3),
        (started + timedelta(days=1), "tomorrow", 0),
        (4, "yesterday", 0),
    ):
        first = await timed.find_tasks_as_of(as_of, f"due = {day}", limit=2)
        items = list(first.items)
        if first.next_cursor:
            clock.advance(timedelta(days=1))
            items += (await timed.find_tasks_as_of(as_of, f"due = {day}", cursor=first.next_cursor)).items
        assert len(items) == found


async def test_where_the_day_begins_in_the_past_the_time_zone_says(clock, timed):
    clock.set(datetime(2026, 3, 1, 20, tzinfo=UTC))
    await timed.create_task(title="one", due={"date": "2026-03-02"})
    for time_zone, found in (("Asia/Tokyo", 1), ("UTC", 0)):
        assert len((await timed.find_tasks_as_of(1, "due = today", time_zone=time_zone)).items) == found


async def test_of_a_revision_whose_moment_nobody_knows_no_day_is_known(clock, timed):
    task = await timed.create_task(title="one", priority=1)
    await timed.complete_task(task.id)
    await timed.complete_task(task.id, idempotency_key="nothing left to do")
    assert (await timed.list_tasks_as_of(clock.now())).revision == 2
    assert len((await timed.find_tasks_as_of(3, "priority = 1 AND created < 2030-01-01")).items) == 1
    with pytest.raises(InvalidValue, match="as_of"):
        await timed.find_tasks_as_of(3, "created < today+1d")


async def test_the_cursor_of_a_past_is_refused_when_the_name_of_a_list_means_another_one(harbor):
    home = await harbor.create_list(name="Home")
    for title in ("one", "two"):
        task = await harbor.create_task(title=title, list=home.id)
    page = await harbor.find_tasks_as_of(task.revision, "list:home", limit=1)
    assert [one.title for one in page.items] == ["one"]
    assert len((await harbor.find_tasks_as_of(task.revision, "list:home", cursor=page.next_cursor)).items) == 1
    await harbor.create_list(name="home")
    with pytest.raises(InvalidValue, match="cursor"):
        await harbor.find_tasks_as_of(task.revision, "list:home", cursor=page.next_cursor)


async def test_a_forgotten_past_is_not_filtered(own_harbor):
    task = await own_harbor.create_task(title="one")
    for title in ("two", "three", "four"):
        await own_harbor.change_task(task.id, title=title)
    await own_harbor.purge(history_retention=timedelta(0))
    with pytest.raises(HistoryForgotten):
        await own_harbor.find_tasks_as_of(1, "title:one")


async def test_a_commit_is_undone_once_by_its_key(harbor):
    task = await harbor.create_task(title="one")
    outcomes = [await harbor.undo_commit(task.revision, idempotency_key="k") for _ in range(2)]
    assert outcomes[0] == outcomes[1]
    assert outcomes[0].revision == 2
    with pytest.raises(TaskNotFound):
        await harbor.get_task(task.id)
    with pytest.raises(CommitNotFound):
        await harbor.undo_commit(99)


async def test_what_comes_back_to_its_place_along_with_its_parent_is_no_conflict(harbor):
    other = await harbor.create_list(name="other")
    parent = await harbor.create_task(title="parent")
    child = await harbor.create_task(title="child", parent=parent.id)
    done = await harbor.run_batch([ChangeTask(id=parent.id, list=other.id), DeleteTask(id=child.id)])
    undone = await harbor.undo_commit(done.revision)
    assert (await harbor.get_task(child.id)).list == 1
    assert undone.conflicts == []


async def test_what_comes_back_to_another_place_says_so(harbor):
    home = await harbor.create_list(name="home")
    task = await harbor.create_task(title="one", list=home.id)
    deleted = await harbor.delete_task(task.id)
    await harbor.change_list(home.id, archived=True)
    undone = await harbor.undo_commit(deleted.revision)
    assert (await harbor.get_task(task.id)).list == 1
    assert [(one.task, one.fields, one.code) for one in undone.conflicts] == [(task.id, ["list"], "changed_since")]


async def test_the_trash_is_purged(own_harbor):
    task = await own_harbor.create_task(title="gone")
    await own_harbor.delete_task(task.id)
    assert [item.task.title for item in (await own_harbor.list_trash()).items] == ["gone"]
    assert (await own_harbor.purge()).tasks == 0
    gone = await own_harbor.purge(trash_retention=timedelta(0))
    assert gone.tasks == 1
    assert (await own_harbor.list_trash()).items == []
    with pytest.raises(TokenExpired):
        await own_harbor.list_changes("1")


async def test_a_follower_sees_each_change_as_it_is_made(harbor):
    pages = harbor.follow_changes(poll=None)
    for title in ("one", "two"):
        waiting = asyncio.ensure_future(anext(pages))
        await asyncio.sleep(0)
        task = await harbor.create_task(title=title)
        async with asyncio.timeout(10):
            page = await waiting
        assert page.items == [task.without_blocked()]
        assert page.revision == task.revision
