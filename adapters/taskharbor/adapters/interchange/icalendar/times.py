"""DATE and DATE-TIME (RFC 5545 section 3.3.4, 3.3.5) as calendar times and instants, and back."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final, TypeAlias

from taskharbor.adapters.interchange.icalendar.properties import Property
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.values.calendar_time import AllDay, CalendarTime, Floating, Zoned, utc_instant
from taskharbor.domain.values.time_zone import zone

ZoneOf: TypeAlias = Callable[[str, datetime], Zoned | None]
"""Gives a local time the zone that a TZID means, or none."""

_VALUE: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:T([0-9]{2})([0-9]{2})([0-9]{2})?(Z)?)?")
_LEAP_SECOND: Final = 60


def time_of(found: Property, zone_of: ZoneOf) -> CalendarTime:
    """Return when a property such as DUE says that it is.

    The form of the value decides, whatever the parameter VALUE says: programs forget VALUE=DATE.

    Raises:
        InvalidValue: for the name of the property.
    """
    wall, has_time, is_utc = _parts_of(found.name, found.value)
    if not has_time:
        return AllDay(wall.date())
    if is_utc:
        return Zoned(wall, "UTC")
    tzid = found.parameters.get("TZID")
    if not tzid:
        return Floating(wall)
    zoned = zone_of(tzid, wall)
    if zoned is None:
        reason = f"{tzid[:80]} is no time zone that is known, nor are the rules of its VTIMEZONE"
        raise InvalidValue(found.name, reason)
    return zoned


def wall_in(name: str, value: str) -> datetime:
    """Return the local time of a value, midnight of a date.

    Raises:
        InvalidValue: for `name`.
    """
    return _parts_of(name, value)[0]


def instant_of(found: Property, zone_of: ZoneOf) -> datetime:
    """Return the instant of a property such as CREATED, which is to be in UTC; one without a zone is read so.

    Raises:
        InvalidValue: for the name of the property.
    """
    moment = time_of(found, zone_of)
    if isinstance(moment, AllDay):
        return datetime(moment.day.year, moment.day.month, moment.day.day, tzinfo=UTC)
    if isinstance(moment, Floating):
        return moment.wall.replace(tzinfo=UTC)
    return utc_instant(moment.wall, zone(moment.time_zone))


def instant_text(instant: datetime) -> str:
    """Return the value of an instant, in UTC."""
    return f"{instant:%Y%m%dT%H%M%S}Z" if instant.year > _FOUR_DIGITS else f"{instant.year:04}{instant:%m%dT%H%M%S}Z"


def time_parts(moment: CalendarTime) -> tuple[dict[str, str], str]:
    """Return the parameters and the value of a calendar time."""
    if isinstance(moment, AllDay):
        return {"VALUE": "DATE"}, moment.day.isoformat().replace("-", "")
    value = moment.wall.isoformat().replace("-", "").replace(":", "")
    if isinstance(moment, Floating):
        return {}, value
    return ({}, f"{value}Z") if moment.time_zone == "UTC" else ({"TZID": moment.time_zone}, value)


def _parts_of(name: str, value: str) -> tuple[datetime, bool, bool]:
    found = _VALUE.fullmatch(value.strip().upper())  # T and Z are as good in lower case, by RFC 5234 section 2.3
    if found is None:
        raise InvalidValue(name, "must be a date such as 20261201, or a date and time such as 20261201T090000")
    year, month, day, hour, minute, second = (int(digits or 0) for digits in found.groups()[:6])
    try:
        wall = datetime(year, month, day, hour, minute, 59 if second == _LEAP_SECOND else second)  # noqa: DTZ001
    except ValueError as error:
        raise InvalidValue(name, f"does not exist: {error}") from None
    return wall, found[4] is not None, found[7] is not None


_FOUR_DIGITS: Final = 999
