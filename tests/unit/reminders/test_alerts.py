# ruff: noqa: DTZ001 - local times
"""When reminders are due: all-day and floating times, days on which clocks change, the end of time."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest

from taskharbor.domain.tasks.alert import ReminderRules, pending, reminder_id
from taskharbor.domain.tasks.reminder import reminders_from
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.calendar_time import AllDay, CalendarTime, Floating, Zoned
from taskharbor.domain.values.uid import uid_named

BERLIN = ReminderRules("Europe/Berlin", time(8, 30))
TASK = Task.create(id=1, uid=uid_named("a task"), title="a task", at=datetime(2026, 1, 1, tzinfo=UTC))
OFF = {"offset": "-P1D", "relativeTo": "due"}


def due_at(due: CalendarTime, *reminders: dict[str, str], rules: ReminderRules = BERLIN) -> list[str]:
    task = replace(TASK, due=due, reminders=reminders_from(list(reminders)))
    return [f"{at:%Y-%m-%dT%H:%M}" for at, _ in pending(task, rules)]


def test_an_all_day_task_counts_from_the_hour_that_is_set_in_the_zone_that_is_set() -> None:
    hour = {"offset": "-PT1H", "relativeTo": "due"}
    assert due_at(AllDay(date(2026, 7, 2)), OFF, hour) == ["2026-07-01T06:30", "2026-07-02T05:30"]
    assert due_at(AllDay(date(2026, 7, 2)), OFF, rules=ReminderRules()) == ["2026-07-01T09:00"]


def test_a_day_before_is_the_same_hour_though_clocks_change() -> None:
    # Clocks in Berlin are put forward on 2026-03-29.
    assert due_at(Zoned(datetime(2026, 3, 29, 9), "Europe/Berlin"), OFF) == ["2026-03-28T08:00"]
    day = {"offset": "-PT24H", "relativeTo": "due"}
    assert due_at(Zoned(datetime(2026, 3, 29, 9), "Europe/Berlin"), day) == ["2026-03-28T07:00"]


def test_a_floating_time_is_in_the_zone_that_is_set_and_a_zoned_one_in_its_own() -> None:
    at = {"offset": "PT0S", "relativeTo": "due"}
    assert due_at(Floating(datetime(2026, 1, 2, 9)), at) == ["2026-01-02T08:00"]
    assert due_at(Zoned(datetime(2026, 1, 2, 9), "Asia/Tokyo"), at) == ["2026-01-02T00:00"]


def test_what_would_be_after_the_end_of_time_is_never_due() -> None:
    assert due_at(Floating(datetime(9999, 12, 31, 23)), {"offset": "P2D", "relativeTo": "due"}) == []


@pytest.mark.parametrize(
    ("reminder", "name"),
    [
        ({"when": "2026-12-01T09:00:00Z"}, "2026-12-01T09:00:00Z"),
        ({"offset": "-PT15M", "relativeTo": "due"}, "due-PT15M"),
        ({"offset": "P1D", "relativeTo": "start"}, "start+P1D"),
    ],
)
def test_a_reminder_is_named_for_what_it_says(reminder: dict[str, str], name: str) -> None:
    assert reminder_id(reminders_from([reminder])[0]) == name
