"""Dates as people say them, in a filter: `2026-12-01`, `today+7d`, `-2w`, `eow`, `now+2h`.

    a date               2026-12-01 is all of that day, 2026-12 all of that month
    a time               2026-12-01T09:00 is that minute, 2026-12-01T09:00:00 that second, in the zone of the viewer
    an instant           2026-12-01T09:00:00Z, or with an offset such as +01:00; a fraction of a second if need be
    a day                today, tomorrow, yesterday: all of it
    a moment             now, and the first or last second of the day, week, month, quarter or year: sod eod sow eow
                         som eom soq eoq soy eoy. A week begins on Monday (ISO 8601)
    so much later        any of them followed by +7d, -2w, +1mo, +1y, +3h, +15min, +30s, once or several times
    from here            the same alone: in days and longer from today, so a whole day; in hours and shorter from now

Days, weeks, months and years are counted on the calendar: 31 January and a month is the last of February, and the end
of a month stays one. Hours, minutes and seconds are exact, even where clocks are put forward.
"""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.frozen import frozen
from taskharbor.domain.search.time_span import Span, midnight
from taskharbor.domain.values.calendar_time import utc_instant

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

MAX_MOMENT_LENGTH: Final = 64

_DAY: Final = timedelta(days=1)
_SECOND: Final = timedelta(seconds=1)
_TICK: Final = timedelta(microseconds=1)
_MONTHS: Final = 12

_OFFSET: Final = re.compile(r"([+-])([0-9]{1,6})(min|mo|[yqwdhs])")
_OFFSETS: Final = r"((?:[+-][0-9]{1,6}(?:min|mo|[yqwdhs]))*)"
_NAMED: Final = re.compile(r"(now|today|tomorrow|yesterday|[se]o[dwmqy])?" + _OFFSETS)
_WRITTEN: Final = re.compile(
    r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2})(?:T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,6}))?)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?)?)?" + _OFFSETS
)
_ON_CALENDAR: Final = {"y": 12, "q": 3, "mo": 1}
"""Units in months."""
_IN_DAYS: Final = {"w": 7, "d": 1}
_EXACT: Final = {"h": 3600, "min": 60, "s": 1}
"""Units in seconds."""


@frozen
class Viewpoint:
    """Who asks: when, and where the day begins and ends.

    Attributes:
        now: the present instant, aware.
        zone: the rules of the viewer's time zone.
    """

    now: datetime
    zone: "ZoneInfo"

    @property
    def wall(self) -> datetime:
        """What the clock on the wall shows."""
        return self.now.astimezone(self.zone).replace(tzinfo=None)


def depends_on_now(text: str) -> bool:
    """Return whether a text, if it means a time, means another one later."""
    return _NAMED.fullmatch(text) is not None


def span_from(field: str, text: str, here: Viewpoint) -> Span:
    """Return the time that `text` means.

    Raises:
        InvalidValue: for `field`, if it means none, or one outside the years 1 to 9999.
    """
    if len(text) <= MAX_MOMENT_LENGTH:
        try:
            if found := _NAMED.fullmatch(text):
                return _named(found[1], found[2], here)
            if found := _WRITTEN.fullmatch(text):
                return _written(found, here)
        except (OverflowError, ValueError):
            raise InvalidValue(field, "must be an existing date or time from year 1 to 9999") from None
    raise InvalidValue(field, "must be a date or time such as 2026-12-01, 2026-12-01T09:00:00Z, today+7d or eow")


