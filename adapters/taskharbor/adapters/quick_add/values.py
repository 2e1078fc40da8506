"""What the words of a line amount to."""

import re
from datetime import date, time
from enum import StrEnum
from typing import Final, NamedTuple

from taskharbor.domain.frozen import frozen

NOON: Final = time(12)
MIDNIGHT: Final = time(0)

WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
"""As RFC 5545 writes them, from Monday on."""

_HOURS: Final = 12
_DAY_HOURS: Final = 24
_HOUR_MINUTES: Final = 60


class Unit(StrEnum):
    """What is counted in, by its FREQ of RFC 5545."""

    DAY = "DAILY"
    WEEK = "WEEKLY"
    MONTH = "MONTHLY"
    YEAR = "YEARLY"


DAYS_OF: Final = {Unit.DAY: 1, Unit.WEEK: 7}
"""How many days a unit always has."""


class When(NamedTuple):
    """A day, a time of some day, or both."""

    day: date | None
    time: time | None


@frozen(kw_only=True)
class Cycle:
    """How often: the parts of an RRULE that can be said in words.

    Attributes:
        unit: FREQ.
        interval: INTERVAL.
        days: BYDAY, such as `MO` or `2TU`.
        month_days: BYMONTHDAY; -1 is the last one.
        month: BYMONTH.
        until: the last day.
        count: COUNT.
        time: at what time of the day, or None for whole days.
    """

    unit: Unit
    interval: int = 1
    days: tuple[str, ...] = ()
    month_days: tuple[int, ...] = ()
    month: int | None = None
    until: date | None = None
    count: int | None = None
    time: "time | None" = None

    def rule(self, until: str | None) -> str:
        """Return the RRULE; `until` is how the last day is written in it."""
        parts = [
            ("FREQ", self.unit.value),
            ("INTERVAL", str(self.interval) if self.interval > 1 else ""),
            ("BYMONTH", "" if self.month is None else str(self.month)),
            ("BYMONTHDAY", ",".join(map(str, self.month_days))),
            ("BYDAY", ",".join(self.days)),
            ("UNTIL", until or ""),
            ("COUNT", "" if self.count is None else str(self.count)),
        ]
        return ";".join(f"{name}={value}" for name, value in parts if value)


def clock(found: re.Match[str]) -> time | None:
    """Return the time that `17:30` is; None if there is no such time."""
    return time_at(int(found[1]), int(found[2]))


def twelve_hours(found: re.Match[str]) -> time | None:
    """Return the time that `5pm` or `5:30pm` is."""
    return half_day(int(found[1]), found[3], int(found[2] or 0))


def half_day(hour: int, meridiem: str, minute: int = 0) -> time | None:
    """Return the time that an hour from 1 to 12 before (`a`) or after noon (`p`) is; None if there is none."""
    if not 1 <= hour <= _HOURS:
        return None
    return time_at(hour % _HOURS + (_HOURS if meridiem == "p" else 0), minute)


def time_at(hour: int, minute: int = 0) -> time | None:
    """Return a time of the day, or None if there is no such one."""
    return time(hour, minute) if hour < _DAY_HOURS and minute < _HOUR_MINUTES else None


def span(found: re.Match[str]) -> str | None:
    """Return the ISO 8601 duration that `1d2h15m` is; None if nothing is said."""
    days, hours, minutes = found.groups()
    day_part = f"{int(days)}D" if days else ""
    time_part = (f"{int(hours)}H" if hours else "") + (f"{int(minutes)}M" if minutes else "")
    if not day_part and not time_part:
        return None
    return f"P{day_part}" + (f"T{time_part}" if time_part else "")


SPAN: Final = re.compile(r"(?:(\d{1,3})d)?(?:(\d{1,3})h)?(?:(\d{1,4})m(?:in)?)?", re.ASCII)
ISO_SPAN: Final = re.compile(r"-?P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?", re.ASCII)


def said_span(duration: str) -> str:
    """Return how a line says an ISO 8601 duration of days, hours and minutes: `1d2h15m`."""
    found = ISO_SPAN.fullmatch(duration)
    if found is None:
        raise ValueError(f"{duration} has other units than days, hours and minutes")
    return "".join(f"{number}{unit}" for number, unit in zip(found.groups(), "dhm", strict=True) if number)
