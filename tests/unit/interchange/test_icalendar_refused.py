"""Calendars that cannot be read, by mistake or on purpose: the place is named, and the rest is read."""

import json
import time
import tracemalloc
from itertools import chain

import pytest

from taskharbor.adapters.interchange.icalendar.format import ICalendarReader
from taskharbor.application.interchange.apply_draft import new_task_of
from taskharbor.application.ports.interchange import TaskDraft, Unreadable
from taskharbor.domain.tasks.changes import TaskChanges
from unit.interchange.files import NOW, draft, drafts, readings, refusal, task, vtodo, written


@pytest.mark.parametrize(
    ("line", "remark"),
    [
        ("DUE:20261301T000000", "line 7 (DUE): does not exist: month must be in 1..12: kept, and not read"),
        ("DUE:20260230", "line 7 (DUE): does not exist: day is out of range for month: kept, and not read"),
        ("DUE:tomorrow", "line 7 (DUE): must be a date such as 20261201, or a date and time such as 20261201T090000"),
        ("DUE;TZID=Mars/Olympus:20261201T090000", "line 7 (DUE): Mars/Olympus is no time zone that is known"),
        ("PRIORITY:10", "line 7 (PRIORITY): must be an integer from 0 to 9: kept, and not read"),
        ("PERCENT-COMPLETE:-5", "line 7 (PERCENT-COMPLETE): must be an integer from 0 to 100: kept, and not read"),
        (f"CATEGORIES:{'x' * 65}", "line 7 (CATEGORIES): a category must have at most 64 characters, has 65: kept"),
        ("DURATION:forever", "line 7 (DURATION): must be an ISO 8601 duration"),
        ("STATUS:X-LATER", "line 4: STATUS X-LATER is not known: read as NEEDS-ACTION"),
        ("RRULE:FREQ=DAILY", "line 7 (RRULE): it has neither DTSTART nor DUE: kept, and not read"),
        (f"COMMENT:{'x' * 10_001}", "line 7 (COMMENT): the comments are too many or too long: kept, and none of them"),
    ],
)
def test_a_value_that_cannot_be_is_left_out_and_goes_out_again(line: str, remark: str):
    found = draft("icalendar", vtodo(line))
    assert [each[: len(remark)] for each in found.remarks] == [remark]
    again = written("icalendar", task("icalendar", vtodo(line)))
    assert f"\r\n{line}\r\n" in again.replace(b"\r\n ", b"").decode()
    assert draft("icalendar", again).foreign == found.foreign


@pytest.mark.parametrize(
    "rule",
    ["FREQ=WEEKLY;COUNT=0;BYDAY=WE", "FREQ=DAILY;COUNT=3;UNTIL=20270101", "FREQ=MINUTELY", "FREQ=DAILY;COUNT=5000"],
)
def test_a_rule_that_cannot_be_taken_goes_out_again_until_the_task_has_one(rule: str):
    found = task("icalendar", vtodo("DTSTART:20260603T090000Z", f"RRULE:{rule}", "EXDATE:20260604T090000Z"))
    assert found.recurrence is None
    assert f"\r\nRRULE:{rule}\r\nEXDATE:20260604T090000Z\r\n" in written("icalendar", found).decode()
    ours = found.change(TaskChanges(recurrence={"rrule": "FREQ=DAILY"}), at=found.updated)
    assert written("icalendar", ours).count(b"\r\nRRULE:") == 1


def test_of_a_due_before_its_start_the_start_is_left_out():
    found = task("icalendar", vtodo("DTSTART;VALUE=DATE:20260202", "DUE;VALUE=DATE:20260101"))
    assert found.start is None
    assert b"\r\nDTSTART;VALUE=DATE:20260202\r\n" in written("icalendar", found)


@pytest.mark.parametrize(
    "line", ["SUMMARY:" + "word " * 120 + "end", "DESCRIPTION:" + "lorem ipsum " * 6_000, "SUMMARY:two\\nlines"]
)
def test_a_text_that_is_too_long_is_cut_and_goes_out_whole(line: str):
    text = vtodo(line).replace("SUMMARY:Test\r\n", "", 1) if line.startswith("SUMMARY") else vtodo(line)
    found = task("icalendar", text)
    again = written("icalendar", found).replace(b"\r\n ", b"").decode()
    assert f"\r\n{line}\r\n" in again
    assert task("icalendar", again) == found
    changed = found.change(TaskChanges(title="new", description="new"), at=found.updated)
    assert line not in written("icalendar", changed).replace(b"\r\n ", b"").decode()


def test_dates_that_are_none_are_left_out_of_a_series_and_those_that_are_too_many():
    days = [f"2026{month:02}{day:02}" for month in range(1, 13) for day in range(1, 29)]
    days += [f"2027{month:02}{day:02}" for month in range(1, 13) for day in range(1, 29)]
    lines = ("DTSTART:20250101", "RRULE:FREQ=DAILY", "EXDATE:" + ",".join(["someday", *days]))
    found = task("icalendar", vtodo(*lines))
    assert found.recurrence is not None
    assert (len(found.recurrence.exdate), found.recurrence.exdate[-1].local) == (500, "2027-12-28")
    again = written("icalendar", found)
    assert b"\r\nEXDATE:someday\r\n" in again
    assert task("icalendar", again).recurrence == found.recurrence


