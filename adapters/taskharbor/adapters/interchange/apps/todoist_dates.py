"""Dates as Todoist writes them, in English: what is certain of them.

Source: todoist.com/help, `Introduction to dates and times` and `Set a recurring due date`. Taken are dates with a
year, and `every` (`every!` counts from completion) with days, weekdays, weeks, months, years, days of the month and
the year, the first to fourth or last weekday of a month, each with a time. What depends on when it was said
(`tomorrow`, `1 Dec`) is not certain in a file, nor are beginnings and ends (`starting`, `until`, `for`).
"""

import calendar
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final, NamedTuple

_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LETTERS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_MONTHS: Final = tuple(name.lower() for name in calendar.month_name)[1:]
_WEEKDAY: Final = {form: at for at, name in enumerate(_DAYS) for form in (name, name[:3])} | {
    "tues": 1, "thur": 3, "thurs": 3,
}  # fmt: skip
_MONTH: Final = {form: at + 1 for at, name in enumerate(_MONTHS) for form in (name, name[:3])} | {"sept": 9}
_ORDINAL: Final = {"1st": 1, "first": 1, "2nd": 2, "second": 2, "3rd": 3, "third": 3, "4th": 4, "fourth": 4, "last": -1}
_UNIT: Final = {"hour": "HOURLY", "day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}
_WORDS: Final = {"daily": "day", "weekly": "week", "monthly": "month", "yearly": "year", "annually": "year"}
_TIMES: Final = {"morning": "09:00", "afternoon": "12:00", "evening": "19:00", "night": "22:00"}
_AT: Final = re.compile(r"(?:at |@ ?)?([0-9]{1,2})(?::([0-9]{2}))? ?(am|pm)?$")
_ISO: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ t]([0-9]{2}:[0-9]{2})(?::[0-9]{2})?)?")
_NUMBER: Final = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?")
_NOON: Final = 12
_LONGEST: Final = 200
_YEARS_TO_LOOK: Final = 9


class ParsedDate(NamedTuple):
    """What a date says.

    Attributes:
        day: the date; of a rule the first one from today on.
        time: such as 09:00, or None for the whole day.
        rrule: the rule, or None.
        from_completion: whether it counts from when it was done.
    """

    day: date
    time: str | None
    rrule: str | None = None
    from_completion: bool = False


def parse_date(text: str, today: date) -> ParsedDate | None:
    """Return what a date says, or None if that is not certain."""
    words = " ".join(text.lower().split()) if len(text) <= _LONGEST else ""
    if found := _ISO.fullmatch(words):
        return _dated(found[1], found[2])
    if words in _WORDS or any(words.startswith(f"{word} at ") for word in _WORDS):
        first, _, rest = words.partition(" ")
        words = f"every {_WORDS[first]} {rest}".strip()
    for beginning in ("every! ", "every!", "after ", "every ", "ev "):
        if words.startswith(beginning):
            return _recurring(words.removeprefix(beginning), today, from_completion=beginning in {"every! ", "every!"})
    rest, at = _time_apart(words)
    parts = rest.replace(",", " ").split()
    if len(parts) == 3 and len(parts[2]) == 4 and parts[2].isdecimal() and parts[2].isascii():  # noqa: PLR2004
        day, month = _day_and_month(parts[:2])
        if day and month:
            try:
                return ParsedDate(date(int(parts[2]), month, day), at)
            except ValueError:
                return None
    return None


def _dated(day: str, at: str | None) -> ParsedDate | None:
    try:
        return ParsedDate(date.fromisoformat(day), at)
    except ValueError:
        return None


def _recurring(words: str, today: date, *, from_completion: bool) -> ParsedDate | None:
    rest, at = _time_apart(words)
    if rest in _TIMES:
        rest, at = "day", at or _TIMES[rest]
    found = _rule(rest)
    if found is None:
        return None
    rule, matches = found
    day = today
    last = today + timedelta(days=366 * _YEARS_TO_LOOK) if today.year < 9000 else today  # noqa: PLR2004
    while not matches(day):
        day += timedelta(days=1)
        if day > last:
            return None
    return ParsedDate(day, at, rule, from_completion)


def _always(_day: date) -> bool:
    return True


