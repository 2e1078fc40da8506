"""Dates of Taskwarrior: UTC, in whole seconds."""

import re
from datetime import UTC, datetime
from typing import Final

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.values.calendar_time import AllDay, CalendarTime, Floating, Zoned

_DATE: Final = re.compile(r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})T([0-9]{2}):?([0-9]{2}):?([0-9]{2})Z?")


def date_of(name: str, value: object) -> datetime:
    """Return the instant of an attribute.

    Raises:
        InvalidValue: for the attribute.
    """
    found = _DATE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        raise InvalidValue(name, "must be a date such as 20261201T090000Z")
    year, month, day, hour, minute, second = map(int, found.groups())
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=UTC)
    except ValueError as error:
        raise InvalidValue(name, f"does not exist: {error}") from None


def date_text(instant: datetime) -> str:
    """Return the form in which Taskwarrior has an instant."""
    return f"{instant.astimezone(UTC).replace(tzinfo=None, microsecond=0).isoformat()}Z".replace("-", "").replace(
        ":", ""
    )


def zoned(instant: datetime) -> Zoned:
    """Return the calendar time of an instant: Taskwarrior knows no other zone than UTC."""
    return Zoned(instant.replace(tzinfo=None), "UTC")


def instant_for(moment: CalendarTime) -> datetime:
    """Return the instant that stands for a calendar time. One without a zone is taken to be in UTC."""
    if isinstance(moment, AllDay):
        return datetime(moment.day.year, moment.day.month, moment.day.day, tzinfo=UTC)
    return moment.wall.replace(tzinfo=UTC) if isinstance(moment, Floating) else moment.utc
