"""Find, count, change all that match, and saved filters, for embedders; on every store."""

import asyncio
import sys
from datetime import timedelta

import pytest

from taskharbor.adapters.filters.lazy_parser import loaded_parser
from taskharbor.application.errors import IdempotencyKeyReused, MissingDependency
from taskharbor.application.saved_filters.saved_filter import FilterNameTaken, FilterNotFound, FilterPreconditionFailed
from taskharbor.application.search.change_matching import MatchRefused, TooManyMatches
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.search.fields import Field
from taskharbor.domain.search.filter import And, Flag, Not, Or
from taskharbor.domain.search.filter_ast import InvalidFilter
from taskharbor.domain.search.urgency_weights import UrgencyWeights
from taskharbor.domain.tasks.progress import Progress
from taskharbor.entrypoints.embedded.opening import open_taskharbor
from taskharbor.testing import FakeClock


@pytest.fixture(params=["memory", "sqlite", "postgres"])
async def any_harbor(request, tmp_path):
    url = {"memory": "memory://", "sqlite": f"sqlite:///{tmp_path}/tasks.db"}.get(request.param)
    url = url or request.getfixturevalue("postgres_url")
    async with open_taskharbor(url, migrate=True) as harbor:
        yield harbor


async def _titles(harbor, *args, **options):
    return [task.title for task in (await harbor.find_tasks(*args, **options)).items]


async def test_all_pages_are_of_the_day_on_which_the_first_was_asked_for():
    clock = FakeClock()
    async with open_taskharbor("memory://", clock=clock) as harbor:
        for number in range(3):
            await harbor.create_task(title=f"{number}", due={"date": f"{clock.now():%Y-%m-%d}"})
        page = await harbor.find_tasks("due = today", limit=1)
        clock.advance(timedelta(days=1))
        rest = await harbor.find_tasks("due = today", limit=9, cursor=page.next_cursor)
        assert [task.title for task in rest.items] == ["1", "2"]
        assert (await harbor.find_tasks("due = today")).items == []


async def test_a_filter_can_be_put_together_by_hand(harbor):
    await harbor.create_task(title="open")
    await harbor.complete_task((await harbor.create_task(title="done")).id)
    assert await _titles(harbor, Not(Flag(Field.IS_OPEN))) == ["done"]
    with pytest.raises(InvalidValue):
        await harbor.find_tasks(Flag(Field.TITLE))


@pytest.mark.parametrize("empty", [And(()), Or(()), Not(Or(()))])
async def test_a_filter_put_together_by_hand_that_asks_nothing_changes_nothing(any_harbor, empty):
    await any_harbor.create_task(title="one")
    with pytest.raises(InvalidValue, match="filter"):
        await any_harbor.change_matching(empty, max_affected=1, title="all")
    assert await _titles(any_harbor) == ["one"]


async def test_a_filter_put_together_by_hand_can_not_be_too_deep(harbor):
    deep = Flag(Field.IS_OPEN)
    for _ in range(10_000):
        deep = Not(deep)
    with pytest.raises(InvalidValue, match="deep"):
        await harbor.find_tasks(deep)


async def test_an_error_knows_the_column(harbor):
    with pytest.raises(InvalidFilter) as refused:
        await harbor.find_tasks("is_open AND blokced")
    assert refused.value.column == 13


async def test_without_lark_it_says_which_extra_to_install(own_harbor, monkeypatch):
    monkeypatch.setitem(sys.modules, "taskharbor.adapters.filters.lark_parser", None)
    loaded_parser.cache_clear()  # as in a process that has read no filter yet
    with pytest.raises(MissingDependency, match=r"taskharbor\[filter\]"):
        await own_harbor.find_tasks("is_open")
    assert (await own_harbor.find_tasks(q="milk")).items == []


async def test_a_cursor_is_good_in_another_process_with_the_same_key(tmp_path):
    url = f"sqlite:///{tmp_path}/tasks.db"
    async with open_taskharbor(url, cursor_key=b"ours") as harbor:
        for number in range(2):
            await harbor.create_task(title=f"{number}")
        cursor = (await harbor.find_tasks(limit=1)).next_cursor
    async with open_taskharbor(url, cursor_key=b"ours") as harbor:
        assert await _titles(harbor, cursor=cursor) == ["1"]
    async with open_taskharbor(url) as harbor:
        with pytest.raises(InvalidValue):
            await harbor.find_tasks(cursor=cursor)


