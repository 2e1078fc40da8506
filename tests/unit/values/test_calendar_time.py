"""`start` and `due`: three kinds, never converted into one another."""

from datetime import UTC, date, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.values.calendar_time import (
    AllDay,
    CalendarTime,
    Floating,
    Zoned,
    calendar_time_from,
    is_due_before_start,
)
from taskharbor.domain.values.time_zone import known_time_zones

zones = st.sampled_from(sorted(known_time_zones()))
walls = st.datetimes().map(lambda wall: wall.replace(microsecond=0))
all_days = st.builds(AllDay, st.dates())
floatings = st.builds(Floating, walls)
zoneds = st.builds(Zoned, walls, zones)
calendar_times = st.one_of(all_days, floatings, zoneds)


def zoned(local, time_zone):
    return calendar_time_from("due", {"localDateTime": local, "timeZone": time_zone})


def floating(local):
    return calendar_time_from("due", {"localDateTime": local})


def all_day(day):
    return calendar_time_from("due", {"date": day})


@pytest.mark.parametrize(
    ("wire", "kind"),
    [
        ({"date": "2026-12-01"}, AllDay),
        ({"localDateTime": "2026-12-01T09:00:00"}, Floating),
        ({"localDateTime": "2026-12-01T09:00:00", "timeZone": "Europe/Berlin"}, Zoned),
        ({"localDateTime": "2026-12-01T09:00:00", "timeZone": "UTC"}, Zoned),
        ({"date": "2024-02-29"}, AllDay),
        ({"date": "0001-01-01"}, AllDay),
        ({"localDateTime": "9999-12-31T23:59:59"}, Floating),
    ],
)
def test_the_members_tell_the_kind_and_come_back_as_they_were(wire, kind):
    moment = calendar_time_from("due", wire)

    assert type(moment) is kind
    assert moment.as_json() == wire


@given(calendar_times)
def test_every_calendar_time_survives_a_round_trip(moment):
    assert calendar_time_from("due", moment.as_json()) == moment


def test_there_are_just_three_kinds():
    assert set(get_args(CalendarTime)) == {AllDay, Floating, Zoned}


@pytest.mark.parametrize(
    ("wire", "place"),
    [
        (None, "due"),
        ("2026-12-01", "due"),
        ([], "due"),
        ({}, "due"),
        ({"timeZone": "Europe/Berlin"}, "due"),
        ({"date": "2026-12-01", "timeZone": "Europe/Berlin"}, "due.timeZone"),
        ({"date": "2026-12-01", "localDateTime": "2026-12-01T00:00:00"}, "due.localDateTime"),
        ({"date": "2026-12-01", "time": "09:00"}, "due.time"),
        ({"localDateTime": "2026-12-01T09:00:00", "timezone": "UTC"}, "due.timezone"),
        ({"date": "2026-12-01", 5: 5}, "due.5"),
        ({"date": None}, "due.date"),
        ({"date": 20261201}, "due.date"),
        ({"date": ""}, "due.date"),
        ({"date": "2026-02-29"}, "due.date"),
        ({"date": "2026-02-30"}, "due.date"),
        ({"date": "2026-13-01"}, "due.date"),
        ({"date": "2026-00-01"}, "due.date"),
        ({"date": "0000-01-01"}, "due.date"),
        ({"date": "10000-01-01"}, "due.date"),
        ({"date": "-2026-01-01"}, "due.date"),
        ({"date": "20261201"}, "due.date"),
        ({"date": "2026-W49-2"}, "due.date"),
        ({"date": "2026-12-1"}, "due.date"),
        ({"date": "2026-12-01T00:00:00"}, "due.date"),
        ({"date": " 2026-12-01"}, "due.date"),
        ({"date": "2026-12-01\n"}, "due.date"),
        ({"date": "\uff12\uff10\uff12\uff16-12-01"}, "due.date"),
        ({"localDateTime": "2026-12-01"}, "due.localDateTime"),
        ({"localDateTime": "2026-12-01T24:00:00"}, "due.localDateTime"),
        ({"localDateTime": "2016-12-31T23:59:60"}, "due.localDateTime"),
        ({"localDateTime": "2026-12-01T09:60:00"}, "due.localDateTime"),
        ({"localDateTime": "2026-12-01T09:00"}, "due.localDateTime"),
        ({"localDateTime": "2026-12-01T09:00:00.5"}, "due.localDateTime"),
        ({"localDateTime": "2026-12-01T09:00:00Z"}, "due.localDateTime"),
        ({"localDateTime": "2026-12-01T09:00:00+01:00"}, "due.localDateTime"),
        ({"localDateTime": "2026-12-01 09:00:00"}, "due.localDateTime"),
        ({"localDateTime": "2026-12-01t09:00:00"}, "due.localDateTime"),
        ({"localDateTime": "0000-12-01T09:00:00"}, "due.localDateTime"),
        ({"localDateTime": "2026-12-01T09:00:00", "timeZone": None}, "due.timeZone"),
        ({"localDateTime": "2026-12-01T09:00:00", "timeZone": ""}, "due.timeZone"),
        ({"localDateTime": "2026-12-01T09:00:00", "timeZone": "Europe"}, "due.timeZone"),
        ({"localDateTime": "2026-12-01T09:00:00", "timeZone": "Europe/Atlantis"}, "due.timeZone"),
        ({"localDateTime": "2026-12-01T09:00:00", "timeZone": "europe/berlin"}, "due.timeZone"),
        ({"localDateTime": "2026-12-01T09:00:00", "timeZone": "../../etc/passwd"}, "due.timeZone"),
        ({"localDateTime": "2026-12-01T09:00:00", "timeZone": "/etc/localtime"}, "due.timeZone"),
        ({"localDateTime": "2026-12-01T09:00:00", "timeZone": "localtime"}, "due.timeZone"),
        ({"localDateTime": "2026-12-01T09:00:00", "timeZone": "right/UTC"}, "due.timeZone"),
        ({"localDateTime": "2026-12-01T09:00:00", "timeZone": "UTC\0"}, "due.timeZone"),
        ({"localDateTime": "2026-12-01T09:00:00", "timeZone": "x/" * 3000 + "y"}, "due.timeZone"),
        ({"localDateTime": "2026-12-01T09:00:00", "timeZone": "+01:00"}, "due.timeZone"),
    ],
)
def test_what_is_no_calendar_time_is_refused_with_its_place(wire, place):
    with pytest.raises(InvalidValue) as refused:
        calendar_time_from("due", wire)

    assert refused.value.field == place