def _rule(rest: str) -> tuple[str, Callable[[date], bool]] | None:
    if rest in {"weekday", "workday"}:
        return "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", lambda day: day.weekday() < 5  # noqa: PLR2004
    if rest == "quarter":
        return "FREQ=MONTHLY;INTERVAL=3", _always
    if rest == "last day":
        return "FREQ=MONTHLY;BYMONTHDAY=-1", lambda day: (day + timedelta(days=1)).day == 1
    return _counted(rest) or _weekdays(rest) or _nth_weekday(rest) or _yearly(rest) or _month_days(rest)


def _counted(rest: str) -> tuple[str, Callable[[date], bool]] | None:
    number, _, unit = rest.rpartition(" ")
    every = {"": "1", "other": "2"}.get(number, number)
    frequency = _UNIT.get(unit.removesuffix("s"))
    if frequency is None or not (every.isdecimal() and every.isascii() and len(every) <= 3 and int(every)):  # noqa: PLR2004
        return None
    return f"FREQ={frequency}" + (f";INTERVAL={int(every)}" if int(every) > 1 else ""), _always


def _listed(rest: str) -> list[str]:
    return rest.replace(" and ", ",").replace("&", ",").replace(", ", ",").split(",")


def _weekdays(rest: str) -> tuple[str, Callable[[date], bool]] | None:
    other = rest.startswith("other ")
    names = [name.strip() for name in _listed(rest.removeprefix("other "))]
    days = sorted({_WEEKDAY.get(name, -1) for name in names})
    if -1 in days or (other and len(days) > 1):
        return None
    letters = ",".join(_LETTERS[day] for day in days)
    return f"FREQ=WEEKLY;{'INTERVAL=2;' if other else ''}BYDAY={letters}", lambda day: day.weekday() in days


def _nth_weekday(rest: str) -> tuple[str, Callable[[date], bool]] | None:
    ordinal, _, name = rest.partition(" ")
    at, weekday = _ORDINAL.get(ordinal), _WEEKDAY.get(name)
    if at is None or weekday is None:
        return None

    def matches(day: date) -> bool:
        if at == -1:
            return day.weekday() == weekday and (day + timedelta(days=7)).month != day.month
        return day.weekday() == weekday and (day.day - 1) // 7 == at - 1

    return f"FREQ=MONTHLY;BYDAY={at}{_LETTERS[weekday]}", matches


def _yearly(rest: str) -> tuple[str, Callable[[date], bool]] | None:
    parts = rest.split()
    day, month = _day_and_month(parts) if len(parts) == 2 else (None, None)  # noqa: PLR2004
    if not day or not month:
        return None
    rule = f"FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={day}"
    return rule, lambda other: (other.month, other.day) == (month, day)


def _month_days(rest: str) -> tuple[str, Callable[[date], bool]] | None:
    found = [_NUMBER.fullmatch(part.strip()) for part in _listed(rest)]
    days = sorted({int(each[1]) for each in found if each})
    if None in found or not days or not 1 <= days[0] <= days[-1] <= 31:  # noqa: PLR2004
        return None
    return f"FREQ=MONTHLY;BYMONTHDAY={','.join(map(str, days))}", lambda day: day.day in days


def _day_and_month(parts: list[str]) -> tuple[int | None, int | None]:
    for one, two in (parts, parts[::-1]):
        found, month = _NUMBER.fullmatch(one), _MONTH.get(two)
        if found and month:
            return int(found[1]), month
    return None, None


def _time_apart(words: str) -> tuple[str, str | None]:
    """Return the words before a time, and the time, if one ends them for certain: `at 9`, `9am`, `9:00`."""
    for place in (words.rfind(" at "), words.rfind(" "), words[: max(words.rfind(" "), 0)].rfind(" ")):
        found = _AT.match(words[place + 1 :]) if place > 0 else None
        if not found or not (words[place + 1 :].startswith(("at ", "@")) or found[2] or found[3]):
            continue
        hour, minute = int(found[1]), int(found[2] or 0)
        if found[3] and 1 <= hour <= _NOON:
            hour = hour % _NOON + (_NOON if found[3] == "pm" else 0)
        if hour < 24 and minute < 60:  # noqa: PLR2004
            return words[:place].strip(), f"{hour:02}:{minute:02}"
    return words, None