@pytest.mark.parametrize(
    ("text", "place", "reason"),
    [
        ("", "line 1", "there is no calendar in it"),
        ("\x89PNG\r\n\x1a\n", "line 1", "it is not iCalendar"),
        ("BEGIN:VCALENDAR\nEND:VTODO\n", "line 2", "END:VTODO without a BEGIN"),
        ("BEGIN:VCALENDAR\nBEGIN:VTODO\nEND:VTODO\nEND:VCALENDAR\n", "line 2", "the VTODO is empty"),
    ],
)
def test_what_is_no_calendar_is_refused_where_it_goes_wrong(text: str, place: str, reason: str):
    found = refusal("icalendar", text)
    assert found.place == place
    assert found.reason.startswith(reason)


GOOD = ["BEGIN:VTODO", "UID:good", "SUMMARY:good", "END:VTODO"]


@pytest.mark.parametrize(
    ("broken", "remark"),
    [
        (["BEGIN:VTODO", "SUMMARY:b", "BEGIN:VALARM", "END:VTODO"], "line 5: END:VTODO where END:VALARM of line 4 was"),
        (["BEGIN:VTODO", "SUMMARY:b"], "line 4: BEGIN:VTODO before END:VTODO of line 2"),
        (["BEGIN:VTODO", "SUMMARY:b", "END:VEVENT", "END:VTODO"], "line 4: END:VEVENT where END:VTODO of line 2 was"),
        (["BEGIN:VTODO", "SUMMARY:b", *["BEGIN:X"] * 9, *["END:X"] * 9, "END:VTODO"], "line 9: components are nested"),
        (["BEGIN:VTODO", "SUMMARY:b", "no property", "END:VTODO"], "line 4 (NO PROPERTY): is no property"),
        (["BEGIN:VTODO", "SUMMARY:b", *["X-A:1"] * 5_000, "END:VTODO"], "line 5002: the VTODO of line 2 has more than"),
    ],
)
def test_a_broken_part_ends_only_itself(broken: list[str], remark: str):
    one, other = drafts("icalendar", "\n".join(["BEGIN:VCALENDAR", *broken, *GOOD, "END:VCALENDAR"]))
    assert (one.changes.title, other.changes.title) == ("b", "good")
    assert one.remarks[0].startswith(remark)


@pytest.mark.parametrize("broken", [["BEGIN:VEVENT", "BEGIN:VALARM", "END:VEVENT"], ["BEGIN:VEVENT"], ["END:VEVENT"]])
def test_what_is_no_task_may_be_broken(broken: list[str]):
    found = readings("icalendar", "\n".join(["BEGIN:VCALENDAR", *broken, *GOOD, "END:VCALENDAR"]))
    assert [each.changes.title for each in found if isinstance(each, TaskDraft)] == ["good"]


def test_of_a_file_that_breaks_off_the_last_task_is_taken_and_what_is_missing_is_told():
    one, other, flaw = readings("icalendar", "\n".join(["BEGIN:VCALENDAR", *GOOD, "BEGIN:VTODO", "UID:b", "SUMMARY:b"]))
    assert isinstance(one, TaskDraft)
    assert isinstance(other, TaskDraft)
    assert isinstance(flaw, Unreadable)
    assert flaw.reason == "the file ends before END:VTODO of line 6"


def test_a_calendar_bomb_takes_no_more_than_its_first_lines():
    for lines in (["BEGIN:X"] * 100_000, ["BEGIN:VALARM", "END:VALARM"] * 50_000, ["X-A:1"] * 100_000):
        found = draft("icalendar", vtodo(*lines))
        assert len(json.dumps(found.foreign)) < 65_536


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
    found = draft("icalendar", "\r\n".join([*lines[:3], *chain(*zones), *lines[3:]]))
    assert time.monotonic() - started < 5
    assert found.changes.due is None


def test_what_is_too_much_to_keep_is_left_out_and_remarked_on():
    found = readings("icalendar", vtodo(f"X-BIG:{'x' * 20_000}", "X-SMALL:1"))[0]
    assert isinstance(found, TaskDraft)
    assert found.foreign["icalendar"] == {"properties": ["X-SMALL:1"]}
    assert found.remarks == ("line 7 (X-BIG): 20006 characters are too many to keep: left out",)


def test_an_occurrence_without_a_uid_is_a_task_of_its_own_when_it_comes_back():
    data = vtodo("RECURRENCE-ID;VALUE=DATE:20260921").replace("UID:3b9d3c1e-7d0a-4a0c-8f55-0d2f8f3c1a11\r\n", "")
    found = draft("icalendar", data)
    assert found.remarks[1] == "line 6 (RECURRENCE-ID): without a UID it is an occurrence of nothing: left out"
    exported = written("icalendar", new_task_of(found, 1, at=NOW))
    assert draft("icalendar", exported).uid == found.uid


def test_a_uid_with_control_characters_goes_out_without_them_and_is_the_same():
    found = draft("icalendar", vtodo("RECURRENCE-ID;VALUE=DATE:20260921", uid="a\x1bb"))
    exported = written("icalendar", new_task_of(found, 1, at=NOW))
    assert b"UID:ab\r\n" in exported
    assert draft("icalendar", exported).uid == found.uid