def test_an_error_repeats_no_more_than_a_little_of_what_was_sent():
    with pytest.raises(InvalidValue) as refused:
        calendar_time_from("due", {"x" * 1_000_000: 1})

    assert len(str(refused.value)) < 200


@pytest.mark.parametrize(
    ("local", "time_zone", "instant"),
    [
        ("2026-12-01T09:00:00", "UTC", "2026-12-01T09:00:00"),
        ("2026-12-01T09:00:00", "Europe/Berlin", "2026-12-01T08:00:00"),
        ("2026-07-01T09:00:00", "Europe/Berlin", "2026-07-01T07:00:00"),
        # The examples of RFC 5545 section 3.3.5: skipped, and shown twice.
        ("2007-03-11T02:30:00", "America/New_York", "2007-03-11T07:30:00"),
        ("2007-11-04T01:30:00", "America/New_York", "2007-11-04T05:30:00"),
        ("2026-03-29T02:00:00", "Europe/Berlin", "2026-03-29T01:00:00"),
        ("2026-03-29T02:30:00", "Europe/Berlin", "2026-03-29T01:30:00"),
        ("2026-03-29T03:00:00", "Europe/Berlin", "2026-03-29T01:00:00"),
        ("2026-10-25T02:30:00", "Europe/Berlin", "2026-10-25T00:30:00"),
        ("2026-10-25T03:00:00", "Europe/Berlin", "2026-10-25T02:00:00"),
        # Half an hour only: 10:30 becomes 11, and 11 becomes 10:30.
        ("2026-10-04T02:15:00", "Australia/Lord_Howe", "2026-10-03T15:45:00"),
        ("2026-04-05T01:45:00", "Australia/Lord_Howe", "2026-04-04T14:45:00"),
        # A whole day was skipped when Samoa changed sides.
        ("2011-12-29T23:59:59", "Pacific/Apia", "2011-12-30T09:59:59"),
        ("2011-12-30T12:00:00", "Pacific/Apia", "2011-12-30T22:00:00"),
        ("2011-12-31T00:00:00", "Pacific/Apia", "2011-12-30T10:00:00"),
    ],
)
def test_a_zoned_time_is_the_instant_that_rfc_5545_says(local, time_zone, instant):
    assert zoned(local, time_zone).utc == datetime.fromisoformat(instant).replace(tzinfo=UTC)


