"""Orders, pages and urgency: `TaskSearch.find_tasks`."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.ports.task_search import TaskQuery
from taskharbor.application.store_kit.scan import FoundTask, find_among
from taskharbor.domain.identifiers import TaskId
from taskharbor.domain.search.date_expressions import Viewpoint
from taskharbor.domain.search.order import BY_ID, Order, OrderField, OrderKey, names_urgency, order_from, order_values
from taskharbor.domain.search.urgency import UrgencyScale
from taskharbor.domain.search.urgency_weights import DEFAULT_WEIGHTS, Millionths, millionths
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.time_zone import zone
from taskharbor.testing.scenes.bench import LATER, NOON, Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.effort import share_of_effort
from taskharbor.testing.strategies.filters import filters, orders, urgency_scales
from taskharbor.testing.strategies.searched_tasks import candidates, some_tasks


class TaskOrderContract(Contract):
    """A store sorts tasks just as the domain says, page by page, however it does it."""

    @share_of_effort(4)
    @given(data=st.data(), order=orders(), scale=urgency_scales(), limit=st.integers(1, 4))
    async def test_any_order_is_kept_from_page_to_page(
        self, here: Bench, data: st.DataObject, order: Order, scale: UrgencyScale, limit: int
    ) -> None:
        here = here.another()
        stored = await some_tasks(here, data)
        wanted = data.draw(st.none() | filters(stored), label="filter")
        asked = _asked(scale, order, data)
        seen: list[FoundTask] = []
        after = None
        while True:
            query = TaskQuery(filter=wanted, order=order, after=after, limit=limit, urgency=asked)
            page = await here.storage.find_tasks(here.workspace, query)
            expected = find_among(candidates(stored), query)
            assert _recorded(page) == [(one.task.id, one.urgency) for one in expected]
            seen += expected
            if len(page) < limit:
                break
            after = order_values(page[-1], order, expected[-1].urgency)
        assert seen == find_among(candidates(stored), TaskQuery(filter=wanted, order=order, limit=1000, urgency=asked))

    async def test_whatever_makes_a_task_urgent_counts(self, here: Bench) -> None:
        plain, needed = await here.add("plain"), await here.add("needed")
        named: dict[str, dict[str, Any]] = {
            "next": {"tags": ["NEXT"]},
            "tags": {"tags": ["a", "b"]},
            "in a list": {"list": 7},
            "high": {"priority": 1},
            "medium": {"priority": 5},
            "low": {"priority": 9},
            "in process": {"progress": "in-process"},
            "due today, all day": {"due": {"date": "2026-01-02"}},
            "due at noon": {"due": {"localDateTime": "2026-01-02T12:00:00"}},
            "due in Tokyo": {"due": {"localDateTime": "2026-01-02T12:00:00", "timeZone": "Asia/Tokyo"}},
            "overdue": {"due": {"date": "2025-11-02"}},
            "begun": {"start": {"date": "2026-01-02"}},
            "to begin": {"start": {"localDateTime": "2026-01-02T23:00:00"}},
        }
        changed = {name: (await here.new_task(name)).change(TaskChanges(**of), at=NOON) for name, of in named.items()}
        waiting = replace(await here.new_task("waiting"), depends_on=(needed.id,))
        await here.commit(added=[*changed.values(), waiting])
        moment = datetime(2026, 1, 2, 12, tzinfo=UTC)
        scale = UrgencyScale.seen_from(Viewpoint(moment, zone("Europe/Berlin")), DEFAULT_WEIGHTS)
        query = TaskQuery(order=order_from("-urgency"), limit=99, urgency=scale)
        page = await here.storage.find_tasks(here.workspace, query)
        stored = [plain, needed, *changed.values(), waiting]
        assert _recorded(page) == [(one.task.id, one.urgency) for one in find_among(candidates(stored), query)]
        # Each counts in its own way, but what cannot be begun yet counts as nothing, as does a plain task.
        assert len({view.urgency for view in page}) == len(page) - 1

    async def test_how_urgent_tasks_are_is_said_only_if_it_is_asked(self, here: Bench) -> None:
        await here.add("a task")
        (view,) = await here.storage.find_tasks(here.workspace, TaskQuery(limit=9))
        assert view.urgency is None

    @share_of_effort(4)
    @given(data=st.data(), order=orders(), scale=urgency_scales(), skip=st.integers(0, 6), limit=st.integers(1, 6))
    async def test_some_can_be_passed_over(
        self, here: Bench, data: st.DataObject, order: Order, scale: UrgencyScale, skip: int, limit: int
    ) -> None:
        here = here.another()
        stored = await some_tasks(here, data)
        query = TaskQuery(order=order, skip=skip, limit=limit, urgency=_asked(scale, order, data))
        page = await here.storage.find_tasks(here.workspace, query)
        assert _recorded(page) == [(one.task.id, one.urgency) for one in find_among(candidates(stored), query)]

    async def test_absent_values_come_where_they_were_asked_for(self, here: Bench) -> None:
        never, soon, later = await here.add_many(3)
        for task, day in ((soon, "2026-01-02"), (later, "2026-01-03")):
            await here.change(task.change(TaskChanges(due={"date": day}, priority=int(day[-1])), at=LATER))
        for field in ("due", "priority"):
            for sort, expected in (
                (field, [soon, later, never]),
                (f"-{field}", [later, soon, never]),
                (f"{field} nulls first", [never, soon, later]),
                (f"-{field} nulls first", [never, later, soon]),
            ):
                page = await here.storage.find_tasks(here.workspace, TaskQuery(order=order_from(sort), limit=9))
                assert [view.id for view in page] == [task.id for task in expected]

    @share_of_effort(4)
    @given(data=st.data(), limit=st.integers(1, 4))
    async def test_following_sorted_pages_misses_and_repeats_nothing_that_stays(
        self, here: Bench, data: st.DataObject, limit: int
    ) -> None:
        here = here.another()
        order = (OrderKey(OrderField.PRIORITY, data.draw(st.booleans(), label="descending")), *BY_ID)
        staying = await _with_priorities(here, data.draw(st.lists(st.integers(0, 3), min_size=1, max_size=9)))
        passing = await _with_priorities(here, data.draw(st.lists(st.integers(0, 3), min_size=1, max_size=4)))
        seen: list[TaskId] = []
        after = None
        while True:
            page = await here.storage.find_tasks(here.workspace, TaskQuery(order=order, after=after, limit=limit))
            seen += [view.id for view in page]
            if len(page) < limit:
                break
            after = order_values(page[-1], order)
            another_call_writes = data.draw(st.booleans(), label="another call writes")
            if another_call_writes and passing:
                gone = passing.pop()
                await here.commit(changed=[gone.delete(at=LATER)], added=[await here.new_task("new")])
        kept = [one.task.id for one in find_among(candidates(staying), TaskQuery(order=order, limit=99))]
        assert [id_ for id_ in seen if id_ in kept] == kept


async def _with_priorities(here: Bench, priorities: Sequence[int]) -> list[Task]:
    new = [replace(await here.new_task(), priority=priority) for priority in priorities]
    revision = await here.commit(added=new)
    return [task.committed(revision) for task in new]


def _asked(scale: UrgencyScale, order: Order, data: st.DataObject) -> UrgencyScale | None:
    return scale if names_urgency(order) or data.draw(st.booleans(), label="urgency is asked") else None


def _recorded(page: Sequence[TaskView]) -> list[tuple[TaskId, Millionths | None]]:
    return [(view.id, None if view.urgency is None else millionths(view.urgency)) for view in page]