async def test_without_a_key_of_ones_own_the_store_keeps_one_for_all(tmp_path):
    url = f"sqlite:///{tmp_path}/tasks.db"
    async with open_taskharbor(url) as harbor, open_taskharbor(url) as other:
        for number in range(3):
            await harbor.create_task(title=f"{number}")
        cursors = [
            page.next_cursor for page in await asyncio.gather(harbor.find_tasks(limit=1), other.find_tasks(limit=1))
        ]
        assert [await _titles(harbor, cursor=cursor, limit=1) for cursor in cursors] == [["1"], ["1"]]
    async with open_taskharbor(url) as harbor:
        assert [await _titles(harbor, cursor=cursor, limit=1) for cursor in cursors] == [["1"], ["1"]]
        assert (await harbor.create_task(title="no revision was taken for it")).revision == 4
        with pytest.raises(InvalidValue, match="the service keeps"):
            harbor.in_workspace("taskharbor.service")


async def test_a_cursor_is_refused_once_the_name_of_a_list_means_other_lists(harbor):
    home, other = [await harbor.create_list(name=name) for name in ("Home", "Other")]
    for _ in range(3):
        await harbor.create_task(title="x", list=home.id)
    cursor = (await harbor.find_tasks("list:home", limit=1)).next_cursor
    await harbor.change_list(other.id, name="Elsewhere")
    assert len((await harbor.find_tasks("list:home", limit=1, cursor=cursor)).items) == 1
    await harbor.change_list(other.id, name="HOME")
    with pytest.raises(InvalidValue, match="cursor"):
        await harbor.find_tasks("list:home", limit=1, cursor=cursor)


async def test_a_cursor_is_of_one_workspace(own_harbor):
    for where in (own_harbor, own_harbor.in_workspace("other")):
        for number in range(2):
            await where.create_task(title=f"{number}")
    cursor = (await own_harbor.find_tasks(limit=1)).next_cursor
    with pytest.raises(InvalidValue):
        await own_harbor.in_workspace("other").find_tasks(cursor=cursor)


async def test_saved_filters_are_kept_by_name(any_harbor):
    harbor = any_harbor
    saved = await harbor.save_filter("Errands", filter="is_open", sort="-title")
    assert await harbor.get_saved_filter("errands") == saved
    changed = await harbor.change_saved_filter("ERRANDS", new_name="Étude", if_match=saved.revision)
    assert await harbor.list_saved_filters() == [changed]
    with pytest.raises(FilterNotFound):
        await harbor.find_tasks(saved="Errands")
    with pytest.raises(FilterNameTaken):
        await harbor.save_filter("ÉTUDE", q="x")
    with pytest.raises(FilterPreconditionFailed):
        await harbor.delete_saved_filter("étude", if_match=saved.revision)
    gone = await harbor.delete_saved_filter("étude", if_match=changed.revision)
    assert gone.revision == changed.revision + 1
    assert await harbor.list_saved_filters() == []


async def test_of_two_who_save_the_same_name_at_once_one_is_refused(any_harbor):
    outcomes = await asyncio.gather(
        *(any_harbor.save_filter("Same", q=f"word{number}") for number in range(8)), return_exceptions=True
    )
    assert sum(isinstance(outcome, FilterNameTaken) for outcome in outcomes) == 7
    assert len(await any_harbor.list_saved_filters()) == 1


async def test_a_bulk_change_is_one_commit_or_none(any_harbor):
    harbor = any_harbor
    for number in range(5):
        await harbor.create_task(title=f"Task {number}", priority=number)
    with pytest.raises(TooManyMatches) as refused:
        await harbor.change_matching("priority > 1", max_affected=2, priority=9)
    assert (refused.value.matched, refused.value.max_affected) == (3, 2)
    with pytest.raises(MatchRefused) as refused:
        await harbor.change_matching("priority > 1", max_affected=3, percent_complete=50, progress=Progress.COMPLETED)
    assert refused.value.task_id == 3
    outcome = await harbor.change_matching("priority > 1", max_affected=3, tags=["late"])
    assert outcome.revision == 6
    assert [task.revision for task in outcome.tasks] == [6, 6, 6]
    assert await harbor.count_tasks("tags:late") == 3