@given(zoneds, zones, zones)
def test_a_zoned_time_is_the_same_instant_for_every_viewer(moment, one, other):
    assert moment.starts(one) == moment.starts(other) == moment.ends(other) == moment.utc


@given(walls, zones)
def test_a_floating_time_is_read_on_the_clock_of_the_viewer(wall, viewer):
    assert Floating(wall).starts(viewer) == Floating(wall).ends(viewer) == Zoned(wall, viewer).utc


@given(calendar_times, zones)
def test_every_instant_is_in_utc_even_at_the_ends_of_the_calendar(moment, viewer):
    assert moment.starts(viewer).utcoffset() == moment.ends(viewer).utcoffset() == timedelta(0)
    assert moment.starts(viewer) <= moment.ends(viewer)


def test_an_all_day_date_lasts_from_midnight_to_midnight_of_the_viewer():
    day = all_day("2026-12-01")

    assert day.starts("Pacific/Kiritimati") == datetime(2026, 11, 30, 10, tzinfo=UTC)
    assert day.ends("Pacific/Kiritimati") == datetime(2026, 12, 1, 10, tzinfo=UTC)
    assert day.starts("Etc/GMT+12") == datetime(2026, 12, 1, 12, tzinfo=UTC)
    assert day.ends("Etc/GMT+12") == datetime(2026, 12, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "viewer", "hours"),
    [
        ("2026-03-29", "Europe/Berlin", 23),
        ("2026-10-25", "Europe/Berlin", 25),
        ("2026-10-04", "Australia/Lord_Howe", 23.5),
        ("2018-11-04", "America/Sao_Paulo", 23),  # it began at 01:00
        ("2011-12-30", "Pacific/Apia", 0),  # there was no such day
    ],
)
def test_an_all_day_date_is_as_long_as_that_day_was(day, viewer, hours):
    moment = all_day(day)

    assert moment.ends(viewer) - moment.starts(viewer) == timedelta(hours=hours)


@given(st.dates(date(1900, 1, 2), date(2100, 1, 1)), zones)
def test_an_all_day_date_is_over_when_the_next_begins(day, viewer):
    assert AllDay(day).ends(viewer) == AllDay(day + timedelta(days=1)).starts(viewer)


@given(st.one_of(st.tuples(all_days, all_days), st.tuples(floatings, floatings)))
def test_local_text_sorts_within_a_kind(pair):
    one, other = pair

    assert (one.local < other.local) == is_due_before_start(one, other)


@given(walls, walls)
def test_local_text_sorts_times_of_one_zone_without_changes(one, other):
    assert (Zoned(one, "UTC").local < Zoned(other, "UTC").local) == (Zoned(one, "UTC").utc < Zoned(other, "UTC").utc)


@pytest.mark.parametrize(
    ("due", "start", "is_before"),
    [
        (all_day("2026-12-01"), all_day("2026-12-01"), False),
        (all_day("2026-12-01"), all_day("2026-12-02"), True),
        (zoned("2026-12-01T09:00:00", "Europe/Berlin"), zoned("2026-12-01T09:00:00", "Europe/Berlin"), False),
        (zoned("2026-12-01T09:00:00", "Asia/Tokyo"), zoned("2026-12-01T08:00:00", "Europe/Berlin"), True),
        (zoned("2026-12-01T08:00:00", "Europe/Berlin"), zoned("2026-12-01T09:00:00", "Asia/Tokyo"), False),
        (floating("2026-12-01T08:00:00"), floating("2026-12-01T09:00:00"), True),
        (floating("2026-12-01T09:00:00"), zoned("2026-12-01T09:00:00", "Asia/Tokyo"), False),
        (floating("2026-12-01T08:59:59"), zoned("2026-12-01T09:00:00", "Asia/Tokyo"), True),
        (all_day("2026-12-01"), zoned("2026-12-01T23:59:59", "Pacific/Kiritimati"), False),
        (all_day("2026-12-01"), zoned("2026-12-02T00:00:00", "Pacific/Kiritimati"), True),
        (zoned("2026-12-01T00:00:00", "Etc/GMT+12"), all_day("2026-12-01"), False),
        (floating("2026-11-30T23:59:59"), all_day("2026-12-01"), True),
    ],
)
def test_due_before_start_is_found_for_every_pair_of_kinds(due, start, is_before):
    assert is_due_before_start(due, start) is is_before


@given(calendar_times, calendar_times)
def test_of_two_times_at_most_one_is_before_the_other(one, other):
    assert not is_due_before_start(one, one)
    assert not (is_due_before_start(one, other) and is_due_before_start(other, one))
