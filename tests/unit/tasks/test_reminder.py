"""Reminders: absolute, or relative to start or due."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.tasks.reminder import (
    MAX_REMINDERS,
    AbsoluteReminder,
    reminder_from,
    reminders_as_json,
    reminders_from,
)
from taskharbor.domain.values.calendar_time import calendar_time_from

START = calendar_time_from("start", {"localDateTime": "2026-03-28T09:00:00", "timeZone": "Europe/Berlin"})
DUE = calendar_time_from("due", {"date": "2026-12-01"})


@pytest.mark.parametrize(
    "wire",
    [
        {"when": "2026-12-01T09:00:00Z"},
        {"when": "0001-01-01T00:00:00Z"},
        {"offset": "-PT15M", "relativeTo": "due"},
        {"offset": "PT0S", "relativeTo": "start"},
        {"offset": "-P50D", "relativeTo": "start"},
    ],
)
def test_a_reminder_comes_back_as_it_was(wire):
    assert reminders_as_json(reminders_from([wire])) == [wire]


@given(st.datetimes().map(lambda when: when.replace(microsecond=0, tzinfo=UTC)))
def test_every_absolute_reminder_survives_a_round_trip(when):
    reminder = AbsoluteReminder(when)

    assert reminder_from("reminders[0]", reminder.as_json()) == reminder


@pytest.mark.parametrize(
    ("wire", "instant"),
    [
        ({"when": "2026-12-01T09:00:00Z"}, datetime(2026, 12, 1, 9, tzinfo=UTC)),
        ({"offset": "-PT15M", "relativeTo": "start"}, datetime(2026, 3, 28, 7, 45, tzinfo=UTC)),
        ({"offset": "P1D", "relativeTo": "start"}, datetime(2026, 3, 29, 7, tzinfo=UTC)),
        ({"offset": "PT24H", "relativeTo": "start"}, datetime(2026, 3, 29, 8, tzinfo=UTC)),
        ({"offset": "PT9H", "relativeTo": "due"}, datetime(2026, 12, 1, 14, tzinfo=UTC)),
        ({"offset": "-P1DT6H", "relativeTo": "due"}, datetime(2026, 11, 29, 23, tzinfo=UTC)),
    ],
)
def test_a_reminder_rings_at_its_instant(wire, instant):
    assert reminder_from("r", wire).instant(start=START, due=DUE, viewer="America/New_York") == instant


def test_a_reminder_relative_to_what_the_task_lacks_does_not_ring():
    reminder = reminder_from("r", {"offset": "-PT15M", "relativeTo": "due"})

    assert reminder.instant(start=START, due=None, viewer="UTC") is None


@pytest.mark.parametrize(
    ("wire", "place"),
    [
        (None, "reminders[0]"),
        ("-PT15M", "reminders[0]"),
        ({}, "reminders[0]"),
        ({"relativeTo": "due"}, "reminders[0]"),
        ({"offset": "-PT15M"}, "reminders[0].relativeTo"),
        ({"offset": "-PT15M", "relativeTo": "end"}, "reminders[0].relativeTo"),
        ({"offset": "-PT15M", "relativeTo": ["due"]}, "reminders[0].relativeTo"),
        ({"offset": "15 minutes", "relativeTo": "due"}, "reminders[0].offset"),
        ({"offset": None, "relativeTo": "due"}, "reminders[0].offset"),
        ({"when": "2026-12-01T09:00:00Z", "offset": "-PT15M"}, "reminders[0].offset"),
        ({"when": "2026-12-01T09:00:00Z", "relativeTo": "due"}, "reminders[0].relativeTo"),
        ({"when": "2026-12-01T09:00:00Z", "action": "email"}, "reminders[0].action"),
        ({"when": "2026-12-01T09:00:00"}, "reminders[0].when"),
        ({"when": "2026-12-01T09:00:00+00:00"}, "reminders[0].when"),
        ({"when": "2026-12-01T09:00:00.5Z"}, "reminders[0].when"),
        ({"when": "2026-12-01T24:00:00Z"}, "reminders[0].when"),
        ({"when": "2016-12-31T23:59:60Z"}, "reminders[0].when"),
        ({"when": "2026-02-29T09:00:00Z"}, "reminders[0].when"),
        ({"when": "0000-01-01T09:00:00Z"}, "reminders[0].when"),
        ({"when": "2026-12-01t09:00:00z"}, "reminders[0].when"),
        ({"when": 1764579600}, "reminders[0].when"),
    ],
)
def test_what_is_no_reminder_is_refused_with_its_place(wire, place):
    with pytest.raises(InvalidValue) as refused:
        reminders_from([wire])

    assert refused.value.field == place


def test_reminders_are_a_list_of_limited_length_and_none_comes_twice():
    wire = {"offset": "-PT15M", "relativeTo": "due"}

    assert len(reminders_from([wire] * MAX_REMINDERS)) == 1
    with pytest.raises(InvalidValue):
        reminders_from([wire] * (MAX_REMINDERS + 1))
