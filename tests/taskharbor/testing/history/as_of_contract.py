"""The past is what was: `TaskHistory` and what is made of it."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.history.as_of import GetTaskAsOf, ListTasksAsOf
from taskharbor.application.history.snapshot import AsOf
from taskharbor.application.ports.task_history import HistoryBounds
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import InvalidValue, TaskNotFound
from taskharbor.domain.identifiers import MAX_ID, Revision, TaskId
from taskharbor.testing.doubles.clock import FakeClock
from taskharbor.testing.doubles.uids import FakeUids
from taskharbor.testing.scenes.bench import LATER, NOON, Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.effort import share_of_effort
from taskharbor.testing.scenes.entries import recorded
from taskharbor.testing.strategies.commands import do_something
from taskharbor.testing.strategies.times import instants

SECOND = timedelta(seconds=1)

_NEAR: Final = st.integers(0, 10).map(lambda seconds: NOON + seconds * SECOND)


class PastContract(Contract):
    """Every past revision can be read as it was, whatever was done since."""

    async def test_all_that_was_done_to_some_tasks_since_is_listed_latest_first(self, here: Bench) -> None:
        one, other, third = [await here.new_task(title) for title in ("one", "other", "third")]
        first = await here.commit(added=[one, other, third], history=[recorded(task) for task in (one, other, third)])
        entries = []
        for task in (one, third, other, one):
            now = await here.load(task.id)
            assert now is not None
            entry = recorded(now, now)
            entries.append(replace(entry, revision=await here.commit(changed=[now], history=[entry])))
        found = await here.storage.list_history_since(here.workspace, [one.id, other.id, MAX_ID], after=first)
        assert list(found) == [entries[3], entries[2], entries[0]]
        assert list(await here.storage.list_history_since(here.workspace, [], after=0)) == []

    async def test_the_revision_at_an_instant_is_the_last_one_made_by_then(self, here: Bench) -> None:
        task = await here.new_task()
        revision = await here.commit(added=[task], history=[recorded(task)])
        for seconds in (10, 5, 20):  # a clock that was set back in between
            task = task.committed(revision)
            entry = replace(recorded(task, task), at=NOON + seconds * SECOND)
            revision = await here.commit(changed=[task], history=[entry])
        microsecond = timedelta(microseconds=1)
        asked = {NOON - microsecond: 0, NOON: 1, NOON + 5 * SECOND - microsecond: 1, NOON + 5 * SECOND: 3}
        asked |= {NOON + 19 * SECOND: 3, NOON + 20 * SECOND: 4, LATER: 4}
        for at, expected in asked.items():
            assert await here.storage.find_revision(here.workspace, at) == expected

    @share_of_effort(4)
    @given(data=st.data())
    async def test_the_revision_at_an_instant_is_found_whatever_clocks_have_shown(
        self, here: Bench, data: st.DataObject
    ) -> None:
        here = here.another()
        moment = data.draw(st.sampled_from([_NEAR, _NEAR, _NEAR | instants()]))
        made: dict[Revision, datetime] = {}
        for moments in data.draw(st.lists(st.lists(moment, min_size=1, max_size=6), max_size=4), label="at once"):
            made |= await _commit_at_once(here, moments)
        for at in {*made.values(), *data.draw(st.lists(moment, min_size=1, max_size=3), label="asked")}:
            expected = max((revision for revision, then in made.items() if then <= at), default=0)
            assert await here.storage.find_revision(here.workspace, at) == expected

    async def test_the_revision_at_an_instant_is_found_among_commits_made_at_once(self, here: Bench) -> None:
        moments = [NOON + seconds * SECOND for seconds in (1, 2, 9, 9, 9, 3, 9, 9)]
        made = await _commit_at_once(here, moments)
        for at in moments:
            expected = max(revision for revision, then in made.items() if then <= at)
            assert await here.storage.find_revision(here.workspace, at) == expected

    async def test_the_extent_of_a_workspace_begins_with_nothing(self, here: Bench) -> None:
        assert await here.storage.read_history_bounds(here.workspace) == HistoryBounds()
        await here.add()
        assert await here.storage.read_history_bounds(here.workspace) == HistoryBounds(revision=1)

    async def test_tasks_are_scanned_by_id_deleted_ones_too(self, here: Bench, elsewhere: Bench) -> None:
        await elsewhere.add()
        tasks = await here.add_many(4)
        tasks[1] = await here.change(tasks[1].delete(at=LATER))
        assert list(await here.storage.scan_tasks(here.workspace, after=0, limit=3)) == tasks[:3]
        assert list(await here.storage.scan_tasks(here.workspace, after=tasks[2].id, limit=3)) == tasks[3:]

    @share_of_effort(4)
    @given(data=st.data())
    async def test_as_of_every_revision_each_task_is_what_was_stored_then(
        self, here: Bench, data: st.DataObject
    ) -> None:
        here = here.another()
        clock = FakeClock()
        use_cases = UseCases(here.storage, clock=clock, uids=FakeUids())
        states: dict[Revision, dict[TaskId, TaskView]] = {0: {}}
        instants: dict[datetime, Revision] = {clock.now() - SECOND: 0}
        ids: list[TaskId] = []
        for _ in range(data.draw(st.integers(1, 8), label="commands")):
            at = clock.advance()
            await do_something(use_cases, here, ids, data)
            instants[at] = (await here.storage.read_history_bounds(here.workspace)).revision
            states[instants[at]] = {task.id: task for task in (await here.page()).items}
        for revision, state in states.items():
            assert await _as_of(use_cases, here, revision, limit=data.draw(st.integers(1, 5))) == state
            for task_id in ids:
                assert await _one_as_of(use_cases, here, task_id, str(revision)) == state.get(task_id)
        for instant, revision in instants.items():
            assert await _as_of(use_cases, here, instant, limit=1000) == states[revision]

    async def test_what_a_task_waited_for_then_is_returned(self, here: Bench, use_cases: UseCases) -> None:
        needed = await here.new_task("needed")
        waiting = replace(await here.new_task("waiting"), depends_on=(needed.id,))
        added = await here.commit(added=[needed, waiting], history=[recorded(needed), recorded(waiting)])
        done = needed.committed(added).complete(at=LATER)
        await here.commit(changed=[done], history=[recorded(done, needed)])
        for revision, blocked in ((added, True), (added + 1, False)):
            query = GetTaskAsOf(id=waiting.id, as_of=revision)
            task = await use_cases.history.get_task_as_of(query, workspace=here.workspace)
            assert task.blocked is blocked

    async def test_a_revision_that_has_not_been_reached_is_refused(self, here: Bench, use_cases: UseCases) -> None:
        task = await use_cases.execute(CreateTask(title="a task"), workspace=here.workspace)
        for as_of in (task.revision + 1, NOON + SECOND):
            with pytest.raises(InvalidValue, match="as_of"):
                await _as_of(use_cases, here, as_of, limit=1)
            with pytest.raises(InvalidValue, match="as_of"):
                await _one_as_of(use_cases, here, task.id, as_of)


async def _commit_at_once(here: Bench, moments: Sequence[datetime]) -> dict[Revision, datetime]:
    tasks = [await here.new_task() for _ in moments]
    commits = [
        here.commit(added=[task], history=[replace(recorded(task), at=at)])
        for task, at in zip(tasks, moments, strict=True)
    ]
    return dict(zip(await asyncio.gather(*commits), moments, strict=True))


async def _as_of(use_cases: UseCases, here: Bench, as_of: AsOf, *, limit: int) -> dict[TaskId, TaskView]:
    found: dict[TaskId, TaskView] = {}
    after: TaskId | None = 0
    while after is not None:
        query = ListTasksAsOf(as_of=as_of, limit=limit, after=after)
        page = await use_cases.history.list_tasks_as_of(query, workspace=here.workspace)
        found |= {task.id: task for task in page.items}
        after = page.next_after
    return found


async def _one_as_of(use_cases: UseCases, here: Bench, task_id: TaskId, as_of: AsOf) -> TaskView | None:
    query = GetTaskAsOf(id=task_id, as_of=as_of)
    try:
        return await use_cases.history.get_task_as_of(query, workspace=here.workspace)
    except TaskNotFound:
        return None
