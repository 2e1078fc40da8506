"""What calendar programs write, each in its own way."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.values.calendar_time import AllDay, CalendarTime, Floating, Zoned
from taskharbor.domain.values.uid import uid_named
from unit.interchange.files import draft, drafts, readings, task, vtodo, written

NINE = datetime(2026, 12, 1, 9)  # noqa: DTZ001


def read(*lines: str):
    return task("icalendar", vtodo(*lines))


def kept(*lines: str) -> dict[str, object]:
    return json.loads(dict(read(*lines).foreign)["icalendar"])


@pytest.mark.parametrize(
    ("line", "due"),
    [
        ("DUE;VALUE=DATE:20261201", AllDay(date(2026, 12, 1))),
        ("DUE:20261201", AllDay(date(2026, 12, 1))),
        ("DUE:20261201T090000", Floating(NINE)),
        ("DUE:20261201T090000Z", Zoned(NINE, "UTC")),
        ("DUE;TZID=Europe/Berlin:20261201T090000", Zoned(NINE, "Europe/Berlin")),
        ('DUE;TZID="Europe/Berlin":20261201T090000', Zoned(NINE, "Europe/Berlin")),
        ("DUE;TZID=europe/berlin:20261201T090000", Zoned(NINE, "Europe/Berlin")),
        ("DUE;TZID=/freeassociation.sourceforge.net/Europe/Berlin:20261201T090000", Zoned(NINE, "Europe/Berlin")),
        ("DUE;TZID=/citadel.org/20210210_1/America/New_York:20261201T090000", Zoned(NINE, "America/New_York")),
        ("DUE;TZID=/softwarestudio.org/Tzfile/America/Argentina/Ushuaia:20261201T090000",
         Zoned(NINE, "America/Argentina/Ushuaia")),
        ("DUE;TZID=W. Europe Standard Time:20261201T090000", Zoned(NINE, "Europe/Berlin")),
        ("DUE;TZID=Eastern Standard Time:20261201T090000", Zoned(NINE, "America/New_York")),
        ("DUE;TZID=GMT+0200:20261201T090000", Zoned(NINE, "Etc/GMT-2")),
        ("DUE;TZID=UTC:20261201T090000", Zoned(NINE, "UTC")),
        ("DUE;VALUE=DATE-TIME:20261201T090000", Floating(NINE)),
        ("due:20261201T090000", Floating(NINE)),
    ],
)  # fmt: skip
def test_a_due_keeps_its_kind_and_its_zone(line: str, due: CalendarTime):
    assert read(line).due == due


OWN_ZONE = [
    "BEGIN:VTIMEZONE", "TZID:Customized Time Zone", "BEGIN:STANDARD", "DTSTART:16010101T030000",
    "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "END:STANDARD",
    "BEGIN:DAYLIGHT", "DTSTART:16010101T020000", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0200", "END:DAYLIGHT", "END:VTIMEZONE",
]  # fmt: skip


@pytest.mark.parametrize("zone_comes_first", [True, False])
def test_a_zone_of_their_own_is_known_by_its_rules_wherever_it_stands(zone_comes_first: bool):
    lines = vtodo("DUE;TZID=Customized Time Zone:20261201T090000").split("\r\n")
    place = 3 if zone_comes_first else len(lines) - 2
    text = "\r\n".join([*lines[:place], *OWN_ZONE, *lines[place:]])
    assert draft("icalendar", text).changes.due == Zoned(NINE, "Europe/Berlin")


def test_a_zone_is_known_by_the_location_that_it_names():
    zone = ["BEGIN:VTIMEZONE", "TZID:Work", "X-LIC-LOCATION:Asia/Kolkata", "END:VTIMEZONE"]
    lines = vtodo("DUE;TZID=Work:20261201T090000").split("\r\n")
    assert draft("icalendar", "\r\n".join([*lines[:3], *zone, *lines[3:]])).changes.due == Zoned(NINE, "Asia/Kolkata")


def test_a_duration_in_place_of_a_due_counts_from_the_start():
    found = read("DTSTART;TZID=Europe/Berlin:20261201T090000", "DURATION:P1DT2H")
    assert found.due == Zoned(datetime(2026, 12, 2, 11), "Europe/Berlin")  # noqa: DTZ001
    assert found.estimated_duration is None


@pytest.mark.parametrize("start", [[], ["DTSTART;VALUE=DATE:20261201"]])
def test_a_duration_that_leads_to_no_due_is_how_long_it_takes(start: list[str]):
    found = read(*start, "DURATION:PT2H")
    assert found.due is None
    assert found.estimated_duration is not None
    assert found.estimated_duration.as_json() == "PT2H"


def test_categories_come_in_one_line_or_several_and_may_hold_commas():
    assert read("CATEGORIES:home,garden", "CATEGORIES:with\\, comma", "CATEGORIES:HOME").tags == (
        "garden",
        "home",
        "with, comma",
    )


def test_text_is_unescaped_and_unfolded_even_within_a_character():
    text = vtodo("DESCRIPTION:one\\, two\\; three\\\\n four\\nfive caf\r\n é").encode()
    text = text.replace("é".encode(), b"\xc3\r\n \xa9")
    assert draft("icalendar", text).changes.description == "one, two; three\\n four\nfive café"


@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
@pytest.mark.parametrize("piece", [1, 7, 100_000])
def test_line_breaks_a_byte_order_mark_and_pieces_make_no_difference(line_break: str, piece: int):
    text = "\ufeff" + vtodo("DESCRIPTION:a\r\n b", "PRIORITY:3").replace("\r\n", line_break)
    (found,) = readings("icalendar", text, piece=piece)
    assert found == draft("icalendar", vtodo("DESCRIPTION:a\r\n b", "PRIORITY:3"))


@pytest.mark.parametrize(
    ("lines", "progress", "percent"),
    [
        ([], Progress.NEEDS_ACTION, 0),
        (["STATUS:IN-PROCESS", "PERCENT-COMPLETE:30"], Progress.IN_PROCESS, 30),
        (["STATUS:NEEDS-ACTION", "PERCENT-COMPLETE:30"], Progress.IN_PROCESS, 30),
        (["PERCENT-COMPLETE:100"], Progress.COMPLETED, 100),
        (["COMPLETED:20261101T100000Z"], Progress.COMPLETED, 100),
        (["STATUS:COMPLETED", "PERCENT-COMPLETE:50"], Progress.COMPLETED, 100),
        (["STATUS:COMPLETED"], Progress.COMPLETED, 100),
        (["STATUS:CANCELLED", "PERCENT-COMPLETE:100"], Progress.CANCELLED, 99),
        (["STATUS:IN-PROCESS", "PERCENT-COMPLETE:100"], Progress.IN_PROCESS, 99),
        (["STATUS:completed"], Progress.COMPLETED, 100),
        (["STATUS:X-LATER"], Progress.NEEDS_ACTION, 0),
    ],
)
def test_status_and_percentage_tell_one_story(lines: list[str], progress: Progress, percent: int):
    found = read(*lines)
    assert (found.progress, found.percent_complete) == (progress, percent)


def test_completed_without_a_moment_was_completed_when_it_last_changed():
    found = read("STATUS:COMPLETED", "LAST-MODIFIED:20261101T100000Z")
    assert found.completed == datetime(2026, 11, 1, 10, tzinfo=UTC)


def test_a_comment_is_one_and_comes_out_as_one():
    found = read("COMMENT:first\\nline", "COMMENT:second")
    assert [comment.text for comment in found.comments] == ["first\nline", "second"]
    assert b"COMMENT:first\\nline\r\nCOMMENT:second\r\n" in written("icalendar", found)


def test_parents_and_dependencies_are_named_by_uid():
    found = draft(
        "icalendar",
        vtodo(
            "RELATED-TO:ymv2zg9t2p",
            "RELATED-TO;RELTYPE=DEPENDS-ON:0190B1F4-1234-7ABC-8DEF-0123456789AB",
            "RELATED-TO;RELTYPE=SIBLING:other",
        ),
    )
    assert found.parent == uid_named("ymv2zg9t2p")
    assert found.depends_on == ("0190b1f4-1234-7abc-8def-0123456789ab",)
    assert found.foreign["icalendar"] == {
        "properties": ["RELATED-TO;RELTYPE=SIBLING:other"],
        "names": {uid_named("ymv2zg9t2p"): "ymv2zg9t2p"},
    }


def test_the_url_is_a_link_and_what_is_no_url_is_kept():
    assert read("URL:https://example.org/a?b=c").links == ("https://example.org/a?b=c",)
    assert read("URL:example org").links == ()
    assert kept("URL:example org") == {"properties": ["URL:example org"]}


UNKNOWN = [
    "X-APPLE-SORT-ORDER:545683380",
    'X-STRANGE;X-PARAM="a:b;c,d";LANGUAGE=de:some\\, text;with=all: of it',
    "GEO:37.386013;-122.082932",
    "CLASS:PRIVATE",
    "SEQUENCE:4",
    "ATTACH;FMTTYPE=text/html:https://example.org/x",
    "ATTENDEE;CN=Ann;ROLE=REQ-PARTICIPANT:mailto:ann@example.org",
    "LOCATION:Somewhere\\, over there",
    "REQUEST-STATUS:2.0;Success",
    f"X-LONG:{'äöü' * 60}",
]


def test_unknown_properties_survive_a_round_trip_in_their_order():
    found = read(*UNKNOWN)
    data = written("icalendar", found)
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    text = data.replace(b"\r\n ", b"").decode()
    assert "\r\n".join(UNKNOWN) in text
    assert task("icalendar", data) == found


ALARM = [
    "BEGIN:VALARM", "ACTION:AUDIO", "TRIGGER;RELATED=END:-PT30M", "REPEAT:4", "DURATION:PT5M",
    "ATTACH;FMTTYPE=audio/basic:ftp://example.com/pub/bell.aud", "X-WR-ALARMUID:1", "END:VALARM",
]  # fmt: skip


def test_all_that_an_alarm_says_comes_out_again_while_its_reminder_is_there():
    found = read(*ALARM)
    assert [each.as_json() for each in found.reminders] == [{"offset": "-PT30M", "relativeTo": "due"}]
    assert "\r\n".join(ALARM) in written("icalendar", found).decode()
    assert b"VALARM" not in written("icalendar", replace(found, reminders=()))


@pytest.mark.parametrize(
    "trigger",
    [
        "TRIGGER;VALUE=DATE-TIME:19760401T005545Z",
        "ACTION:NONE\r\nTRIGGER:-PT15M",
        "X-APPLE-PROXIMITY:DEPART\r\nTRIGGER:-PT0M",
        "TRIGGER:soon",
        "DESCRIPTION:no trigger",
    ],
)
def test_an_alarm_that_goes_off_at_no_time_is_kept_and_is_no_reminder(trigger: str):
    found = read("BEGIN:VALARM", trigger, "END:VALARM")
    assert found.reminders == ()
    assert f"BEGIN:VALARM\r\n{trigger}\r\nEND:VALARM" in written("icalendar", found).decode()


def test_the_uid_of_another_program_goes_out_as_it_came():
    upper = task("icalendar", vtodo(uid="31FC53CE-71A0-4AE1-8371-822B8DC4ECD9"))
    assert upper.uid == "31fc53ce-71a0-4ae1-8371-822b8dc4ecd9"
    assert b"\r\nUID:31FC53CE-71A0-4AE1-8371-822B8DC4ECD9\r\n" in written("icalendar", upper)
    other = task("icalendar", vtodo(uid="20070313T123432Z-456553@example.com"))
    assert other.uid == uid_named("20070313T123432Z-456553@example.com")
    assert b"\r\nUID:20070313T123432Z-456553@example.com\r\n" in written("icalendar", other)


def test_a_task_without_uid_gets_the_same_one_each_time():
    text = vtodo("PRIORITY:1").replace("UID:3b9d3c1e-7d0a-4a0c-8f55-0d2f8f3c1a11\r\n", "")
    stamped = text.replace("PRIORITY", "DTSTAMP:20261101T000000Z\r\nPRIORITY")
    assert draft("icalendar", text).uid == draft("icalendar", stamped).uid
    assert draft("icalendar", text).uid != draft("icalendar", text.replace("PRIORITY:1", "PRIORITY:2")).uid


def test_an_occurrence_of_its_own_is_another_task_than_its_master():
    master, occurrence = drafts(
        "icalendar",
        vtodo("RRULE:FREQ=DAILY", "DTSTART:20261201T090000").replace("END:VCALENDAR\r\n", "")
        + vtodo("RECURRENCE-ID:20261202T090000", "STATUS:COMPLETED").split("PRODID:-//Test//EN\r\n")[1],
    )
    assert master.uid != occurrence.uid
    assert occurrence.changes.progress is Progress.COMPLETED


@pytest.mark.parametrize(
    ("line", "title"),
    [("SUMMARY:a\\nb", "a b"), ("SUMMARY: a\tb ", "a b"), ("SUMMARY:", "Untitled"), ("SUMMARY;LANGUAGE=de:Ä", "Ä")],
)
def test_a_summary_makes_a_title(line: str, title: str):
    assert draft("icalendar", vtodo().replace("SUMMARY:Test", line)).changes.title == title


def test_what_is_no_task_is_passed_over():
    event = "BEGIN:VEVENT\r\nUID:1\r\nBEGIN:VALARM\r\nTRIGGER:-PT1M\r\nEND:VALARM\r\nEND:VEVENT\r\n"
    text = vtodo().replace("BEGIN:VTODO", f"{event}BEGIN:VTODO")
    passed, found = readings("icalendar", text)
    assert (passed.place, passed.reason) == ("line 4", "a VEVENT is no task")
    assert found.place == "line 10"


def test_the_name_of_the_calendar_is_the_list_unless_the_task_says_another():
    named = vtodo().replace("BEGIN:VTODO", "X-WR-CALNAME:Errands\\, small\r\nBEGIN:VTODO")
    assert draft("icalendar", named).list_name == "Errands, small"
    own = named.replace("SUMMARY", "X-TASKHARBOR-LIST:Work\r\nSUMMARY")
    assert draft("icalendar", own).list_name == "Work"


def test_a_line_that_says_nothing_is_left_out_and_remarked_on():
    found = draft("icalendar", vtodo("this is not a property", "PRIORITY:2"))
    assert found.changes.priority == 2
    assert found.remarks[0].startswith("line 7 (THIS IS NOT A PROPERTY): is no property")


def test_dates_that_are_added_and_left_out_are_read_in_the_form_of_the_series():
    found = read(
        "DTSTART;TZID=Europe/Berlin:20261201T090000",
        "RRULE:FREQ=DAILY;COUNT=10",
        "RDATE;TZID=Europe/Berlin:20270101T090000,20270102T090000",
        "EXDATE:20261203T080000Z",
        "EXDATE;VALUE=DATE:20261204",
    )
    assert found.recurrence is not None
    assert [each.local for each in found.recurrence.rdate] == ["2027-01-01T09:00:00", "2027-01-02T09:00:00"]
    assert [each.local for each in found.recurrence.exdate] == ["2026-12-03T09:00:00", "2026-12-04T09:00:00"]
    assert task("icalendar", written("icalendar", found)).recurrence == found.recurrence


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=DAILY;COUNT=99999999", "FREQ=OFTEN", "x" * 20_000])
def test_a_rule_made_to_be_expensive_is_left_out(rule: str):
    assert read("DTSTART:20261201T090000", f"RRULE:{rule}").recurrence is None