def _named(name: str | None, offsets: str, here: Viewpoint) -> Span:
    wall = here.wall
    today = wall.date()
    if name is None:
        if not offsets:
            raise ValueError(offsets)
        name = "now" if any(unit in _EXACT for _, _, unit in _OFFSET.findall(offsets)) else "today"
    match name:
        case "now":
            return _moment(here.now.astimezone(UTC).replace(microsecond=0), offsets, _SECOND, here)
        case "today":
            return _whole_day(today, offsets, here)
        case "tomorrow":
            return _whole_day(today + _DAY, offsets, here)
        case "yesterday":
            return _whole_day(today - _DAY, offsets, here)
        case _:
            period = name[2]
            begin = _beginning(today, period)
            if name[0] == "s":
                return _local(midnight(begin), offsets, _SECOND, here)
            # Counted from the beginning of the next period, so that the end of a month stays one.
            after = (
                begin + timedelta(days=7 if period == "w" else 1) if period in "wd" else _later(begin, _LONG[period])
            )
            return _local(midnight(after), offsets, _SECOND, here, back=_SECOND)


_LONG: Final = {"m": 1, "q": 3, "y": 12}
"""Periods in months."""


def _beginning(day: date, period: str) -> date:
    match period:
        case "d":
            return day
        case "w":
            return day - timedelta(days=day.weekday())
        case _:
            months = _LONG[period]
            return day.replace(month=(day.month - 1) // months * months + 1, day=1)


def _written(found: re.Match[str], here: Viewpoint) -> Span:
    year, month, day, hour, minute, second, fraction, offset, offsets = found.groups()
    if day is None:
        first = date(int(year), int(month), 1)
        begin = _calendar(first, offsets)
        if offsets and begin.day != 1:
            raise ValueError(offsets)
        return Span.on_wall(midnight(begin), timedelta(days=monthrange(begin.year, begin.month)[1]), here.zone)
    if hour is None:
        return _whole_day(date(int(year), int(month), int(day)), offsets, here)
    micro = int((fraction or "0").ljust(6, "0"))
    wall = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0), micro)  # noqa: DTZ001
    length = _TICK if fraction else _SECOND if second else timedelta(minutes=1)
    if offset is None:
        return _local(wall, offsets, length, here)
    shift = timedelta(0) if offset == "Z" else timedelta(hours=int(offset[1:3]), minutes=int(offset[4:]))
    if shift >= _DAY:
        raise ValueError(offset)
    instant = (wall + shift if offset[0] == "-" else wall - shift).replace(tzinfo=UTC)
    return _moment(instant, offsets, length, here)


def _whole_day(day: date, offsets: str, here: Viewpoint) -> Span:
    if any(unit in _EXACT for _, _, unit in _OFFSET.findall(offsets)):
        return _local(midnight(day), offsets, _SECOND, here)
    return Span.on_wall(midnight(_calendar(day, offsets)), _DAY, here.zone)


def _local(wall: datetime, offsets: str, length: timedelta, here: Viewpoint, *, back: timedelta = timedelta(0)) -> Span:
    moved = datetime.combine(_calendar(wall.date(), offsets), wall.time()) - back
    exact = _exact(offsets)
    if not exact:
        return Span.on_wall(moved, length, here.zone)
    return Span.at_instant(utc_instant(moved, here.zone) + exact, length, here.zone)


def _moment(instant: datetime, offsets: str, length: timedelta, here: Viewpoint) -> Span:
    wall = instant.astimezone(here.zone).replace(tzinfo=None)
    moved = _calendar(wall.date(), offsets)
    if moved != wall.date():
        instant = utc_instant(datetime.combine(moved, wall.time()), here.zone)
    return Span.at_instant(instant + _exact(offsets), length, here.zone)


def _calendar(day: date, offsets: str) -> date:
    for sign, number, unit in _OFFSET.findall(offsets):
        count = int(f"{sign}{number}")
        if unit in _ON_CALENDAR:
            day = _later(day, count * _ON_CALENDAR[unit])
        elif unit in _IN_DAYS:
            day += timedelta(days=count * _IN_DAYS[unit])
    return day


def _exact(offsets: str) -> timedelta:
    return timedelta(
        seconds=sum(int(f"{sign}{n}") * _EXACT[unit] for sign, n, unit in _OFFSET.findall(offsets) if unit in _EXACT)
    )


def _later(day: date, months: int) -> date:
    year, month = divmod(day.year * _MONTHS + day.month - 1 + months, _MONTHS)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
