"""A VTIMEZONE defines its TZID: RFC 5545 section 3.6.5, 3.2.19."""

import io
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical
from icalendar import Calendar

from taskharbor.adapters.interchange.icalendar.zone_description import described_zone
from taskharbor.domain.values.calendar_time import Zoned
from taskharbor.domain.values.time_zone import zone
from unit.interchange.files import draft, task, vtodo, written


def part(kind: str, start: str, before: str, after: str, *more: str) -> list[str]:
    lines = [f"DTSTART:{start}", f"TZOFFSETFROM:{before}", f"TZOFFSETTO:{after}", *more]
    return [f"BEGIN:{kind}", *lines, f"END:{kind}"]


ONE_YEAR = [
    *part("DAYLIGHT", "20260329T020000", "+0100", "+0200"),
    *part("STANDARD", "20261025T030000", "+0200", "+0100"),
]
DATES = [
    *part("STANDARD", "20191027T030000", "+0200", "+0100", "RDATE:20201025T030000"),
    *part("DAYLIGHT", "20190331T020000", "+0100", "+0200", "RDATE:20200329T020000", "RDATE:20210328T020000"),
]
UNTIL = "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;UNTIL=20240331T010000Z"
ENDED = [
    *part("DAYLIGHT", "20200329T020000", "+0100", "+0200", UNTIL),
    *part(
        "STANDARD",
        "20201025T030000",
        "+0200",
        "+0100",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU;UNTIL=20241027T010000Z",
    ),
]
BERLIN = [
    *part("DAYLIGHT", "19810329T020000", "+0100", "+0200", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU"),
    *part("STANDARD", "19961027T030000", "+0200", "+0100", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"),
]
CASES = [
    ("Own", ONE_YEAR, "20260710T100000", "2026-07-10T08:00"),
    ("Own", ONE_YEAR, "20270710T100000", "2027-07-10T09:00"),  # its last onset was that of the winter
    ("Own", DATES, "20200110T100000", "2020-01-10T09:00"),
    ("Own", ENDED, "20220715T100000", "2022-07-15T08:00"),
    ("Own", part("STANDARD", "19700101T000000", "-0700", "-0700"), "20210715T100000", "2021-07-15T17:00"),
    ("Own", part("STANDARD", "19700101T000000", "+1300", "+1300"), "20191215T100000", "2019-12-14T21:00"),
    ("Own", part("STANDARD", "19700101T000000", "+0017", "+0017"), "20210715T100000", "2021-07-15T09:43"),
    ("Own", BERLIN, "21230715T100000", "2123-07-15T08:00"),
    ("Own", BERLIN, "20260329T023000", "2026-03-29T01:30"),  # skipped: the offset from before
    ("Own", BERLIN, "20261025T023000", "2026-10-25T00:30"),  # twice: the first
    ("Europe/Berlin", part("STANDARD", "19700101T000000", "-0500", "-0500"), "20260715T100000", "2026-07-15T15:00"),
    ("America/New_York", BERLIN, "20260715T100000", "2026-07-15T08:00"),
    ("Eastern Standard Time", BERLIN, "20260715T100000", "2026-07-15T08:00"),
    ("Europe/Berlin", BERLIN, "19600715T100000", "1960-07-15T09:00"),  # of which its VTIMEZONE says nothing
    ("Europe/Berlin", part("STANDARD", "x", "+0100", "+0100"), "20260715T100000", "2026-07-15T08:00"),
]


@pytest.mark.parametrize("zone_comes_first", [True, False])
@pytest.mark.parametrize(("tzid", "rules", "due", "instant"), CASES)
def test_a_time_is_the_instant_that_its_vtimezone_makes_it(tzid, rules, due, instant, zone_comes_first):
    lines = vtodo(f'DUE;TZID="{tzid}":{due}').split("\r\n")
    place = 3 if zone_comes_first else len(lines) - 2
    text = "\r\n".join([*lines[:place], "BEGIN:VTIMEZONE", f"TZID:{tzid}", *rules, "END:VTIMEZONE", *lines[place:]])
    found = draft("icalendar", text).changes.due
    assert isinstance(found, Zoned)
    assert found.utc.isoformat()[:16] == instant


def test_a_name_that_agrees_is_kept():
    lines = vtodo("DUE;TZID=Europe/Vienna:20260715T100000").split("\r\n")
    text = "\r\n".join([*lines[:3], "BEGIN:VTIMEZONE", "TZID:Europe/Vienna", *BERLIN, "END:VTIMEZONE", *lines[3:]])
    assert draft("icalendar", text).changes.due == Zoned(datetime(2026, 7, 15, 10), "Europe/Vienna")  # noqa: DTZ001


YEARS = (1971, 1985, 1996, 2007, 2026, 2037, 2038, 2060, 2088)
PROBES = [datetime(year, month, day, 12) for year in YEARS for month in range(1, 13) for day in (5, 27)]  # noqa: DTZ001


@pytest.mark.parametrize(
    "name",
    ["Europe/Berlin", "America/New_York", "Europe/Dublin", "America/Santiago", "Asia/Jerusalem", "Africa/Casablanca",
     "Australia/Lord_Howe", "America/Nuuk", "Africa/Cairo", "Africa/Monrovia", "UTC"],
)  # fmt: skip
def test_other_libraries_read_the_zones_that_are_written(name: str):
    described = described_zone(name).decode()
    theirs, ours = tzical(io.StringIO(described)).get(), zone(name)
    assert [theirs.utcoffset(probe) for probe in PROBES] == [ours.utcoffset(probe) for probe in PROBES]


@pytest.mark.parametrize("name", ["Europe/Berlin", "America/New_York", "America/Santiago", "Asia/Jerusalem"])
def test_a_rule_that_goes_on_has_no_end(name: str):
    described = described_zone(name).decode()
    assert described.count("RRULE:FREQ=YEARLY") == 2
    assert "RDATE:2037" not in described
    later = datetime(2150, 7, 1, 12)  # noqa: DTZ001
    assert tzical(io.StringIO(described)).get().utcoffset(later) == ZoneInfo(name).utcoffset(later)


def test_onsets_are_those_of_the_zone_by_the_second():
    found = task("icalendar", vtodo("DUE;TZID=Europe/Berlin:20260329T015959"))
    (described,) = Calendar.from_ical(written("icalendar", found)).walk("VTIMEZONE")
    theirs = described.to_tz(lookup_tzid=False)
    for wall in (datetime(2026, 3, 29, 1, 59, 59), datetime(2026, 3, 29, 3), datetime(2026, 10, 25, 3)):  # noqa: DTZ001
        assert wall.replace(tzinfo=theirs).astimezone(UTC) == wall.replace(tzinfo=zone("Europe/Berlin")).astimezone(UTC)


@pytest.mark.parametrize(
    "rule",
    ["FREQ=YEARLYBYMONTH=9;BYDAY=-1SU", "FREQ=YEARLY;BYMONTH=11E99", "FREQ=YEARLY;BYMONTH=13;BYDAY=1SU", "FREQ="],
)
def test_a_zone_with_a_rule_that_is_none_leaves_the_task_its_time(rule: str):
    odd = part("DAYLIGHT", "19810329T020000", "+0100", "+0200", f"RRULE:{rule}")
    lines = ["BEGIN:VTIMEZONE", "TZID:Europe/Berlin", *odd, "END:VTIMEZONE"]
    todo = ["BEGIN:VTODO", "UID:a", "SUMMARY:Test", "DTSTART;TZID=Europe/Berlin:20260710T100000", "END:VTODO"]
    data = "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *lines, *todo, "END:VCALENDAR", ""])
    assert task("icalendar", data.encode()).title == "Test"


@pytest.mark.parametrize(
    ("rule", "is_named"),
    [
        ("FREQ=MONTHLY", False),
        ("FREQ=WEEKLY;COUNT=40", False),
        ("FREQ=DAILY;INTERVAL=90;COUNT=4", False),
        ("FREQ=DAILY;UNTIL=20270601T120000Z", False),
        ("FREQ=WEEKLY;COUNT=4", True),
        ("FREQ=DAILY;UNTIL=20261224", True),
        ("FREQ=YEARLY", True),
        ("FREQ=MONTHLY;INTERVAL=9999;COUNT=9999", True),
        ("FREQ=NONSENSE;COUNT=0", True),
    ],
)
def test_a_zone_agrees_also_in_the_course_of_a_series(rule: str, is_named: bool):
    always = part("STANDARD", "19700101T000000", "+0100", "+0100")
    lines = ["BEGIN:VTIMEZONE", "TZID:Europe/Berlin", *always, "END:VTIMEZONE"]
    todo = vtodo("DTSTART;TZID=Europe/Berlin:20261201T120000", f"RRULE:{rule}").split("\r\n")
    start = draft("icalendar", "\r\n".join([*todo[:3], *lines, *todo[3:]])).changes.start
    assert (start.time_zone == "Europe/Berlin") is is_named
    assert zone(start.time_zone).utcoffset(datetime(2026, 12, 1, 12)) == timedelta(hours=1)  # noqa: DTZ001
    assert is_named or zone(start.time_zone).utcoffset(datetime(2027, 7, 1, 12)) == timedelta(hours=1)  # noqa: DTZ001
