"""Days as Todoist writes them, in English, some of which depend on the day on which they are read."""

import calendar
import re
from datetime import date, timedelta
from typing import Final

DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEKDAYS: Final = {form: at for at, name in enumerate(DAYS) for form in (name, name[:3])} | {
    "tues": 1, "thur": 3, "thurs": 3,
}  # fmt: skip
_MONTHS: Final = tuple(name.lower() for name in calendar.month_name)[1:]
_MONTH: Final = {form: at + 1 for at, name in enumerate(_MONTHS) for form in (name, name[:3])} | {"sept": 9}
_NUMBER: Final = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?")
_NAMED: Final = {"today": 0, "tod": 0, "tomorrow": 1, "tom": 1, "tmr": 1}
_AFTER: Final = re.compile(r"(?:in )?([0-9]{1,3}) (day|week|month|year)s?")
_WEEK: Final = 7
_LAST_YEAR: Final = 9000


def day_said(rest: str, today: date) -> date | None:
    """Return the day that words name: one with a year, or the next one that they fit. None if that is not certain."""
    if today.year > _LAST_YEAR:
        return None
    if rest in _NAMED:
        return today + timedelta(days=_NAMED[rest])
    name = rest.removeprefix("this ").removeprefix("on ")
    if name in WEEKDAYS:
        return today + timedelta(days=(WEEKDAYS[name] - today.weekday() - 1) % _WEEK + 1)
    if rest == "next week":
        return today + timedelta(days=_WEEK - today.weekday())
    if found := _AFTER.fullmatch(rest):
        return later(today, int(found[1]), found[2])
    return _on_calendar(rest.replace(",", " ").split(), today)


def later(day: date, number: int, unit: str) -> date | None:
    """Return the day so many days, weeks, months or years later; the last of a month that is shorter."""
    if unit in {"day", "week"}:
        return day + timedelta(days=number * (_WEEK if unit == "week" else 1))
    months = day.month - 1 + number * (12 if unit == "year" else 1)
    year, month = day.year + months // 12, months % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1])) if year < _LAST_YEAR else None


def day_and_month(parts: list[str]) -> tuple[int | None, int | None]:
    """Return the numbers of two words of which one is a month, in either order."""
    for one, two in (parts, parts[::-1]):
        found, month = _NUMBER.fullmatch(one), _MONTH.get(two)
        if found and month:
            return int(found[1]), month
    return None, None


def _on_calendar(parts: list[str], today: date) -> date | None:
    has_year = len(parts) == 3 and len(parts[2]) == 4 and parts[2].isdecimal() and parts[2].isascii()  # noqa: PLR2004
    if not has_year and len(parts) != 2:  # noqa: PLR2004
        return None
    day, month = day_and_month(parts[:2])
    if not day or not month:
        return None
    years = (int(parts[2]),) if has_year else range(today.year, today.year + 9)
    for year in years:
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if has_year or found >= today:
            return found
    return None
