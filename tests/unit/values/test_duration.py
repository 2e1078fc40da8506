"""Durations: nominal days, exact hours."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.values.calendar_time import calendar_time_from
from taskharbor.domain.values.duration import MAX_DAYS, Duration, SignedDuration, duration_from, signed_duration_from

numbers = st.integers(0, 2_000)
durations = st.builds(Duration, weeks=numbers, days=numbers, hours=numbers, minutes=numbers, seconds=numbers)


def moment(local, time_zone=None):
    if "T" not in local:
        return calendar_time_from("due", {"date": local})
    return calendar_time_from("due", {"localDateTime": local} | ({"timeZone": time_zone} if time_zone else {}))


@pytest.mark.parametrize(
    "text",
    ["PT0S", "P1D", "PT24H", "P7D", "P1W", "P1W2DT3H4M5S", "PT1H0M30S", "PT90M", "P15DT5H0M20S", "PT5S", "P1DT1M"],
)
def test_what_was_written_is_kept(text):
    assert duration_from("estimated_duration", text).as_json() == text


@pytest.mark.parametrize(
    ("text", "canonical"),
    [("P0D", "PT0S"), ("PT1H30S", "PT1H0M30S"), ("P007D", "P7D"), ("PT1H0M", "PT1H"), ("P1DT0S", "P1D")],
)
def test_zeros_that_say_nothing_are_not_written_back(text, canonical):
    assert duration_from("estimated_duration", text).as_json() == canonical


@given(durations)
def test_every_duration_survives_a_round_trip(duration):
    assert duration_from("estimated_duration", duration.as_json()) == duration


@given(durations, st.booleans())
def test_every_signed_duration_survives_a_round_trip(duration, is_negative):
    signed = SignedDuration(duration, is_negative and duration != Duration())

    assert signed_duration_from("offset", signed.as_json()) == signed


def test_a_day_is_not_24_hours_and_an_hour_is_not_60_minutes_as_written():
    assert duration_from("d", "P1D") != duration_from("d", "PT24H")
    assert duration_from("d", "PT1H") != duration_from("d", "PT60M")


@pytest.mark.parametrize(("text", "canonical"), [("+PT1H", "PT1H"), ("-PT0S", "PT0S"), ("-P50D", "-P50D")])
def test_a_sign_is_kept_where_it_means_something(text, canonical):
    assert signed_duration_from("offset", text).as_json() == canonical


@pytest.mark.parametrize(
    "value",
    [
        *["", "P", "PT", "P1", "1D", "P1DT", "p1d", "P1Y", "P1M", "P1.5D", "PT1.5S", "P1D1W", "PT1S1H", "P-1D", " P1D"],
        *[
            "P1D ",
            "P1D\n",
            "P\u0661D",
            "PT0,5S",
            "P1H",
            "--P1D",
            None,
            60,
            ["P1D"],
            "P" + "9" * 5000 + "D",
            "-",
            "P99999D",
        ],
        *["-P1D", "+P1D", "-PT0S"],
    ],
)
def test_what_is_no_duration_is_refused_with_its_place(value):
    with pytest.raises(InvalidValue) as refused:
        duration_from("estimated_duration", value)

    assert refused.value.field == "estimated_duration"


def test_a_duration_has_an_upper_limit_whatever_its_units():
    assert duration_from("d", f"P{MAX_DAYS}D") != duration_from("d", f"PT{MAX_DAYS * 24}H")
    for text in (f"P{MAX_DAYS}DT1S", f"PT{MAX_DAYS * 24}H1S", f"P{MAX_DAYS // 7}W7D"):
        with pytest.raises(InvalidValue):
            duration_from("d", text)


@pytest.mark.parametrize(
    ("local", "time_zone", "text", "expected"),
    [
        # Over the night of the change a day keeps the time on the clock, 24 hours do not.
        ("2026-03-28T09:00:00", "Europe/Berlin", "P1D", "2026-03-29T09:00:00"),
        ("2026-03-28T09:00:00", "Europe/Berlin", "PT24H", "2026-03-29T10:00:00"),
        ("2026-10-24T09:00:00", "Europe/Berlin", "P1D", "2026-10-25T09:00:00"),
        ("2026-10-24T09:00:00", "Europe/Berlin", "PT24H", "2026-10-25T08:00:00"),
        ("2026-03-28T09:00:00", "Europe/Berlin", "P1DT1H", "2026-03-29T10:00:00"),
        ("2026-03-29T10:00:00", "Europe/Berlin", "-PT24H", "2026-03-28T09:00:00"),
        ("2026-10-03T12:00:00", "Australia/Lord_Howe", "PT24H", "2026-10-04T12:30:00"),
        ("2011-12-29T12:00:00", "Pacific/Apia", "PT24H", "2011-12-31T12:00:00"),
        ("2026-03-28T02:30:00", "Europe/Berlin", "P1D", "2026-03-29T02:30:00"),  # kept, though that night skips it
        ("2026-03-28T09:00:00", None, "P1W2DT3H", "2026-04-06T12:00:00"),
        ("2026-03-28", None, "P1W", "2026-04-04"),
        ("2024-02-28", None, "P1D", "2024-02-29"),
        ("2026-03-28", None, "-P1D", "2026-03-27"),
    ],
)
def test_days_move_the_clock_on_the_wall_and_hours_move_the_instant(local, time_zone, text, expected):
    assert signed_duration_from("d", text).from_(moment(local, time_zone)) == moment(expected, time_zone)


@given(durations)
def test_a_duration_after_a_moment_is_of_the_same_kind(duration):
    for start in (moment("2026-01-01T00:00:00"), moment("2026-01-01T00:00:00", "America/New_York")):
        later = duration.after(start)

        assert type(later) is type(start)
        assert later.starts("UTC") >= start.starts("UTC")


@pytest.mark.parametrize(
    ("local", "text"), [("2026-12-01", "PT1H"), ("9999-12-31", "P1D"), ("0001-01-01T00:00:00", "-PT1S")]
)
def test_where_a_duration_cannot_lead_is_refused(local, text):
    with pytest.raises(InvalidValue):
        signed_duration_from("d", text).from_(moment(local))


def test_from_an_all_day_date_hours_count_from_midnight_of_the_viewer():
    offset = signed_duration_from("offset", "-PT15H")

    assert offset.instant_from(moment("2026-12-01"), "Europe/Berlin") == datetime(2026, 11, 30, 8, tzinfo=UTC)
    assert offset.instant_from(moment("2026-12-01"), "America/New_York") == datetime(2026, 11, 30, 14, tzinfo=UTC)


def test_an_instant_beyond_the_calendar_is_refused():
    with pytest.raises(InvalidValue):
        signed_duration_from("offset", "P1DT1H").instant_from(moment("9999-12-31T23:00:00"), "UTC")
