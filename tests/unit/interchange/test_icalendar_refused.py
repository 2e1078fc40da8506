"""Calendars that cannot be read, by mistake or on purpose: the place is named, and the rest is read."""

import time
import tracemalloc
from itertools import chain

import pytest

from taskharbor.adapters.interchange.icalendar.format import ICalendarReader
from taskharbor.application.ports.interchange import TaskDraft, Unreadable
from taskharbor.domain.errors import InvalidValue
from unit.interchange.files import readings, refusal, task, vtodo


@pytest.mark.parametrize(
    ("line", "place", "reason"),
    [
        ("DUE:20261301T000000", "line 7 (DUE)", "does not exist: month must be in 1..12"),
        ("DUE:20260230", "line 7 (DUE)", "does not exist: day is out of range for month"),
        ("DUE:tomorrow", "line 7 (DUE)", "must be a date such as 20261201"),
        ("DUE;TZID=Mars/Olympus:20261201T090000", "line 7 (DUE)", "Mars/Olympus is no time zone that is known"),
        ("PRIORITY:10", "line 7 (PRIORITY)", "must be an integer from 0 to 9"),
        ("PRIORITY:high", "line 7 (PRIORITY)", "must be an integer from 0 to 9"),
        ("PERCENT-COMPLETE:-5", "line 7 (PERCENT-COMPLETE)", "must be an integer from 0 to 100"),
        (f"CATEGORIES:{'x' * 65}", "line 7 (CATEGORIES)", "a category must have at most 64 characters, has 65"),
        ("DURATION:forever", "line 7 (DURATION)", "must be an ISO 8601 duration"),
        (f"DESCRIPTION:{'x' * 2_000_000}", "line 7 (DESCRIPTION)", "has more than 524288 bytes"),
    ],
)
def test_a_value_that_cannot_be_is_named_with_its_line(line: str, place: str, reason: str):
    found = refusal("icalendar", vtodo(line))
    assert (found.place, found.reason[: len(reason)]) == (place, reason)


def test_a_description_that_is_too_long_for_a_task_is_refused_by_the_task():
    with pytest.raises(InvalidValue, match="description: must have at most 65536 characters"):
        task("icalendar", vtodo(f"DESCRIPTION:{'x' * 65_537}"))


def test_the_rest_of_the_file_is_read():
    text = vtodo("DUE:20261301") + vtodo("PRIORITY:1")
    bad, good = readings("icalendar", text)
    assert isinstance(bad, Unreadable)
    assert isinstance(good, TaskDraft)


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("", "line 1", "there is no calendar in it"),
        ("\x89PNG\r\n\x1a\n", "line 1", "it is not iCalendar"),
        ("BEGIN:VCALENDAR\nBEGIN:VTODO\nSUMMARY:x\n", "line 3", "the file ends before END:VTODO of line 2"),
        ("BEGIN:VCALENDAR\nBEGIN:VTODO\nEND:VEVENT\n", "line 3", "END:VEVENT where END:VTODO of line 2 was due"),
        ("BEGIN:VCALENDAR\nEND:VTODO\n", "line 2", "END:VTODO without a BEGIN"),
        ("BEGIN:VCALENDAR\nBEGIN:VTODO\nEND:VTODO\nEND:VCALENDAR\n", "line 2", "the VTODO is empty"),
    ],
)
def test_what_is_no_calendar_is_refused_where_it_goes_wrong(text: str, place: str, reason: str):
    found = refusal("icalendar", text)
    assert found.place == place
    assert found.reason.startswith(reason)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("BEGIN:VCALENDAR\n" + "BEGIN:VTODO\n" * 100_000, "components are nested more than 6 deep"),
        (vtodo(*["BEGIN:VALARM", "END:VALARM"] * 100_000), "the VTODO of line 4 has more than 5000 lines"),
        (vtodo(*["X-A:1"] * 100_000), "the VTODO of line 4 has more than 5000 lines"),
    ],
)  # fmt: skip
def test_a_calendar_bomb_is_refused(text: str, reason: str):
    found = refusal("icalendar", text)
    assert found.reason == reason
    assert found.place.startswith("line ")


def test_a_line_without_end_takes_no_memory():
    def pieces():
        yield b"BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nDESCRIPTION:"
        yield from (b"x" * 65_536 for _ in range(800))

    reader = ICalendarReader()
    tracemalloc.start()
    try:
        found = [each for piece in pieces() for each in reader.feed(piece)]
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()
    found += reader.end()
    assert isinstance(found[-1], Unreadable)


def test_a_zone_whose_rules_are_made_to_be_expensive_is_not_evaluated():
    rule = ["BEGIN:STANDARD", "DTSTART:16010101T000000", "RRULE:FREQ=SECONDLY", "TZOFFSETFROM:+0100",
            "TZOFFSETTO:+0100", "END:STANDARD"]  # fmt: skip
    zones = [["BEGIN:VTIMEZONE", f"TZID:Z{number}", *rule, "END:VTIMEZONE"] for number in range(300)]
    lines = vtodo("DUE;TZID=Z7:20261201T090000").split("\r\n")
    started = time.monotonic()
    found = refusal("icalendar", "\r\n".join([*lines[:3], *chain(*zones), *lines[3:]]))
    assert time.monotonic() - started < 5
    assert found.reason == "Z7 is no time zone that is known, nor are the rules of its VTIMEZONE"


def test_what_is_too_much_to_keep_is_left_out_and_remarked_on():
    found = readings("icalendar", vtodo(f"X-BIG:{'x' * 20_000}", "X-SMALL:1"))[0]
    assert isinstance(found, TaskDraft)
    assert found.foreign["icalendar"] == {"properties": ["X-SMALL:1"]}
    assert found.remarks == ("line 7 (X-BIG): 20006 characters are too many to keep: left out",)
