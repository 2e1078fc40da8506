"""The recurrence of a task as a value."""

from datetime import date, datetime

import pytest

from series_of import recurrence
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.recurrence.recurrence import MAX_DATES, recurrence_from
from taskharbor.domain.values.calendar_time import AllDay, Floating, Zoned

DAY = AllDay(date(2026, 1, 31))
LOCAL = Floating(datetime(2026, 1, 31, 9))
BERLIN = Zoned(datetime(2026, 1, 31, 9), "Europe/Berlin")


@pytest.mark.parametrize("moment", [DAY, LOCAL, BERLIN])
def test_a_recurrence_comes_back_as_it_was(moment):
    wire = {
        "rrule": "FREQ=MONTHLY;BYMONTHDAY=31",
        "rdate": [moment.as_json()],
        "exdate": [moment.as_json()],
        "anchor": "completion",
        "overdue": "catch-up",
        "first": moment.as_json(),
        "current": moment.as_json(),
    }
    found = recurrence_from("recurrence", wire, moment=moment)

    assert found.as_json() == wire
    assert recurrence_from("recurrence", found, moment=moment) == found


def test_what_is_not_said_is_the_schedule_the_tasks_own_time_and_skipping():
    assert recurrence("FREQ=DAILY", DAY).as_json() == {
        "rrule": "FREQ=DAILY",
        "rdate": [],
        "exdate": [],
        "anchor": "schedule",
        "overdue": "skip",
        "first": {"date": "2026-01-31"},
        "current": {"date": "2026-01-31"},
    }


@pytest.mark.parametrize(
    ("moment", "wire", "field"),
    [
        (None, {"rrule": "FREQ=DAILY"}, "recurrence"),
        (DAY, {}, "recurrence"),
        (DAY, {"rrule": None, "exdate": [DAY.as_json()]}, "recurrence"),
        (DAY, "FREQ=DAILY", "recurrence"),
        (DAY, {"rule": "FREQ=DAILY"}, "recurrence.rule"),
        (DAY, {"rrule": "FREQ=SECONDLY"}, "recurrence.rrule"),
        (DAY, {"rrule": "FREQ=HOURLY"}, "recurrence.rrule"),
        (AllDay(date(1899, 12, 31)), {"rrule": "FREQ=DAILY;COUNT=2"}, "recurrence.rrule"),
        (DAY, {"rrule": "FREQ=DAILY", "rdate": [LOCAL.as_json()]}, "recurrence.rdate[0]"),
        (LOCAL, {"rrule": "FREQ=DAILY", "exdate": [LOCAL.as_json(), BERLIN.as_json()]}, "recurrence.exdate[1]"),
        (BERLIN, {"rdate": [{**BERLIN.as_json(), "timeZone": "UTC"}]}, "recurrence.rdate[0]"),
        (DAY, {"rdate": [{"date": "2026-02-30"}]}, "recurrence.rdate[0].date"),
        (DAY, {"rdate": [None]}, "recurrence.rdate[0]"),
        (DAY, {"rdate": [DAY.as_json()] * (MAX_DATES + 1)}, "recurrence.rdate"),
        (DAY, {"rrule": "FREQ=DAILY", "anchor": "moon"}, "recurrence.anchor"),
        (DAY, {"rrule": "FREQ=DAILY", "overdue": []}, "recurrence.overdue"),
        (DAY, {"rrule": "FREQ=DAILY", "current": {"date": "2026-01-30"}}, "recurrence.current"),
        (DAY, {"rrule": "FREQ=DAILY", "first": LOCAL.as_json()}, "recurrence.first"),
    ],
)
def test_a_bad_recurrence_is_refused_with_its_place(moment, wire, field):
    with pytest.raises(InvalidValue) as refused:
        recurrence_from("recurrence", wire, moment=moment)

    assert refused.value.field == field


def test_dates_are_put_in_order_and_said_once():
    later = {"date": "2026-05-01"}
    found = recurrence("FREQ=DAILY", DAY, rdate=[later, DAY.as_json(), later])

    assert found.as_json()["rdate"] == [DAY.as_json(), later]
