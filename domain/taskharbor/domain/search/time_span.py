"""A time span, as instants and in the local time of one viewer."""

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final, TypeAlias

from taskharbor.domain.frozen import frozen
from taskharbor.domain.values.calendar_time import AllDay, CalendarTime, Zoned, utc_instant

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

Microseconds: TypeAlias = int
"""Since the beginning of 1970, on a clock that knows neither leap seconds nor summer time."""

_SECOND: Final[Microseconds] = 1_000_000
_TICK: Final = timedelta(microseconds=1)
_BEGINNING: Final = datetime(1970, 1, 1)  # noqa: DTZ001 - it is the clock on the wall
_BEGINNING_UTC: Final = _BEGINNING.replace(tzinfo=UTC)
_END: Final[Microseconds] = (datetime.max.replace(tzinfo=UTC) - _BEGINNING_UTC) // _TICK + 1


@frozen
class Span:
    """From a beginning to an end that is no longer part of it.

    It is there twice, since calendar times are of two sorts: a zoned one is an instant and compared with the span in
    UTC; a floating or all-day one has no instant, and is compared with the span on the wall.

    Attributes:
        utc: beginning and end, in UTC.
        wall: beginning and end, as the clock on the viewer's wall shows them.
    """

    utc: tuple[Microseconds, Microseconds]
    wall: tuple[Microseconds, Microseconds]

    @classmethod
    def on_wall(cls, begin: datetime, length: timedelta, zone: "ZoneInfo") -> "Span":
        """Return the span that begins when the clock on a wall of the zone shows `begin`, and is over `length` later.

        Local times that do not exist, or come twice, are read by RFC 5545 section 3.3.5. After the year 9999 comes
        nothing, so that a span can end there.
        """
        first = wall_microseconds(begin)
        try:
            end = begin + length
        except OverflowError:
            return cls((_utc(begin, zone), _END), (first, _END))
        utc = _utc(begin, zone)
        return cls((utc, max(_utc(end, zone), utc)), (first, wall_microseconds(end)))

    @classmethod
    def at_instant(cls, instant: datetime, length: timedelta, zone: "ZoneInfo") -> "Span":
        """Return the span that begins at an aware instant and is over `length` later, as seen in the zone."""
        utc = utc_microseconds(instant)
        try:
            wall = wall_microseconds(instant.astimezone(zone).replace(tzinfo=None))
        except OverflowError:
            wall = utc
        return cls((utc, utc + length // _TICK), (wall, wall + length // _TICK))

    def in_seconds(self) -> "Span":
        """Return it as times in whole seconds see it: a second belongs to it if its first microsecond does."""
        first, end = (-(-bound // _SECOND) for bound in self.utc)
        wall_first, wall_end = (-(-bound // _SECOND) for bound in self.wall)
        return Span((first, end), (wall_first, wall_end))


def utc_microseconds(instant: datetime) -> Microseconds:
    """Return when an aware instant is."""
    return (instant - _BEGINNING_UTC) // _TICK


def wall_microseconds(wall: datetime) -> Microseconds:
    """Return when a naive local date-time is, on its own clock."""
    return (wall - _BEGINNING) // _TICK


def wall_seconds(moment: CalendarTime) -> int:
    """Return what the clock on the wall shows at a calendar time, in seconds; for an all-day one midnight."""
    wall = datetime.combine(moment.day, time.min) if isinstance(moment, AllDay) else moment.wall
    return wall_microseconds(wall) // _SECOND


def utc_seconds(moment: CalendarTime) -> int | None:
    """Return the instant of a zoned calendar time in seconds; None for the others, which have none."""
    return utc_microseconds(moment.utc) // _SECOND if isinstance(moment, Zoned) else None


def sort_seconds(moment: CalendarTime) -> int:
    """Return that by which calendar times are sorted: the instant of a zoned one, else what the wall clock shows."""
    utc = utc_seconds(moment)
    return wall_seconds(moment) if utc is None else utc


def midnight(day: date) -> datetime:
    """Return the beginning of a day on the wall."""
    return datetime.combine(day, time.min)


def _utc(wall: datetime, zone: "ZoneInfo") -> Microseconds:
    return utc_microseconds(utc_instant(wall, zone))
