"""Hypothesis strategies for instants, calendar times, durations and reminders."""

from datetime import UTC, date, datetime, timedelta
from typing import Final

from hypothesis import strategies as st

from taskharbor.domain.tasks.reminder import (
    MAX_REMINDERS,
    AbsoluteReminder,
    RelativeReminder,
    RelativeTo,
    Reminder,
    Reminders,
)
from taskharbor.domain.values.calendar_time import AllDay, CalendarTime, Floating, Zoned
from taskharbor.domain.values.duration import MAX_DAYS, Duration, SignedDuration
from taskharbor.domain.values.time_zone import known_time_zones

_LAST_SECOND: Final = datetime.max.replace(microsecond=0)  # noqa: DTZ901 - it is local

ZONES: Final = (
    "UTC",
    "Europe/Berlin",
    "Africa/Monrovia",  # was off by seconds, not minutes
    "Asia/Kathmandu",
    "Pacific/Apia",  # left out a day
    "Pacific/Kiritimati",
    "Etc/GMT+12",
    "GMT+0",
    "US/Eastern",  # a link to another name
    "America/Argentina/ComodRivadavia",  # the longest
)


def instants() -> st.SearchStrategy[datetime]:
    """Instants in UTC, to the microsecond, from the first to the last that Python knows."""
    edges = st.sampled_from(
        [
            datetime.min.replace(tzinfo=UTC),
            datetime.max.replace(tzinfo=UTC),
            datetime(1969, 12, 31, 23, 59, 59, 999_999, UTC),
            datetime(2000, 1, 1, tzinfo=UTC),
            datetime(2024, 2, 29, 23, 59, 59, 1, UTC),
            datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC),
        ]
    )
    return edges | st.datetimes(timezones=st.just(UTC))


def calendar_times() -> st.SearchStrategy[CalendarTime]:
    """All three kinds, from year 1 to 9999, in any zone, in gaps and folds too."""
    days = st.sampled_from([date.min, date.max, date(2024, 2, 29)]) | st.dates()
    walls = st.one_of(
        st.sampled_from([datetime.min, _LAST_SECOND, datetime(2026, 3, 29, 2, 30), datetime(2026, 10, 25, 2, 30)]),  # noqa: DTZ001, DTZ901 - they are local
        st.datetimes().map(lambda wall: wall.replace(microsecond=0)),
    )
    zones = st.sampled_from([zone for zone in ZONES if zone in known_time_zones()])
    return st.one_of(days.map(AllDay), walls.map(Floating), st.builds(Zoned, walls, zones))


def durations() -> st.SearchStrategy[Duration]:
    """Durations as they may be written: of one part or of several, none too, up to a hundred years."""
    minutes_of_all = timedelta(days=MAX_DAYS) // timedelta(minutes=1)
    most = {"weeks": MAX_DAYS // 7, "days": MAX_DAYS, "minutes": minutes_of_all, "seconds": minutes_of_all * 60}
    parts = st.integers(0, 400)
    return st.one_of(
        st.sampled_from([Duration(**{part: number}) for part, number in most.items()]),
        st.builds(Duration, weeks=parts, days=parts, hours=parts, minutes=parts, seconds=parts),
        st.builds(Duration, minutes=st.integers(0, 90)),
        st.builds(Duration, hours=parts, seconds=parts),
    )


def reminders() -> st.SearchStrategy[Reminder]:
    """Both kinds."""
    whens = instants().map(lambda at: AbsoluteReminder(at.replace(microsecond=0)))
    offsets = st.builds(
        lambda length, is_negative: SignedDuration(length, is_negative and length != Duration()),
        durations(),
        st.booleans(),
    )
    return whens | st.builds(RelativeReminder, offsets, st.sampled_from(RelativeTo))


def reminder_lists() -> st.SearchStrategy[Reminders]:
    """Lists of different reminders in any order, now and then as many as there can be."""
    some = st.lists(reminders(), max_size=3, unique=True).map(tuple)
    offsets = [SignedDuration(Duration(minutes=number), is_negative=True) for number in range(MAX_REMINDERS, 0, -1)]
    most = st.just(tuple(RelativeReminder(offset, RelativeTo.DUE) for offset in offsets))
    return st.one_of(some, some, some, most)
