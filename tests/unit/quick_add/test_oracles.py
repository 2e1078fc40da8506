"""Libraries that read dates and recurrence in English read the same phrases alike."""

import asyncio
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import dateparser
import pytest
from recurrent import RecurringEvent

from taskharbor.adapters.quick_add.lark_reader import LarkQuickLineReader
from taskharbor.domain.search.date_expressions import Viewpoint

NOW = datetime(2026, 11, 29, 11)  # noqa: DTZ001  # what the clock on the wall shows
HERE = Viewpoint(NOW.replace(tzinfo=UTC), ZoneInfo("UTC"))


def values_of(line: str) -> dict[str, object]:
    return dict(asyncio.run(LarkQuickLineReader().read(line, language="en", here=HERE, time_zone=None)).values)


@pytest.mark.parametrize(
    "phrase",
    [
        *(
            "today",
            "tomorrow",
            "tomorrow 5pm",
            "tomorrow at 17:30",
            "monday",
            "friday 9am",
            "in 3 days",
            "in two weeks",
        ),
        *("24 dec", "24 december 2027", "dec 24", "1 may", "2026-12-24", "2026-12-24 17:30", "9am", "5:15pm"),
    ],
)
def test_dateparser_reads_the_same_moment(phrase: str) -> None:
    theirs = dateparser.parse(phrase, settings={"RELATIVE_BASE": NOW, "PREFER_DATES_FROM": "future"})
    assert theirs is not None
    match values_of(f"X {phrase}")["due"]:
        case {"date": day}:
            assert date.fromisoformat(day) == theirs.date()
        case {"localDateTime": moment}:
            assert datetime.fromisoformat(moment) == theirs


@pytest.mark.filterwarnings("ignore:Flag style")  # what `recurrent` reads dates with says so
@pytest.mark.parametrize(
    "phrase",
    [
        *("every day", "every 3 days", "every other week", "every monday", "every month on the 1st", "every weekday"),
        *("every 2 weeks on fri", "every year on dec 24", "every 2nd tuesday of the month", "every mon, wed and fri"),
    ],
)
def test_recurrent_reads_the_same_rule(phrase: str) -> None:
    theirs = RecurringEvent(now_date=NOW).parse(phrase).removeprefix("RRULE:")
    match values_of(f"X {phrase}")["recurrence"]:
        case {"rrule": rule}:
            assert parts_of(rule) == parts_of(theirs)


def parts_of(rule: str) -> set[str]:
    return {*rule.split(";")} - {"INTERVAL=1"}
