"""When a task starts or is due: a date, a floating or a zoned local date-time. RFC 8984 section 1.4.4, 4.7.1.

Three kinds, distinguished by their members and never converted:

    all-day    {"date": "2026-12-01"}
    floating   {"localDateTime": "2026-12-01T09:00:00"}
    zoned      {"localDateTime": "2026-12-01T09:00:00", "timeZone": "Europe/Berlin"}

Years are 0001 to 9999. Seconds are whole: RFC 8984 would allow a fraction, but a DATE-TIME of RFC 5545 (section
3.3.5) cannot hold one, so it would be lost on the way to most clients. There is no leap second and no 24:00.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final, TypeAlias

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.frozen import frozen
from taskharbor.domain.values.primitives import object_from, string_from
from taskharbor.domain.values.time_zone import time_zone_from, zone

_DATE: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_LOCAL_DATE_TIME: Final = re.compile(_DATE.pattern + r"T([0-9]{2}):([0-9]{2}):([0-9]{2})")
_DAY: Final = timedelta(days=1)
_FIRST_INSTANT: Final = datetime.min.replace(tzinfo=UTC)
_LAST_INSTANT: Final = datetime.max.replace(tzinfo=UTC)


@frozen
class AllDay:
    """A whole day in any time zone: it has no zone, and nothing ever shifts it.

    Attributes:
        day: the date.
    """

    day: date

    @property
    def local(self) -> str:
        """The date as text; all-day dates sort by it."""
        return self.day.isoformat()

    def starts(self, viewer: str) -> datetime:
        """Return the UTC instant at which the day begins in the zone of the viewer."""
        return utc_instant(datetime.combine(self.day, time.min), zone(viewer))

    def ends(self, viewer: str) -> datetime:
        """Return the UTC instant at which the day is over in the zone of the viewer: not before is it overdue."""
        if self.day == date.max:
            return _LAST_INSTANT
        return AllDay(self.day + _DAY).starts(viewer)

    def as_json(self) -> dict[str, str]:
        """Return the wire form."""
        return {"date": self.local}


@frozen
class Floating:
    """A local time in any time zone: 'FORM #1' of RFC 5545 section 3.3.5.

    Attributes:
        wall: the date and time, naive, in whole seconds.
    """

    wall: datetime

    @property
    def local(self) -> str:
        """The date and time as text; floating times sort by it."""
        return self.wall.isoformat()

    def starts(self, viewer: str) -> datetime:
        """Return the UTC instant at which the clock of the viewer shows this time."""
        return utc_instant(self.wall, zone(viewer))

    def ends(self, viewer: str) -> datetime:
        """Return the same as `starts`: it is one moment."""
        return self.starts(viewer)

    def as_json(self) -> dict[str, str]:
        """Return the wire form."""
        return {"localDateTime": self.local}


@frozen
class Zoned:
    """A local time in a time zone: 'FORM #3' of RFC 5545 section 3.3.5. It is one instant everywhere.

    The name and the local time are what is kept: if the rules of the zone change, the instant does.

    Attributes:
        wall: the date and time there, naive, in whole seconds.
        time_zone: the IANA name of the zone, as it was spelt.
    """

    wall: datetime
    time_zone: str

    @property
    def local(self) -> str:
        """The date and time there as text; times of one zone sort by it. Across zones, sort by `utc`."""
        return self.wall.isoformat()

    @property
    def utc(self) -> datetime:
        """The instant, in UTC."""
        return utc_instant(self.wall, zone(self.time_zone))

    def starts(self, viewer: str) -> datetime:  # noqa: ARG002 - the other kinds depend on the viewer
        """Return the instant, in UTC, which is the same for every viewer."""
        return self.utc

    def ends(self, viewer: str) -> datetime:  # noqa: ARG002
        """Return the same as `starts`: it is one moment."""
        return self.utc

    def as_json(self) -> dict[str, str]:
        """Return the wire form."""
        return {"localDateTime": self.local, "timeZone": self.time_zone}


CalendarTime: TypeAlias = AllDay | Floating | Zoned
_KINDS: Final = (AllDay, Floating, Zoned)

CalendarTimeInput: TypeAlias = CalendarTime | Mapping[str, object]
"""A calendar time, or its wire form. Either is checked before a task takes it."""


def calendar_time_from(field: str, value: object) -> CalendarTime:
    """Return the calendar time that `value` is, or is the wire form of.

    Raises:
        InvalidValue: for `field` or a member of it, such as `due.timeZone`.
    """
    if isinstance(value, _KINDS):
        value = value.as_json()  # its constructor has checked nothing
    members = object_from(field, value, ("date", "localDateTime", "timeZone"))
    if "date" in members:
        for name in ("localDateTime", "timeZone"):
            if name in members:
                raise InvalidValue(f"{field}.{name}", "contradicts date: an all-day date has no time and no zone")
        return AllDay(_date_from(f"{field}.date", members["date"]))
    if "localDateTime" not in members:
        raise InvalidValue(field, "must have a date or a localDateTime")
    wall = _local_date_time_from(f"{field}.localDateTime", members["localDateTime"])
    if "timeZone" not in members:
        return Floating(wall)
    return Zoned(wall, time_zone_from(f"{field}.timeZone", members["timeZone"]))


def utc_instant(wall: datetime, rules: tzinfo) -> datetime:
    """Return the UTC instant of a local time, by RFC 5545 section 3.3.5.

    A local time that a gap skips is read with the offset before the gap; one that comes twice is the first of them.
    An instant beyond the years 1 to 9999 is the first or last that there is.
    """
    try:
        return wall.replace(tzinfo=rules, fold=0).astimezone(UTC)
    except OverflowError:
        return _FIRST_INSTANT if wall.year == _FIRST_INSTANT.year else _LAST_INSTANT


def is_skipped(wall: datetime, rules: tzinfo) -> bool:
    """Return whether there is no such local time, since the clocks were moved forward past it."""
    there = wall.replace(tzinfo=rules, fold=0)
    before, after = there.utcoffset(), there.replace(fold=1).utcoffset()
    return before is not None and after is not None and before < after


def is_due_before_start(due: CalendarTime, start: CalendarTime) -> bool:
    """Return whether a task would be due before it starts, which no task may. At the same time is fine.

    Two zoned times are compared as instants. All other pairs are compared as they are written, without any zone:
    by date if one of them is all-day, else by local date and time. So the answer is the same for every viewer.
    (RFC 5545 section 3.8.2.3 asks for one kind for both and for a DUE that is later; clients in use do neither.)
    """
    if isinstance(due, Zoned) and isinstance(start, Zoned):
        return due.utc < start.utc
    if isinstance(due, AllDay) or isinstance(start, AllDay):
        return _date_of(due) < _date_of(start)
    return due.wall < start.wall


def _date_of(moment: CalendarTime) -> date:
    return moment.day if isinstance(moment, AllDay) else moment.wall.date()


def _date_from(field: str, value: object) -> date:
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass  # there is no such day: it is said below why
    return _numbers(field, value, _DATE, "a date such as 2026-12-01").date()


def _local_date_time_from(field: str, value: object) -> datetime:
    form = "a local date-time in whole seconds such as 2026-12-01T09:00:00, without Z or offset"
    return _numbers(field, value, _LOCAL_DATE_TIME, form)


def _numbers(field: str, value: object, pattern: re.Pattern[str], form: str) -> datetime:
    found = pattern.fullmatch(string_from(field, value))
    if not found:
        raise InvalidValue(field, f"must be {form}")
    year, month, day, hour, minute, second = (*map(int, found.groups()), 0, 0, 0)[:6]
    try:
        # Not fromisoformat(): since Python 3.13 it reads 24:00.
        return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - it is local
    except ValueError as error:
        raise InvalidValue(field, f"does not exist: {error}") from None
