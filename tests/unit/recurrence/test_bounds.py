"""No rule can keep the service busy: the work until the next occurrence is bounded."""

from datetime import datetime

import pytest

from series_of import coming, recurrence
from taskharbor.adapters.recurrence import days_of_year
from taskharbor.adapters.recurrence.periods import MAX_BARREN_YEARS
from taskharbor.entrypoints.embedded.opening import open_taskharbor

FIRST = "2026-01-31T02:30:00"
NEVER = [
    "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
    "FREQ=MONTHLY;BYMONTH=2,4,6,9,11;BYMONTHDAY=31",
    "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
    "FREQ=HOURLY;INTERVAL=24;BYHOUR=3",
    "FREQ=HOURLY;BYMINUTE=0;BYSETPOS=300",
    "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=6",
    "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=-2",
    "FREQ=YEARLY;BYYEARDAY=366;BYMONTH=1",
    "FREQ=MONTHLY;BYDAY=20MO",
    "FREQ=YEARLY;BYDAY=-20MO;BYMONTH=3",
    "FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6",
    "FREQ=HOURLY;INTERVAL=1000;BYMONTH=2;BYMONTHDAY=29;BYHOUR=3;BYDAY=MO;BYSETPOS=2",
]


@pytest.fixture
def years(monkeypatch):
    """The years that dateutil was asked about."""
    asked = []
    ask = days_of_year.rrule
    monkeypatch.setattr(days_of_year, "rrule", lambda *args, **kw: asked.append(kw["dtstart"].year) or ask(*args, **kw))
    return asked


@pytest.mark.parametrize("rule", NEVER)
def test_what_never_comes_is_given_up(rule, years):
    assert [*coming(recurrence(rule, FIRST))] == []
    assert len(years) <= MAX_BARREN_YEARS


@pytest.mark.parametrize(
    ("rule", "since", "found"),
    [
        ("FREQ=HOURLY", "9000-01-01T00:00:00", "9000-01-01T00:30:00"),
        ("FREQ=WEEKLY;INTERVAL=3", "9000-01-01T00:00:00", "9000-01-04T02:30:00"),
        ("FREQ=YEARLY;INTERVAL=1000", "3000-01-01T00:00:00", "3026-01-31T02:30:00"),
        ("FREQ=MONTHLY;INTERVAL=1000", "2027-01-01T00:00:00", "2109-05-31T02:30:00"),
    ],
)
def test_what_is_far_away_is_found_at_once(rule, since, found, years):
    coming_then = coming(recurrence(rule, FIRST), since=datetime.fromisoformat(since))

    assert next(coming_then).local == found
    assert len(years) <= 2


def test_a_rare_day_is_found_within_the_bound():
    found = coming(recurrence("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO", "2072-02-29T09:00:00"))

    assert next(found).local == "2112-02-29T09:00:00"


async def test_a_long_list_of_rare_occurrences_looks_at_a_hundred_years_and_a_hundred_more(years):
    async with open_taskharbor("memory://") as harbor:
        rule = {"rrule": "FREQ=DAILY;INTERVAL=1000;BYMONTH=2"}
        task = await harbor.create_task(title="t", due={"localDateTime": FIRST}, recurrence=rule)

        page = await harbor.list_occurrences(task.id, limit=1000)

    assert page.next is None
    assert page.items[-1].due.wall < datetime(2126, 2, 28)
    assert len(years) <= 2 * MAX_BARREN_YEARS


async def test_a_rule_that_never_comes_again_completes_the_task(years):
    async with open_taskharbor("memory://") as harbor:
        for rule in NEVER:
            task = await harbor.create_task(title="t", due={"localDateTime": FIRST}, recurrence={"rrule": rule})
            assert (await harbor.complete_task(task.id)).is_completed
