"""Hypothesis strategies for recurrences."""

from datetime import timedelta
from functools import cache
from typing import Any, Final

from hypothesis import strategies as st

from taskharbor.domain.recurrence.occurrence import OccurrenceOf
from taskharbor.domain.recurrence.recurrence import (
    EARLIEST_COUNTED,
    Anchor,
    Overdue,
    Recurrence,
    recurrence_from,
    wall_of,
)
from taskharbor.domain.values.calendar_time import CalendarTime
from taskharbor.testing.strategies.times import calendar_times

_RULES: Final = st.sampled_from(
    [
        None,
        "FREQ=DAILY",
        "FREQ=DAILY;COUNT=4000",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;WKST=SU",
        "FREQ=MONTHLY;BYMONTHDAY=31,-1",
        "FREQ=YEARLY;UNTIL=99991231T235959Z;BYYEARDAY=-366",
        "FREQ=YEARLY;BYDAY=20MO,-1FR;UNTIL=20261231",
    ]
)
_LATER: Final = st.timedeltas(timedelta(0), timedelta(days=400)).map(lambda by: by - timedelta(0, 0, by.microseconds))


@st.composite
def recurrences(draw: st.DrawFn, moment: CalendarTime) -> Recurrence:
    """Draw a recurrence of a task that starts or is due at `moment`."""
    rule = draw(_RULES)
    if rule and "COUNT" in rule and wall_of(moment).year < EARLIEST_COUNTED:
        rule = "FREQ=DAILY"
    blank = recurrence_from("recurrence", {"rrule": "FREQ=DAILY"}, moment=moment)
    dates = st.lists(_LATER, min_size=0 if rule else 1, max_size=3)
    return recurrence_from(
        "recurrence",
        {
            "rrule": rule,
            "rdate": [_later(blank, by).as_json() for by in draw(dates)],
            "exdate": [_later(blank, by).as_json() for by in draw(st.lists(_LATER, max_size=3))],
            "anchor": draw(st.sampled_from(Anchor)),
            "overdue": draw(st.sampled_from(Overdue)),
            "current": _later(blank, draw(_LATER)).as_json(),
        },
        moment=moment,
    )


def occurrences_of() -> st.SearchStrategy[OccurrenceOf]:
    """Of what a task can be a finished occurrence."""
    return st.builds(OccurrenceOf, st.integers(2**40, 2**41), calendar_times())


@cache
def recurrence_values() -> st.SearchStrategy[dict[str, Any] | None]:
    """What a caller may give as `recurrence`; some of it fits no task, or only such as are of whole days."""
    rules = st.sampled_from(
        ["FREQ=DAILY", "FREQ=DAILY;COUNT=2", "FREQ=WEEKLY;UNTIL=20260120", "FREQ=HOURLY", "FREQ=NEVER"]
    )
    members = st.fixed_dictionaries(
        {"rrule": rules},
        optional={
            "anchor": st.sampled_from(Anchor),
            "overdue": st.sampled_from(Overdue),
            "rdate": st.just([{"date": "2026-02-02"}]),
        },
    )
    return st.none() | members


def _later(recurrence: Recurrence, by: timedelta) -> CalendarTime:
    try:
        return recurrence.at(wall_of(recurrence.first) + by)
    except OverflowError:
        return recurrence.first
