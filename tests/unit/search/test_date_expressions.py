"""Date maths: what people say, in an explicit zone, as a span of time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.search.date_expressions import Viewpoint, span_from
from taskharbor.domain.values.time_zone import zone

# A Wednesday, in Berlin an hour later.
HERE = Viewpoint(datetime(2026, 11, 25, 13, 30, 15, 250_000, tzinfo=UTC), zone("Europe/Berlin"))


def shown(bounds):
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return tuple((epoch + timedelta(microseconds=bound)).isoformat()[:-6] for bound in bounds)


def wall_of(text, here=HERE):
    return shown(span_from("due", text, here).wall)


def utc_of(text, here=HERE):
    return shown(span_from("due", text, here).utc)


@pytest.mark.parametrize(
    ("text", "begin", "end"),
    [
        ("today", "2026-11-25T00:00:00", "2026-11-26T00:00:00"),
        ("tomorrow", "2026-11-26T00:00:00", "2026-11-27T00:00:00"),
        ("yesterday", "2026-11-24T00:00:00", "2026-11-25T00:00:00"),
        ("today+7d", "2026-12-02T00:00:00", "2026-12-03T00:00:00"),
        ("+7d", "2026-12-02T00:00:00", "2026-12-03T00:00:00"),
        ("-2w", "2026-11-11T00:00:00", "2026-11-12T00:00:00"),
        ("today+1mo+1d", "2026-12-26T00:00:00", "2026-12-27T00:00:00"),
        ("now", "2026-11-25T14:30:15", "2026-11-25T14:30:16"),
        ("now+2h", "2026-11-25T16:30:15", "2026-11-25T16:30:16"),
        ("+90min", "2026-11-25T16:00:15", "2026-11-25T16:00:16"),
        ("now+1d", "2026-11-26T14:30:15", "2026-11-26T14:30:16"),
        ("today+8h", "2026-11-25T08:00:00", "2026-11-25T08:00:01"),
        ("sod", "2026-11-25T00:00:00", "2026-11-25T00:00:01"),
        ("eod", "2026-11-25T23:59:59", "2026-11-26T00:00:00"),
        ("sow", "2026-11-23T00:00:00", "2026-11-23T00:00:01"),
        ("eow", "2026-11-29T23:59:59", "2026-11-30T00:00:00"),
        ("eow+1w", "2026-12-06T23:59:59", "2026-12-07T00:00:00"),
        ("som", "2026-11-01T00:00:00", "2026-11-01T00:00:01"),
        ("eom", "2026-11-30T23:59:59", "2026-12-01T00:00:00"),
        ("eom+1mo", "2026-12-31T23:59:59", "2027-01-01T00:00:00"),
        ("eom-9mo", "2026-02-28T23:59:59", "2026-03-01T00:00:00"),
        ("soq", "2026-10-01T00:00:00", "2026-10-01T00:00:01"),
        ("eoq", "2026-12-31T23:59:59", "2027-01-01T00:00:00"),
        ("soy", "2026-01-01T00:00:00", "2026-01-01T00:00:01"),
        ("eoy", "2026-12-31T23:59:59", "2027-01-01T00:00:00"),
        ("2026-12-01", "2026-12-01T00:00:00", "2026-12-02T00:00:00"),
        ("2026-12-31+1mo", "2027-01-31T00:00:00", "2027-02-01T00:00:00"),
        ("2027-01-31+1mo", "2027-02-28T00:00:00", "2027-03-01T00:00:00"),
        ("2028-02", "2028-02-01T00:00:00", "2028-03-01T00:00:00"),
        ("2026-12-01T09:00", "2026-12-01T09:00:00", "2026-12-01T09:01:00"),
        ("2026-12-01T09:00:05", "2026-12-01T09:00:05", "2026-12-01T09:00:06"),
        ("2026-12-01T09:00:00Z", "2026-12-01T10:00:00", "2026-12-01T10:00:01"),
        ("2026-12-01T09:00:00.25Z", "2026-12-01T10:00:00.250000", "2026-12-01T10:00:00.250001"),
        ("2026-12-01T09:00:00-05:00", "2026-12-01T15:00:00", "2026-12-01T15:00:01"),
        ("2026-12-01T09:00:00+01:00-1d", "2026-11-30T09:00:00", "2026-11-30T09:00:01"),
    ],
)
def test_on_the_wall_it_is_this_span(text, begin, end):
    assert wall_of(text) == (begin, end)


def test_in_utc_a_day_begins_when_it_does_in_the_zone():
    assert utc_of("today") == ("2026-11-24T23:00:00", "2026-11-25T23:00:00")
    assert utc_of("now") == ("2026-11-25T13:30:15", "2026-11-25T13:30:16")


def test_the_zone_says_which_day_it_is():
    kiritimati = Viewpoint(HERE.now, zone("Pacific/Kiritimati"))
    assert wall_of("today", kiritimati)[0] == "2026-11-26T00:00:00"
    assert utc_of("today", kiritimati) == ("2026-11-25T10:00:00", "2026-11-26T10:00:00")


def test_days_have_23_and_25_hours_where_clocks_change_and_hours_are_exact():
    assert utc_of("2026-03-29") == ("2026-03-28T23:00:00", "2026-03-29T22:00:00")
    assert utc_of("2026-10-25") == ("2026-10-24T22:00:00", "2026-10-25T23:00:00")
    assert wall_of("2026-03-29+3h")[0] == "2026-03-29T04:00:00"


def test_the_last_day_has_an_end():
    assert span_from("due", "9999-12-31", HERE).utc[1] > span_from("due", "9999-12-31T23:59:59", HERE).utc[0]
    assert wall_of("0001-01-01")[0] == "0001-01-01T00:00:00"


@pytest.mark.parametrize(
    "text",
    [
        "", "soon", "2026-13-01", "2026-02-30", "2026-12-01T24:00", "2026-12-01T09:00:60Z", "today+", "today+1", "+1m",
        "today+999999y", "0001-01-01-1d", "9999-12-31+1d", "today++1d", "eox", "2026-12-01T09:00:00+24:00", "26-12-01",
        "2026-12+5d", "now" + "+1d" * 40, "٢٠٢٦-12-01", "Today",
    ],
)  # fmt: skip
def test_what_is_no_time_is_refused(text):
    with pytest.raises(InvalidValue) as refused:
        span_from("due", text, HERE)
    assert refused.value.field == "due"


@given(
    st.datetimes(timezones=st.just(UTC)),
    st.sampled_from(["Europe/Berlin", "America/St_Johns", "Pacific/Apia", "Africa/Monrovia", "UTC"]),
    st.sampled_from(["now", "today", "tomorrow", "sod", "eod", "sow", "eow", "eom", "eoq", "eoy", "+3h", "-2w"]),
    st.sampled_from(["", "+1d", "-3mo", "+5h", "-2y"]),
)
def test_every_span_has_a_length_that_is_positive_on_the_wall_and_not_negative_in_utc(now, name, text, offset):
    try:
        span = span_from("due", text + offset, Viewpoint(now, zone(name)))
    except (InvalidValue, OverflowError):
        return  # beyond the years 1 to 9999
    assert span.wall[0] < span.wall[1]
    assert span.utc[0] <= span.utc[1]
