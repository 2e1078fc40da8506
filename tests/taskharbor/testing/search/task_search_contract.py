"""Filters, words and facets: `TaskSearch`."""

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from taskharbor.application.ports.task_search import TaskQuery
from taskharbor.application.store_kit.scan import count_among, facets_among, find_among
from taskharbor.domain.identifiers import TaskId
from taskharbor.domain.search.date_expressions import Viewpoint, span_from
from taskharbor.domain.search.due_buckets import due_buckets
from taskharbor.domain.search.fields import Field, Operator
from taskharbor.domain.search.filter import MAX_CONDITIONS, And, Compare, Filter, Flag, Has, Mentions, Not, Or, Present
from taskharbor.domain.search.mentions import mentions_of
from taskharbor.domain.search.order import order_from
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.tasks.tags import tag_key
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.time_zone import zone
from taskharbor.testing.scenes.bench import LATER, NOON, Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.effort import share_of_effort
from taskharbor.testing.strategies.filters import filters
from taskharbor.testing.strategies.searched_tasks import candidates, some_tasks

_MILK = ("Buy milk", "milkshake", "MILK!", "almond-milk", "\uff4d\uff49\uff4c\uff4b", "mílk")
_NO_MILK = ("Milch", "buttermilk")


class TaskSearchContract(Contract):
    """A store finds just what the domain says, in its order, however it looks for it."""

    @share_of_effort(2)
    @given(data=st.data())
    async def test_any_filter_finds_just_the_tasks_that_it_is_after(self, here: Bench, data: st.DataObject) -> None:
        here = here.another()
        stored = await some_tasks(here, data)
        for _ in range(6):
            wanted = data.draw(filters(stored), label="filter")
            assert await _found(here, wanted) == [task.id for task in _expected(stored, wanted)]
            assert await here.storage.count_tasks(here.workspace, wanted) == count_among(candidates(stored), wanted)

    @share_of_effort(4)
    @given(data=st.data())
    async def test_facets_count_just_the_tasks_that_a_filter_is_after(self, here: Bench, data: st.DataObject) -> None:
        here = here.another()
        stored = await some_tasks(here, data)
        wanted = data.draw(st.none() | filters(stored), label="filter")
        buckets = due_buckets(Viewpoint(NOON, zone(data.draw(st.sampled_from(["UTC", "Asia/Tokyo"]), label="zone"))))
        counted = await here.storage.count_facets(here.workspace, wanted, buckets)
        expected = facets_among(candidates(stored), wanted, buckets)
        for recorded, right in (
            (counted.progress, expected.progress),
            (counted.lists, expected.lists),
            (counted.tags, expected.tags),
            (counted.due, expected.due),
        ):
            assert dict(recorded) == dict(right)

    async def test_nothing_is_found_where_nothing_is(self, here: Bench) -> None:
        assert await _found(here, None) == []
        assert await here.storage.count_tasks(here.workspace, None) == 0
        counted = await here.storage.count_facets(here.workspace, None, due_buckets(Viewpoint(NOON, zone("UTC"))))
        assert [dict(one) for one in (counted.progress, counted.lists, counted.tags, counted.due)] == [{}, {}, {}, {}]

    async def test_a_word_is_found_by_its_beginning_whatever_its_case_and_accents(self, here: Bench) -> None:
        ids = {title: (await here.add(title)).id for title in (*_MILK, *_NO_MILK)}
        milk = [
            ids[title]
            for title in ("Buy milk", "milkshake", "MILK!", "almond-milk", "\uff4d\uff49\uff4c\uff4b", "mílk")
        ]
        assert await _found(here, mentions_of("q", "Milk")) == milk
        assert await _found(here, mentions_of("q", "milk buy")) == [ids["Buy milk"]]
        assert await _found(here, mentions_of("q", "MILC")) == [ids["Milch"]]
        assert await _found(here, Not(Mentions(("milk",)))) == [ids["Milch"], ids["buttermilk"]]

    async def test_what_has_changed_is_found_as_it_is_now(self, here: Bench) -> None:
        task = await here.add("Buy milk")
        task = await here.change(task.change(TaskChanges(title="Sell eggs", tags=["Market"], priority=3), at=LATER))
        assert await _found(here, Mentions(("milk",))) == []
        for now in (Mentions(("egg",)), Has(Field.TAGS, "market"), Compare(Field.PRIORITY, Operator.EQUAL, 3)):
            assert await _found(here, now) == [task.id]

    async def test_what_is_deleted_is_not_found_until_it_is_restored(self, here: Bench) -> None:
        kept, other = await here.add("kept milk"), await here.add("other milk")
        deleted = await here.change(other.delete(at=LATER))
        assert await _found(here, Mentions(("milk",))) == [kept.id]
        assert await _found(here, Not(Mentions(("eggs",)))) == [kept.id]
        await here.change(deleted.restore(at=LATER))
        assert await _found(here, Mentions(("milk",))) == [kept.id, other.id]

    async def test_a_task_is_blocked_while_one_that_it_depends_on_is_live_and_open(self, here: Bench) -> None:
        first, second = await here.add("first"), await here.add("second")
        waiting = replace(await here.new_task("waiting"), depends_on=(first.id, second.id))
        await here.commit(added=[waiting])
        assert await _found(here, Flag(Field.BLOCKED)) == [waiting.id]
        first = await here.change(first.complete(at=LATER))
        assert await _found(here, Flag(Field.BLOCKED)) == [waiting.id]
        second = await here.change(second.delete(at=LATER))
        assert await _found(here, Flag(Field.BLOCKED)) == []
        await here.change(first.reopen(at=LATER))
        assert await _found(here, Not(Flag(Field.BLOCKED))) == [first.id]

    async def test_a_comparison_with_what_is_absent_is_false_and_its_opposite_true(self, here: Bench) -> None:
        task = await here.add("without anything")
        for field in (Field.PARENT, Field.ESTIMATED_DURATION):
            for operator in Operator:
                if operator is not Operator.HAS:
                    assert await _found(here, Compare(field, operator, 1)) == []
                    assert await _found(here, Not(Compare(field, operator, 1))) == [task.id]
        assert await _found(here, Compare(Field.DESCRIPTION, Operator.NOT_EQUAL, "x")) == []
        assert await _found(here, Not(Compare(Field.DESCRIPTION, Operator.HAS, ""))) == [task.id]
        assert await _found(here, Not(Or((Present(Field.DUE), Present(Field.TAGS))))) == [task.id]

    async def test_a_priority_of_zero_is_undefined_so_neither_above_nor_below_any(self, here: Bench) -> None:
        await here.add("without a priority")
        urgent = await here.new_task("with one")
        await here.commit(added=[urgent.change(TaskChanges(priority=1), at=NOON)])
        for operator in (Operator.LESS, Operator.AT_MOST):
            assert await _found(here, Compare(Field.PRIORITY, operator, 5)) == [urgent.id]
        assert await _found(here, Compare(Field.PRIORITY, Operator.GREATER, 1)) == []

    async def test_tags_are_compared_by_their_keys_and_with_nothing_else(self, here: Bench) -> None:
        odd = ["a&b", "it's", "back\\slash", 'say "hi"', "a:b*", "(x)", "Straße", "wmilk", "d5", "@x", "next week"]
        ids = {}
        for tag in odd:
            task = await here.new_task("milk")
            await here.commit(added=[task.change(TaskChanges(tags=[tag]), at=NOON)])
            ids[tag] = task.id
        for tag in odd:
            assert await _found(here, Has(Field.TAGS, tag_key(tag))) == [ids[tag]]
        assert await _found(here, Has(Field.TAGS, "strasse")) == [ids["Straße"]]
        for never in ("a", "milk", "week", "stras", "5"):
            assert await _found(here, Has(Field.TAGS, never)) == []

    async def test_assignees_are_compared_as_they_are_and_with_nothing_else(self, here: Bench) -> None:
        members = ["ada", "ada@example.org", "wmilk", "d5", "a.b-c", "x+y"]
        ids = {}
        for member in members:
            task = await here.new_task("milk")
            await here.commit(added=[task.change(TaskChanges(assignees=[member]), at=NOON)])
            ids[member] = task.id
        nobodys = await here.add("ada")
        for member in members:
            assert await _found(here, Has(Field.ASSIGNEES, member)) == [ids[member]]
        for never in ("milk", "example", "ad", "5", "y"):
            assert await _found(here, Has(Field.ASSIGNEES, never)) == []
        assert await _found(here, Not(Present(Field.ASSIGNEES))) == [nobodys.id]
        adas = await here.load(ids["ada"])
        assert adas is not None
        await here.change(adas.change(TaskChanges(assignees=["bob"]), at=LATER))
        assert await _found(here, Has(Field.ASSIGNEES, "bob")) == [ids["ada"]]
        assert await _found(here, Has(Field.ASSIGNEES, "ada")) == []

    async def test_the_largest_filter_is_answered(self, here: Bench) -> None:
        task = await here.add("milk")
        many: tuple[Filter, ...] = tuple(
            Compare(Field.ID, Operator.NOT_EQUAL, 10**9 + number) for number in range(MAX_CONDITIONS)
        )
        assert await _found(here, And(many)) == [task.id]
        day = span_from("due", "2026-01-01", Viewpoint(NOON, zone("UTC")))
        dates = tuple(Compare(Field.DUE, Operator.EQUAL, day) for _ in range(MAX_CONDITIONS))
        assert await _found(here, And(dates)) == await _found(here, Or(dates)) == []
        negated = tuple(map(Not, dates))
        assert await _found(here, And(negated)) == await _found(here, Or(negated)) == [task.id]
        deep: Filter = Flag(Field.IS_OPEN)
        for number in range(38):
            deep = Or((And((deep, Mentions(("milk",)))), Compare(Field.ID, Operator.EQUAL, number)))
        assert await _found(here, deep) == [task.id]

    async def test_a_page_holds_up_to_a_thousand_tasks_that_were_found(self, here: Bench) -> None:
        ids = [task.id for task in await here.add_many(1001)]
        query = TaskQuery(filter=Mentions(("task",)), order=order_from("-id"), limit=1000)
        page = await here.storage.find_tasks(here.workspace, query)
        assert [view.id for view in page] == ids[:0:-1]

    async def test_one_workspace_does_not_find_what_is_in_another(self, here: Bench, elsewhere: Bench) -> None:
        mine, theirs = await here.add("my milk"), await elsewhere.add("their milk")
        for wanted in (None, Mentions(("milk",)), Not(Has(Field.TAGS, "x")), Flag(Field.IS_OPEN)):
            assert await _found(here, wanted) == [mine.id]
            assert await here.storage.count_tasks(here.workspace, wanted) == 1
            found = await elsewhere.storage.find_tasks(elsewhere.workspace, TaskQuery(filter=wanted, limit=9))
            assert [(view.id, view.title) for view in found] == [(theirs.id, "their milk")]


async def _found(here: Bench, wanted: Filter | None) -> list[TaskId]:
    found = await here.storage.find_tasks(here.workspace, TaskQuery(filter=wanted, limit=1000))
    return [view.id for view in found]


def _expected(stored: Sequence[Task], wanted: Filter | None) -> list[Task]:
    return [one.task for one in find_among(candidates(stored), TaskQuery(filter=wanted, limit=1000))]
