"""What a line is taken for, on Sunday, 29 November 2026, at 11 in Berlin."""

import asyncio
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskharbor.adapters.quick_add import tail
from taskharbor.adapters.quick_add.languages import LANGUAGES
from taskharbor.adapters.quick_add.lark_reader import LONGEST, LarkQuickLineReader
from taskharbor.adapters.quick_add.lazy_reader import LazyQuickLineReader
from taskharbor.application.ports.quick_line import QuickLine
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.search.date_expressions import Viewpoint

HERE = Viewpoint(datetime(2026, 11, 29, 10, tzinfo=UTC), ZoneInfo("Europe/Berlin"))
REAL_TITLES = Path(__file__).parents[2] / "data" / "real_titles.txt"


def read(text: str, *, language: str = "en", time_zone: str | None = None) -> QuickLine:
    return asyncio.run(LarkQuickLineReader().read(text, language=language, here=HERE, time_zone=time_zone))


def day(text: str) -> dict[str, str]:
    return {"date": text}


def at(text: str) -> dict[str, str]:
    return {"localDateTime": text}


@pytest.mark.parametrize(
    ("line", "due"),
    [
        ("Call Ada today", day("2026-11-29")),
        ("Call Ada tomorrow", day("2026-11-30")),
        ("Call Ada Tomorrow 5pm", at("2026-11-30T17:00:00")),
        ("Call Ada 5pm tomorrow", at("2026-11-30T17:00:00")),
        ("Call Ada 5:30 pm", None),
        ("Call Ada 5 pm", at("2026-11-29T17:00:00")),
        ("Call Ada at noon", at("2026-11-29T12:00:00")),
        ("Call Ada 9am", at("2026-11-30T09:00:00")),  # the next time that it is 9
        ("Call Ada monday", day("2026-11-30")),
        ("Call Ada sunday", day("2026-12-06")),
        ("Call Ada this sunday", day("2026-11-29")),
        ("Call Ada next friday", day("2026-12-04")),
        ("Call Ada by fri", day("2026-12-04")),
        ("Call Ada on wed at 14:00", at("2026-12-02T14:00:00")),
        ("Call Ada next week", day("2026-11-30")),
        ("Call Ada next month", day("2026-12-01")),
        ("Call Ada next year", day("2027-01-01")),
        ("Call Ada in 3 days", day("2026-12-02")),
        ("Call Ada in two weeks", day("2026-12-13")),
        ("Call Ada in 3 months", day("2027-02-28")),
        ("Call Ada 24 dec", day("2026-12-24")),
        ("Call Ada Dec 24th", day("2026-12-24")),
        ("Call Ada on the 24th of December 2027", day("2027-12-24")),
        ("Call Ada 1 may", day("2027-05-01")),
        ("Call Ada 29 feb", day("2028-02-29")),
        ("Call Ada on the 1st", day("2026-12-01")),
        ("Call Ada due 2026-12-24 17:30", at("2026-12-24T17:30:00")),
    ],
)
def test_when_it_is_due(line: str, due: dict[str, str] | None) -> None:
    found = read(line)
    assert found.values.get("due") == due
    assert found.title == ("Call Ada" if due else line)


