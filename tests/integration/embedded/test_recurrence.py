"""Recurring tasks, embedded."""

from datetime import date, datetime, timedelta

import pytest

from taskharbor.application.errors import NotRecurring
from taskharbor.domain.errors import InvalidValue, OpenSubtasks, TaskNotFound
from taskharbor.domain.values.calendar_time import AllDay, Zoned

FIRST = AllDay(date(2026, 12, 1))
CATCHING_UP = {"rrule": "FREQ=DAILY", "overdue": "catch-up"}


@pytest.fixture
async def daily(harbor):
    return await harbor.create_task(title="Water the plants", due=FIRST, recurrence=CATCHING_UP)


async def test_the_recurrence_of_a_view_can_be_given_to_another_task(harbor, daily):
    other = await harbor.create_task(title="Feed the cat", due=FIRST, recurrence=daily.recurrence)

    assert other.recurrence == daily.recurrence


async def test_what_was_read_can_be_sent_back(harbor, daily):
    moved = await harbor.complete_task(daily.id)
    same = await harbor.change_task(daily.id, recurrence=moved.recurrence.as_json())

    assert same == moved


@pytest.mark.parametrize("occurrence", [FIRST, FIRST.as_json(), "2026-12-01"])
async def test_an_occurrence_can_be_named_in_any_form(harbor, daily, occurrence):
    for _ in range(2):
        moved = await harbor.complete_task(daily.id, occurrence=occurrence)

    assert moved.due == AllDay(date(2026, 12, 2))


async def test_a_subtask_that_comes_again_is_counted_with_its_copies(harbor):
    parent = await harbor.create_task(title="The garden")
    child = await harbor.create_task(title="Mow", due=FIRST, recurrence=CATCHING_UP, parent=parent.id)

    await harbor.complete_task(child.id)

    parent = await harbor.get_task(parent.id)
    assert (parent.subtask_count, parent.open_subtask_count) == (2, 1)


async def test_open_subtasks_hold_an_occurrence_up_too(harbor, daily):
    await harbor.create_task(title="Fill the can", parent=daily.id)

    with pytest.raises(OpenSubtasks):
        await harbor.complete_task(daily.id)
    assert (await harbor.get_task(daily.id)).due == FIRST


async def test_occurrences_can_be_asked_for_by_dates_and_times(harbor):
    nine = datetime(2026, 12, 1, 9)  # noqa: DTZ001 - it is local
    task = await harbor.create_task(title="t", start=Zoned(nine, "UTC"), recurrence={"rrule": "FREQ=HOURLY;INTERVAL=6"})

    page = await harbor.list_occurrences(task.id, since=date(2026, 12, 2), before=nine + timedelta(days=1, hours=1))

    assert [occurrence.start.local for occurrence in page.items] == ["2026-12-02T03:00:00", "2026-12-02T09:00:00"]


async def test_a_change_that_completes_knows_what_day_it_is_for_the_caller(harbor):
    counted = {"rrule": "FREQ=DAILY", "anchor": "completion"}
    early, late, matching = [
        await harbor.create_task(title="t", due=AllDay(date(2020, 1, 1)), recurrence=counted) for _ in range(3)
    ]

    early = await harbor.change_task(early.id, is_completed=True, time_zone="Etc/GMT+12")
    late = await harbor.change_task(late.id, is_completed=True, time_zone="Pacific/Kiritimati")
    await harbor.change_matching(
        f"id = {matching.id}", max_affected=1, is_completed=True, time_zone="Pacific/Kiritimati"
    )

    assert early.due.day < late.due.day == (await harbor.get_task(matching.id)).due.day
    with pytest.raises(InvalidValue, match="time_zone"):
        await harbor.change_task(early.id, title="other", time_zone="Mars")


async def test_what_makes_no_sense_is_refused(harbor, daily):
    plain = await harbor.create_task(title="plain")
    with pytest.raises(NotRecurring):
        await harbor.skip_occurrence(plain.id)
    with pytest.raises(TaskNotFound):
        await harbor.list_occurrences(99)
    with pytest.raises(InvalidValue, match="occurrence"):
        await harbor.skip_occurrence(daily.id, occurrence="2027-01-01")
    with pytest.raises(InvalidValue, match="time_zone"):
        await harbor.complete_task(daily.id, time_zone="Mars")
    with pytest.raises(InvalidValue, match="limit"):
        await harbor.list_occurrences(daily.id, limit=0)