async def test_a_bulk_change_that_is_repeated_with_its_key_is_made_once(any_harbor):
    harbor = any_harbor
    for number in range(2):
        await harbor.create_task(title=f"Task {number}")
    call = {"max_affected": 9, "priority": 1, "idempotency_key": "k"}
    first = await harbor.change_matching("id > 0", **call)
    assert first.revision == 3
    await harbor.create_task(title="Task 3")
    assert await harbor.change_matching("id > 0", **call) == first
    with pytest.raises(IdempotencyKeyReused):
        await harbor.change_matching("id > 1", **call)
    saved = await harbor.save_filter("x", q="task", idempotency_key="s")
    assert await harbor.save_filter("x", q="task", idempotency_key="s") == saved
    assert await harbor.get_saved_filter("x") == saved


async def test_whatever_happens_at_once_each_task_that_is_changed_still_matched(any_harbor):
    harbor = any_harbor
    tasks = [await harbor.create_task(title=f"Task {number}", priority=1) for number in range(8)]

    async def finish(task):
        await harbor.complete_task(task.id)

    await asyncio.gather(
        *(finish(task) for task in tasks[:4]),
        *(harbor.change_matching("is_open", max_affected=9, tags=[f"round {turn}"]) for turn in range(4)),
    )
    for task in (await harbor.find_tasks("is_open", limit=9)).items:
        assert len(task.tags) == 1
    found = await harbor.list_changes()
    assert all(change.progress is Progress.COMPLETED or change.tags for change in found.items)


async def test_a_list_is_meant_by_its_name_too(any_harbor):
    harbor = any_harbor
    street, twin, number, away = [
        (await harbor.create_list(name=name)).id for name in ("Straße 7", "STRASSE 7", "3", "Groceries")
    ]
    for list_id in (1, street, twin, number, away):
        await harbor.create_task(title=f"in {list_id}", list=list_id)
    await harbor.change_list(away, archived=True)
    for text, expected in (
        ("list:groceries", [away]),
        ("list:inbox", [1]),
        ('list = "strasse 7"', [street, twin]),
        ('list != " Straße 7 "', [1, number, away]),
        ("NOT list:(groceries OR 'strasse 7')", [1, number]),
        ('list = "3"', [number]),
        (f"list={away} is_open", [away]),
    ):
        assert await _titles(harbor, text) == [f"in {list_id}" for list_id in expected], text
        assert await harbor.count_tasks(text) == len(expected)
    await harbor.change_list(away, name="Food")
    for text, column in (("is_open list:groceries", 14), ("list:(food OR food2)", 15), ("list > food", 8)):
        with pytest.raises(InvalidFilter) as refused:
            await harbor.find_tasks(text)
        assert refused.value.column == column
    await harbor.save_filter(name="Shopping", filter="list:groceries")
    with pytest.raises(InvalidFilter):
        await harbor.find_tasks(saved="Shopping")
    await harbor.change_list(away, name="Groceries")
    assert await _titles(harbor, saved="Shopping") == [f"in {away}"]


async def test_views_tell_how_urgent_tasks_are_if_that_is_asked():
    async with open_taskharbor("memory://", urgency_weights=UrgencyWeights(priority_high=7.5)) as harbor:
        await harbor.create_task(title="low", priority=9)
        await harbor.create_task(title="high", priority=1)
        found = [(task.title, task.urgency) for task in (await harbor.find_tasks(sort="-urgency")).items]
        assert found == [("high", 7.5), ("low", 1.8)]
        assert [task.urgency for task in (await harbor.find_tasks(with_urgency=True)).items] == [1.8, 7.5]
        assert [task.urgency for task in (await harbor.find_tasks()).items] == [None, None]
