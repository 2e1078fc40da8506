"""When a task is due, in words."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from taskharbor.domain.values.calendar_time import AllDay, CalendarTime, Zoned

_WEEK: Final = 7
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Due(NamedTuple):
    """When something is due.

    Attributes:
        words: such as `tomorrow 18:00`.
        is_past: whether it is over.
        is_today: whether it is on this day.
    """

    words: str
    is_past: bool
    is_today: bool


def due_in_words(due: CalendarTime, now: datetime, zone: ZoneInfo) -> Due:
    """Return when `due` is, as seen at the aware instant `now` from a time zone."""
    here = now.astimezone(zone)
    if isinstance(due, AllDay):
        days, clock = (due.day - here.date()).days, ""
        is_past, day = days < 0, due.day
    else:
        there = due.utc.astimezone(zone) if isinstance(due, Zoned) else due.wall.replace(tzinfo=zone)
        day, clock = there.date(), f" {there:%H:%M}"
        days, is_past = (day - here.date()).days, there < here
    return Due(f"{_day_in_words(days, day.year, here.year, day)}{clock}", is_past, days == 0)


def _day_in_words(days: int, year: int, this_year: int, day: object) -> str:
    match days:
        case 0:
            return "today"
        case 1:
            return "tomorrow"
        case -1:
            return "yesterday"
    date = datetime.fromisoformat(str(day)).date()
    if 1 < days < _WEEK:
        return _DAYS[date.weekday()]
    if -_WEEK < days < 0:
        return f"{-days} days ago"
    suffix = "" if year == this_year else f" {year}"
    return f"{date.day} {_MONTHS[date.month - 1]}{suffix}"


def ago_in_words(instant: datetime, now: datetime) -> str:
    """Return how long ago an instant was."""
    passed = now - instant
    for unit, length in (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1))):
        if passed >= length:
            count = passed // length
            return f"{count} {unit}{'' if count == 1 else 's'} ago"
    return "just now"