@pytest.mark.parametrize(
    ("line", "rrule", "time_of_day"),
    [
        ("Pay every day", "FREQ=DAILY", None),
        ("Pay every 3 days", "FREQ=DAILY;INTERVAL=3", None),
        ("Pay every other week", "FREQ=WEEKLY;INTERVAL=2", None),
        ("Pay every monday", "FREQ=WEEKLY;BYDAY=MO", None),
        ("Pay every thu, mon and sat 9am", "FREQ=WEEKLY;BYDAY=MO,TH,SA", time(9)),
        ("Pay every 2 weeks on fri", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", None),
        ("Pay every weekday at 8:15", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", time(8, 15)),
        ("Pay every month on the 1st 9am", "FREQ=MONTHLY;BYMONTHDAY=1", time(9)),
        ("Pay every 1st and 15th", "FREQ=MONTHLY;BYMONTHDAY=1,15", None),
        ("Pay every month on the last day", "FREQ=MONTHLY;BYMONTHDAY=-1", None),
        ("Pay every second tuesday", "FREQ=MONTHLY;BYDAY=2TU", None),
        ("Pay every 2nd tuesday of the month", "FREQ=MONTHLY;BYDAY=2TU", None),
        ("Pay every 1st of the month", "FREQ=MONTHLY;BYMONTHDAY=1", None),
        ("Pay every last friday", "FREQ=MONTHLY;BYDAY=-1FR", None),
        ("Pay every year on 24 dec", "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24", None),
        ("Pay every day until 24 dec", "FREQ=DAILY;UNTIL=20261224", None),
        ("Pay every day for 10 times", "FREQ=DAILY;COUNT=10", None),
        ("Pay *weekly", "FREQ=WEEKLY", None),
    ],
)
def test_how_it_recurs(line: str, rrule: str, time_of_day: time | None) -> None:
    found = read(line)
    assert (found.title, found.values, found.time_of_day) == ("Pay", {"recurrence": {"rrule": rrule}}, time_of_day)


def test_the_last_day_of_a_series_of_times_is_over_in_its_zone() -> None:
    assert read("Pay every day 9am until 24 dec").values["recurrence"] == {"rrule": "FREQ=DAILY;UNTIL=20261224T235959"}
    zoned = read("Pay every day 9am until 24 dec", time_zone="Europe/Berlin")
    assert zoned.values["recurrence"] == {"rrule": "FREQ=DAILY;UNTIL=20261224T225959Z"}


def test_marks_and_reminders() -> None:
    found = read(
        "Report due fri 5pm start mon *weekly #work #q4 @Office !2 ~1h30m remind 1d before remind 9am //as last year"
    )
    assert found.title == "Report"
    assert found.values == {
        "due": at("2026-12-04T17:00:00"),
        "start": day("2026-11-30"),
        "recurrence": {"rrule": "FREQ=WEEKLY"},
        "tags": ["work", "q4"],
        "list": "Office",
        "priority": 2,
        "estimated_duration": "PT1H30M",
        "reminders": [{"offset": "-P1D", "relativeTo": "due"}, {"when": "2026-11-30T09:00:00Z"}],
        "description": "as last year",
    }


def test_each_part_that_was_taken_is_told_with_its_place() -> None:
    line = 'Pay rent every month 9am #home @"My house" //see it'
    taken = [(line[one.start : one.end], one.field) for one in read(line).taken]
    assert taken == [
        ("every month 9am", "recurrence"),
        ("#home", "tags"),
        ('@"My house"', "list"),
        ("//see it", "description"),
    ]


@pytest.mark.parametrize(
    "title",
    [
        "Fix the sun",
        "Order 66",
        "Meet at 5",
        "Tomorrow never dies in cinemas",
        "Fix #123 and close #7",
        "Use colour #ffffff",
        "Learn C# and F#",
        "Mail ada@example.org",
        "Read https://example.org//twice",
        "Remove // everywhere",
        r"Open C:\new\today \d+",
        "Set ~ and ! and * and @ free",
        "Version 2026",
        "  two  blanks  inside",
    ],
)
def test_a_title_without_marks_and_dates_at_its_end_stays_as_it_is(title: str) -> None:
    found = read(title)
    assert (found.title, found.values, found.taken) == (title.strip(), {}, ())


@pytest.mark.parametrize(
    ("line", "title"),
    [
        (r"Read \tomorrow", "Read tomorrow"),
        (r"Close \#tag", "Close #tag"),
        (r"Greet \@ada", "Greet @ada"),
        (r"Shout \!1", "Shout !1"),
        (r"About \~15m", "About ~15m"),
        (r"Mark \*weekly", "Mark *weekly"),
        (r"Say \//no", "Say //no"),
        (r"Keep \\#tag", r"Keep \#tag"),
    ],
)
def test_a_backslash_leaves_a_word_in_the_title(line: str, title: str) -> None:
    assert (read(line).title, read(line).values) == (title, {})


@pytest.mark.parametrize(
    ("line", "values", "time_of_day"),
    [
        ("Miete zahlen jeden Monat am 1. um 9 Uhr", {"recurrence": {"rrule": "FREQ=MONTHLY;BYMONTHDAY=1"}}, time(9)),
        ("Miete zahlen fällig Freitag ab Montag *wöchentlich", None, None),
        ("Miete zahlen übermorgen", {"due": day("2026-12-01")}, None),
        ("Miete zahlen am 24.12. 8:30", {"due": at("2026-12-24T08:30:00")}, None),
        ("Miete zahlen am 24. Dezember", {"due": day("2026-12-24")}, None),
        ("Miete zahlen nächste Woche", {"due": day("2026-11-30")}, None),
        ("Miete zahlen in drei Tagen", {"due": day("2026-12-02")}, None),
        ("Miete zahlen alle zwei Wochen", {"recurrence": {"rrule": "FREQ=WEEKLY;INTERVAL=2"}}, None),
        ("Miete zahlen jeden letzten Freitag", {"recurrence": {"rrule": "FREQ=MONTHLY;BYDAY=-1FR"}}, None),
    ],
)
def test_german(line: str, values: dict[str, Any] | None, time_of_day: time | None) -> None:
    found = read(line, language="de")
    expected = values or {
        "due": day("2026-12-04"),
        "start": day("2026-11-30"),
        "recurrence": {"rrule": "FREQ=WEEKLY"},
    }
    assert (found.title, found.values, found.time_of_day) == ("Miete zahlen", expected, time_of_day)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("X due 2026-02-30", "names 2026-02-30, which does not exist"),
        ("X 31 feb", "names 2000-02-31, which does not exist"),
        ("X due 25 uhr", None),
        ("X every 0 days", "says every 0"),
        ("X every 32nd", "names a day of a month that does not exist"),
        ("X every 9th monday", "names weekday 9 of a month"),
        ("X remind tomorrow", "say at what time"),
        ("tomorrow 5pm #home", "leaves no title"),
        ("#home", "leaves no title"),
        ("", "leaves no title"),
        ("x" * (LONGEST + 1), "must have at most 4096 characters, has 4097"),
        ("two\nlines", "must not contain a control character"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(line: str, reason: str | None) -> None:
    if reason is None:
        read(line)  # it stays in the title
        return
    with pytest.raises(InvalidValue, match="text") as refused:
        read(line)
    assert reason in refused.value.reason


def test_an_unknown_language_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(InvalidValue, match="must be one of de, en"):
        read("X", language="tlh")


async def test_the_reader_is_made_when_it_is_first_needed() -> None:
    reader = LazyQuickLineReader()
    for _ in range(2):
        found = await reader.read("Call Ada tomorrow", language="en", here=HERE, time_zone=None)
        assert found.values == {"due": day("2026-11-30")}


def test_no_real_title_is_touched() -> None:
    """The figures in docs/quick-add.md: 3,000 titles, nothing taken out of any."""
    titles = REAL_TITLES.read_text().splitlines()
    assert len(titles) == 3000
    assert [title for title in titles if read(title).title != title.strip()] == []


VOCABULARY = r"""
    Pay rent call Ada \ \\ // //x #1 #tag @list !1 ~5m *weekly *daily tomorrow today due start on at by every month week
    monday mon fri 1st 5pm 17:30 9 2026-12-24 24 dec until for times remind 1h before the last heute morgen jeden
    fällig ab am 24.12. \#x \tomorrow a,b mon, @"two words"
"""
WORDS = st.sampled_from([*VOCABULARY.split(), '@"two words"'])
LINES = st.one_of(st.lists(WORDS, min_size=1, max_size=14).map(" ".join), st.text(max_size=60))


@given(LINES, st.sampled_from(sorted(LANGUAGES)), st.sampled_from([None, "Europe/Berlin"]))
def test_the_canonical_line_reads_back_to_the_same_task(text: str, language: str, time_zone: str | None) -> None:
    try:
        once = read(text, language=language, time_zone=time_zone)
    except InvalidValue:
        return
    again = read(once.canonical, language=language, time_zone=time_zone)
    assert (again.title, again.values, again.time_of_day) == (once.title, once.values, once.time_of_day)
    assert again.canonical == once.canonical


@given(LINES)
def test_what_was_not_taken_is_the_title(text: str) -> None:
    try:
        found = read(text)
    except InvalidValue:
        return
    rest = text[: found.taken[0].start] if found.taken else text
    assert found.title.replace("\\", "") == rest.strip().replace("\\", "")


def test_the_work_does_not_grow_faster_than_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0
    token = tail._token

    def counted(*args: Any) -> Any:
        nonlocal asked
        asked += 1
        return token(*args)

    monkeypatch.setattr(tail, "_token", counted)
    fed = []
    for length in (250, 500, 1000):
        asked = 0
        read("x " + "mon " * length)
        fed.append(asked)
    assert fed[2] <= 2.5 * fed[1] <= 6.25 * fed[0]
