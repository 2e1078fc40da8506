"""Lines of a calendar that end in all kinds of ways, and values in all their spellings."""

import pytest

from taskharbor.adapters.interchange.icalendar.components import MAX_LINES_BEFORE
from taskharbor.application.ports.interchange import TaskDraft, Unreadable
from unit.interchange.files import drafts, readings, refusal, task
from unit.interchange.odd_calendars import alarm, calendar, todo

TWO = calendar(todo("a", "SUMMARY:one", "DESCRIPTION:more"), todo("b", "SUMMARY:two"))


def titles(data: bytes, piece: int = 1 << 16) -> list[str]:
    return [str(each.changes.title) for each in readings("icalendar", data, piece=piece) if isinstance(each, TaskDraft)]


@pytest.mark.parametrize("piece", [1, 7, 1 << 16])
@pytest.mark.parametrize(
    "ends", [("\r\n", "\n", "\r"), ("\n", "\r"), ("\r", "\n"), ("\r", "\r\n"), ("\n", "\n", "\n", "\r", "\r\r", "\r")]
)
def test_lines_may_end_in_different_ways_in_one_file(ends: tuple[str, ...], piece: int):
    lines = TWO.split("\n")
    data = "".join(line + ends[place % len(ends)] for place, line in enumerate(lines)).encode()
    assert titles(data, piece) == ["one", "two"]


def test_a_return_in_a_text_is_no_end_of_a_line_unless_a_property_follows():
    made = task("icalendar", calendar(todo("a", "SUMMARY:one", "DESCRIPTION:first\rsecond: third\rSTATUS:COMPLETED")))
    assert (made.description, made.is_completed) == ("first\rsecond: third", True)


@pytest.mark.parametrize("before", ["From: ann\nContent-Type: text/calendar\n\n", "garbage\n", "\x00\n", "<html>:x\n"])
def test_what_stands_before_a_calendar_ends_only_itself(before: str):
    found = readings("icalendar", before + TWO)
    (refused,) = (each for each in found if isinstance(each, Unreadable))
    assert (refused.place, refused.is_last) == ("line 1", False)
    assert titles((before + TWO).encode()) == ["one", "two"]


def test_of_a_file_that_does_not_become_a_calendar_no_more_is_read():
    before = "x\n" * (MAX_LINES_BEFORE + 1)
    assert refusal("icalendar", before + TWO).is_last
    assert refusal("icalendar", "x\ny\n").place == "line 1"


def test_dates_times_and_durations_may_be_in_lower_case():
    remind = alarm("trigger;related=end:-pt15m", "action:display")
    lines = ("summary:one", "dtstart;tzid=Europe/Berlin:20261201t090000", "duration:pt1h", "created:20260101t000000z")
    made = task("icalendar", calendar(todo("a", *lines, remind)).lower().replace("europe/berlin", "Europe/Berlin"))
    assert made.due is not None
    assert made.due.as_json() == {"localDateTime": "2026-12-01T10:00:00", "timeZone": "Europe/Berlin"}
    assert [each.as_json() for each in made.reminders] == [{"offset": "-PT15M", "relativeTo": "due"}]
    assert made.created.year == 2026


@pytest.mark.parametrize("offset", ["+2400", "+9999", "-0060", "+010060", "+1", "01:00"])
def test_an_offset_beyond_a_day_defines_no_zone(offset: str):
    begin = "\n".join(["BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+0100", f"TZOFFSETTO:{offset}"])
    zone = f"BEGIN:VTIMEZONE\nTZID:Odd\n{begin}\nEND:STANDARD\nEND:VTIMEZONE"
    (draft,) = drafts("icalendar", calendar(zone, todo("a", "SUMMARY:one", "DUE;TZID=Odd:20261201T090000")))
    assert draft.changes.due is None
    assert "Odd is no time zone that is known" in draft.remarks[0]


def test_blanks_around_a_title_are_not_worth_a_word():
    (draft,) = drafts("icalendar", calendar(todo("a", "SUMMARY:  one ")))
    assert (draft.changes.title, draft.remarks) == ("one", ())
