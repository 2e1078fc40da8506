"""Searches that look at every task share the event loop, end when they take too long, and see one moment."""

import asyncio
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.errors import QueryTooExpensive
from taskharbor.application.ports import Scan, ScanningStorage
from taskharbor.application.ports.task_search import TaskQuery
from taskharbor.application.store_kit import pace
from taskharbor.application.store_kit.pace import Pace
from taskharbor.application.store_kit.scan import count_among, facets_among, find_among
from taskharbor.application.store_kit.scan_in_turns import count_in_turns, facets_in_turns, find_in_turns
from taskharbor.domain.search.date_expressions import Viewpoint
from taskharbor.domain.search.due_buckets import due_buckets
from taskharbor.domain.search.filter import Mentions
from taskharbor.domain.values.time_zone import zone
from taskharbor.testing.scenes.bench import LATER, NOON, Bench, retitled
from taskharbor.testing.scenes.effort import share_of_effort
from taskharbor.testing.strategies.filters import filters, orders, urgency_scales
from taskharbor.testing.strategies.tasks import tasks as tasks_to_search

BUCKETS = due_buckets(Viewpoint(NOON, zone("UTC")))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each look at the processor's clock costs 10 ms."""
    looks = iter(range(10**9))
    monkeypatch.setattr(pace, "thread_time", lambda: next(looks) / 100)
    return iter(())


@share_of_effort(4)
@given(data=st.data())
async def test_in_turns_the_same_is_found_as_at_once(data: st.DataObject) -> None:
    tasks = data.draw(st.lists(tasks_to_search(), min_size=1, max_size=12, unique_by=lambda task: task.id))
    scan = Scan({task.id: task for task in tasks})
    wanted = data.draw(st.none() | filters(tasks))
    query = TaskQuery(
        filter=wanted,
        order=data.draw(orders()),
        skip=data.draw(st.integers(0, 5)),
        limit=data.draw(st.integers(1, 6)),
        urgency=data.draw(urgency_scales()),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("taskharbor.application.store_kit.scan_in_turns._SORTED_AT_ONCE", data.draw(st.integers(1, 4)))
        patch.setattr("taskharbor.application.store_kit.scan_in_turns._MOST_KEPT", data.draw(st.integers(0, 12)))
        assert await find_in_turns(scan.candidates(), query, Pace()) == find_among(scan.candidates(), query)
    assert await count_in_turns(scan.candidates(), wanted, Pace()) == count_among(scan.candidates(), wanted)
    assert await facets_in_turns(scan.candidates(), wanted, BUCKETS, Pace()) == facets_among(
        scan.candidates(), wanted, BUCKETS
    )


@pytest.mark.usefixtures("clock")
async def test_a_search_that_takes_too_long_is_given_up_and_others_had_their_turns() -> None:
    async with InMemoryStorage(query_timeout=0.05) as storage:
        here = Bench(storage)
        await here.add_many(1000)
        turns = 0

        async def take_turns() -> None:
            nonlocal turns
            while True:
                await asyncio.sleep(0)
                turns += 1

        others = asyncio.create_task(take_turns())
        for question in (
            storage.find_tasks(here.workspace, TaskQuery(limit=9)),
            storage.count_tasks(here.workspace, Mentions(("task",))),
            storage.count_facets(here.workspace, None, BUCKETS),
        ):
            turns = 0
            with pytest.raises(QueryTooExpensive):
                await question
            assert turns >= 3
        others.cancel()
        assert (await here.page(limit=9)).next_after is not None


class Scanned(ScanningStorage):
    """A store that has some tasks."""

    def __init__(self, tasks):
        self._tasks = tasks

    async def scan(self, workspace):
        return Scan(self._tasks)


Scanned.__abstractmethods__ = frozenset()


@pytest.mark.usefixtures("clock")
async def test_a_store_that_scans_gives_up_a_search_too() -> None:
    async with InMemoryStorage() as storage:
        tasks = await Bench(storage).add_many(100)
    scanned = Scanned({task.id: task for task in tasks})
    scanned.query_timeout = 0.02
    with pytest.raises(QueryTooExpensive):
        await scanned.find_tasks("default", TaskQuery(limit=9))


@pytest.mark.usefixtures("clock")
async def test_what_others_compute_while_a_store_reads_its_tasks_is_no_part_of_a_search() -> None:
    async with InMemoryStorage() as storage:
        tasks = await Bench(storage).add_many(10)

    class SlowlyScanned(Scanned):
        async def scan(self, workspace):
            for _ in range(10):
                pace.thread_time()
            return await super().scan(workspace)

    scanned = SlowlyScanned({task.id: task for task in tasks})
    scanned.query_timeout = 0.05
    assert len(await scanned.find_tasks("default", TaskQuery(limit=20))) == 10
    assert await scanned.count_tasks("default", None) == 10
    assert (await scanned.count_facets("default", None, BUCKETS)).progress.total() == 10


@pytest.mark.usefixtures("clock")
async def test_a_search_sees_nothing_of_what_is_committed_during_it() -> None:
    async with InMemoryStorage(query_timeout=1000) as storage:
        here = Bench(storage)
        tasks = await here.add_many(200)
        searching = asyncio.create_task(storage.find_tasks(here.workspace, TaskQuery(limit=1000)))
        await asyncio.sleep(0)
        for task in (tasks[0], tasks[100], tasks[199]):
            await here.change(retitled(task, "later"))
        await here.change(tasks[150].delete(at=LATER))
        await here.add("later")
        found = await searching
        assert [view.title for view in found] == [task.title for task in tasks]
        assert {view.revision for view in found} == {tasks[0].revision}


@pytest.mark.usefixtures("clock")
async def test_nothing_is_seen_of_half_a_large_commit_not_even_if_its_caller_is_cancelled() -> None:
    async with InMemoryStorage() as storage:
        here = Bench(storage)
        new = [await here.new_task(f"task {n}") for n in range(300)]
        committing = asyncio.create_task(here.commit(added=new))
        for _ in range(3):
            await asyncio.sleep(0)
        reading = [asyncio.create_task(read) for read in (here.page(), here.changes(), here.load(new[0].id))]
        committing.cancel()
        page, changes, first = await asyncio.gather(*reading)
        assert (len(page.items), len(changes.items), changes.revision) == (300, 300, 1)
        assert first is not None
        assert await here.take_revision() == 2
