"""Completing a parent: what becomes of its subtasks, recurring ones too."""

import asyncio
from datetime import date
from typing import Any, Final

import pytest

from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import OpenDependencies, OpenSubtasks, SeriesWouldEnd
from taskharbor.domain.values.calendar_time import AllDay
from taskharbor.testing.doubles.clock import FakeClock
from taskharbor.testing.doubles.occurrences import FakeOccurrences
from taskharbor.testing.doubles.parking_storage import ParkingStorage
from taskharbor.testing.doubles.uids import FakeUids
from taskharbor.testing.scenes.bench import Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.desk import Desk
from taskharbor.testing.scenes.races import at_once

TODAY: Final = AllDay(date(2026, 1, 1))  # on which the clock stands
NEXT: Final = AllDay(date(2026, 1, 2))
DAILY: Final[dict[str, Any]] = {"due": TODAY, "recurrence": {"rrule": "FREQ=DAILY"}}


class SubtaskCompletionContract(Contract):
    """A parent is completed with its subtasks or before them only if that is asked for; no series ends by accident."""

    @pytest.fixture
    def desk(self, use_cases: UseCases, here: Bench) -> Desk:
        """One user of the store."""
        return Desk(use_cases, here)

    async def test_a_parent_is_not_completed_before_its_subtasks_unless_that_is_said(self, desk: Desk) -> None:
        parent = await desk.create()
        child = await desk.create(parent=parent.id)
        grandchild = await desk.create(parent=child.id)
        revision = await desk.revision()
        for attempt in (
            desk.complete(parent.id),
            desk.change(parent.id, is_completed=True),
            desk.change(parent.id, percent_complete=100),
        ):
            with pytest.raises(OpenSubtasks):
                await attempt
        assert await desk.revision() == revision
        done = await desk.complete(parent.id, subtasks="complete")
        assert done.is_completed
        assert [(await desk.get(task.id)).is_completed for task in (child, grandchild)] == [True, True]
        assert await desk.counts(parent.id) == (1, 0)
        assert await desk.counts(child.id) == (1, 0)
        assert done.revision == (await desk.get(grandchild.id)).revision

    async def test_subtasks_can_be_left_open(self, desk: Desk) -> None:
        parent = await desk.create()
        child = await desk.create(parent=parent.id)
        assert (await desk.complete(parent.id, subtasks="leave")).is_completed
        assert not (await desk.get(child.id)).is_completed
        assert await desk.counts(parent.id) == (1, 1)

    async def test_a_recurring_subtask_moves_on_with_its_parent(self, desk: Desk) -> None:
        parent = await desk.create(**DAILY)
        child = await desk.create(parent=parent.id, **DAILY)
        after = await desk.create(parent=child.id, **DAILY)
        moved = await desk.complete(parent.id, subtasks="complete")
        assert (moved.due, moved.is_completed) == (NEXT, False)
        for task in (child, after):
            now = await desk.get(task.id)
            assert (now.due, now.is_completed, now.revision) == (NEXT, False, moved.revision)
        assert await desk.counts(parent.id) == (2, 1)
        assert await desk.counts(child.id) == (2, 1)

    async def test_an_occurrence_that_another_writer_completes_meanwhile_is_not_completed_along(
        self, desk: Desk, here: Bench
    ) -> None:
        parent = await desk.create(**DAILY)
        child = await desk.create(parent=parent.id, **DAILY)
        parked = ParkingStorage(here.storage, park="before")
        use_cases = UseCases(parked, clock=FakeClock(), uids=FakeUids(), occurrences=FakeOccurrences())
        running = asyncio.create_task(Desk(use_cases, here).complete(parent.id, subtasks="complete"))
        await parked.parked.wait()
        await desk.complete(child.id)
        parked.release.set()
        assert (await running).due == NEXT
        assert (await desk.get(child.id)).due == NEXT

    async def test_no_series_ends_with_its_parent_unless_that_is_said(self, desk: Desk) -> None:
        parent = await desk.create()
        plain = await desk.create(parent=parent.id)
        series = await desk.create(parent=plain.id, **DAILY)
        revision = await desk.revision()
        for attempt in (
            desk.complete(parent.id, subtasks="complete"),
            desk.change(parent.id, is_completed=True, subtasks="complete"),
        ):
            with pytest.raises(SeriesWouldEnd) as refused:
                await attempt
            assert (refused.value.task_id, refused.value.series) == (parent.id, (series.id,))
        assert await desk.revision() == revision
        assert (await desk.complete(parent.id, subtasks="end")).is_completed
        ended = await desk.get(series.id)
        assert (ended.is_completed, ended.due, ended.recurrence) == (True, series.due, series.recurrence)
        assert await desk.counts(plain.id) == (1, 0)
        await desk.reopen(series.id)
        assert (await desk.complete(series.id)).due == NEXT

    async def test_what_is_below_a_task_that_is_done_for_good_does_not_move_on(self, desk: Desk) -> None:
        parent = await desk.create(**DAILY)
        plain = await desk.create(parent=parent.id)
        series = await desk.create(parent=plain.id, **DAILY)
        with pytest.raises(SeriesWouldEnd):
            await desk.complete(parent.id, subtasks="complete")
        assert not (await desk.complete(parent.id, subtasks="end")).is_completed
        assert (await desk.get(series.id)).is_completed

    async def test_the_last_occurrence_is_completed_along(self, desk: Desk) -> None:
        parent = await desk.create()
        series = await desk.create(parent=parent.id, due=TODAY, recurrence={"rrule": "FREQ=DAILY;COUNT=1"})
        assert (await desk.complete(parent.id, subtasks="complete")).is_completed
        assert (await desk.get(series.id)).is_completed

    async def test_what_is_completed_along_does_not_wait_for_the_next_occurrence_of_another(self, desk: Desk) -> None:
        parent = await desk.create(**DAILY)
        first = await desk.create(parent=parent.id, **DAILY)
        await desk.create(parent=parent.id, depends_on=[first.id])
        await desk.complete(parent.id, subtasks="complete")
        assert await desk.counts(parent.id) == (3, 1)

    async def test_what_is_completed_along_must_not_wait_for_others(self, desk: Desk) -> None:
        needed, parent = await desk.create_some(2)
        first = await desk.create(parent=parent.id)
        await desk.create(parent=parent.id, depends_on=[first.id])
        waiting = await desk.create(parent=parent.id, depends_on=[needed.id])
        with pytest.raises(OpenDependencies) as refused:
            await desk.complete(parent.id, subtasks="complete")
        assert (refused.value.task_id, refused.value.needed) == (waiting.id, (needed.id,))
        assert await desk.counts(parent.id) == (3, 3)
        await desk.complete(needed.id)
        await desk.complete(parent.id, subtasks="complete")
        assert await desk.counts(parent.id) == (3, 0)

    async def test_completing_a_parent_sees_every_subtask(self, desk: Desk) -> None:
        for _ in range(10):
            parent = await desk.create()
            done, child = await at_once(desk.complete(parent.id), desk.create(parent=parent.id))
            assert not isinstance(child, BaseException)
            parent = await desk.get(parent.id)
            assert (parent.subtask_count, parent.open_subtask_count) == (1, 1)
            assert parent.is_completed is not isinstance(done, OpenSubtasks)
            assert parent.is_completed is (parent.completed is not None)
