"""The occurrences of a series: no drift, clocks that change, ends."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from random_rules import random_rules
from series_of import coming, recurrence, series
from taskharbor.domain.recurrence.recurrence import wall_of
from taskharbor.domain.values.calendar_time import AllDay, Floating, Zoned


def berlin(text):
    return Zoned(datetime.fromisoformat(text), "Europe/Berlin")


def test_the_31st_of_each_month_is_never_another_day():
    found = series("FREQ=MONTHLY", AllDay(date(2026, 1, 31)), most=8)

    assert found == [f"2026-{month}-31" for month in ("01", "03", "05", "07", "08", "10", "12")] + ["2027-01-31"]


def test_the_last_day_of_each_month_is_in_each_month():
    found = series("FREQ=MONTHLY;BYMONTHDAY=-1", AllDay(date(2028, 1, 31)), most=4)

    assert found == ["2028-01-31", "2028-02-29", "2028-03-31", "2028-04-30"]


def test_the_29th_of_february_waits_for_a_leap_year_even_over_1900_and_2100():
    assert series("FREQ=YEARLY", AllDay(date(2088, 2, 29)), most=4) == [
        "2088-02-29",
        "2092-02-29",
        "2096-02-29",
        "2104-02-29",
    ]


def test_a_time_that_a_gap_skips_keeps_its_place_on_the_wall_and_is_read_with_the_offset_before():
    found = [*islice(coming(recurrence("FREQ=DAILY", berlin("2026-03-27T02:30:00"))), 3)]

    assert [moment.local for moment in found] == [f"2026-03-{day}T02:30:00" for day in (28, 29, 30)]
    assert [moment.utc.hour for moment in found] == [1, 1, 0]


def test_a_time_that_comes_twice_is_the_first_of_them():
    found = [*islice(coming(recurrence("FREQ=DAILY", berlin("2026-10-24T02:30:00"))), 2)]

    assert [moment.utc for moment in found] == [
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 26, 1, 30, tzinfo=UTC),
    ]


def test_a_skipped_hour_is_left_out_where_it_would_be_the_next_one():
    found = series("FREQ=HOURLY", berlin("2026-03-29T00:30:00"), most=5)

    assert [text[11:16] for text in found] == ["00:30", "01:30", "03:30", "04:30", "05:30"]


def test_a_day_that_a_zone_left_out_has_no_occurrence():
    apia = Zoned(datetime(2011, 12, 28, 9), "Pacific/Apia")

    assert [text[:10] for text in series("FREQ=DAILY", apia, most=3)] == ["2011-12-28", "2011-12-29", "2011-12-31"]


def test_count_counts_the_first_and_what_exdate_takes_away():
    exdate = [{"date": "2026-01-02"}]

    assert series("FREQ=DAILY;COUNT=4", AllDay(date(2026, 1, 1)), exdate=exdate) == [
        "2026-01-01",
        "2026-01-03",
        "2026-01-04",
    ]


@pytest.mark.parametrize(
    ("until", "first", "last"),
    [
        ("20260103", AllDay(date(2026, 1, 1)), "2026-01-03"),
        ("20260103T000000", AllDay(date(2026, 1, 1)), "2026-01-03"),
        ("20260103T090000Z", AllDay(date(2026, 1, 1)), "2026-01-03"),
        ("20260103", Floating(datetime(2026, 1, 1, 9)), "2026-01-03T09:00:00"),
        ("20260103T090000", Floating(datetime(2026, 1, 1, 9)), "2026-01-03T09:00:00"),
        ("20260103T085959", Floating(datetime(2026, 1, 1, 9)), "2026-01-02T09:00:00"),
        ("20260103T090000Z", Floating(datetime(2026, 1, 1, 9)), "2026-01-03T09:00:00"),
        ("20260103T080000Z", berlin("2026-01-01T09:00:00"), "2026-01-03T09:00:00"),
        ("20260103T075959Z", berlin("2026-01-01T09:00:00"), "2026-01-02T09:00:00"),
        ("20260103T090000", berlin("2026-01-01T09:00:00"), "2026-01-03T09:00:00"),
        ("20260103", berlin("2026-01-01T09:00:00"), "2026-01-03T09:00:00"),
    ],
)
def test_until_is_included_whatever_its_kind(until, first, last):
    assert series(f"FREQ=DAILY;UNTIL={until}", first)[-1] == last


def test_dates_join_the_rule_and_can_stand_alone():
    first = AllDay(date(2026, 1, 1))
    rdate = [{"date": "2026-03-03"}, {"date": "2026-01-08"}]

    assert series("FREQ=WEEKLY;COUNT=2", first, rdate=rdate) == ["2026-01-01", "2026-01-08", "2026-03-03"]
    assert series(None, first, rdate=rdate) == ["2026-01-01", "2026-01-08", "2026-03-03"]


def test_each_monday_and_the_second_tuesday_are_both_meant():
    found = series("FREQ=MONTHLY;BYDAY=MO,2TU", AllDay(date(2026, 6, 1)), most=6)

    assert [text[-2:] for text in found] == ["01", "08", "09", "15", "22", "29"]


def test_the_position_in_a_week_does_not_depend_on_where_in_the_week_the_series_begins():
    rule = "FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=2"

    assert series(rule, AllDay(date(2026, 6, 3)), most=3) == ["2026-06-03", "2026-06-10", "2026-06-17"]


def test_hours_are_ignored_where_there_are_only_days():
    assert series("FREQ=DAILY;BYHOUR=9,12", AllDay(date(2026, 1, 1)), most=2) == ["2026-01-01", "2026-01-02"]


def test_a_series_ends_with_the_calendar():
    assert series("FREQ=YEARLY", AllDay(date(9998, 5, 5))) == ["9998-05-05", "9999-05-05"]
    assert series("FREQ=DAILY", Zoned(datetime(9999, 12, 30, 23, 59, 59), "America/New_York"))[-1][:10] == "9999-12-31"
    assert series("FREQ=WEEKLY;WKST=SU", AllDay(date(1, 1, 1)), most=2) == ["0001-01-01", "0001-01-08"]


ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "UTC"])
RULES = st.integers(0, 2**32).map(lambda seed: random_rules(seed, 1)[0])


@given(RULES, ZONES)
def test_occurrences_strictly_increase_on_the_wall_and_in_utc(rule, zone):
    found = recurrence(
        rule["rrule"].replace("UNTIL", "WKST=MO;UNTIL") if "WKST" not in rule["rrule"] else rule["rrule"],
        Zoned(datetime.fromisoformat(rule["first"]), zone),
    )
    moments = [found.first, *islice(coming(found), 60)]

    assert all(one.wall < other.wall and one.utc < other.utc for one, other in pairwise(moments))


@given(RULES, st.integers(0, 20), st.integers(-40, 40))
def test_where_one_begins_to_look_does_not_change_what_is_found(rule, place, seconds):
    found = recurrence(rule["rrule"], rule["first"])
    all_of_them = [*islice(coming(found), 60)]
    since = wall_of(all_of_them[min(place, len(all_of_them) - 1)] if all_of_them else found.first)
    since += timedelta(seconds=seconds)

    later = [*islice(coming(found, since=since), 60)]

    expected = [moment for moment in all_of_them if wall_of(moment) >= since]
    assert later[: len(expected)] == expected
