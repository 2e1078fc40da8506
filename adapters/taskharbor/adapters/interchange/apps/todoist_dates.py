"""Dates as Todoist writes them, in English: what is certain of them.

Source: todoist.com/help, `Introduction to dates and times` and `Set a recurring due date`. Taken are dates, and `every`
(`every!` counts from completion) with days, weekdays, weeks, months, years, days of the month and the year, the
first to fourth or last weekday of a month, each with a time, and with a beginning and an end (`starting`, `until`,
`for`). `tomorrow` and `1 Dec` are counted from the day of the import, as Todoist does with a template.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Final, NamedTuple

from taskharbor.adapters.interchange.apps.todoist_days import WEEKDAYS, day_and_month, day_said, later

_LETTERS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_ORDINAL: Final = {"1st": 1, "first": 1, "2nd": 2, "second": 2, "3rd": 3, "third": 3, "4th": 4, "fourth": 4, "last": -1}
_UNIT: Final = {"hour": "HOURLY", "day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}
_WORDS: Final = {"daily": "day", "weekly": "week", "monthly": "month", "yearly": "year", "annually": "year"}
_TIMES: Final = {"morning": "09:00", "afternoon": "12:00", "evening": "19:00", "night": "22:00"}
_AT: Final = re.compile(r"(?:at |@ ?)?([0-9]{1,2})(?::([0-9]{2}))? ?(am|pm)?$")
_ISO: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ t]([0-9]{2}:[0-9]{2})(?::[0-9]{2})?)?")
_YEAR: Final = re.compile(r"\b[0-9]{4}$")
_SPAN: Final = re.compile(r" (starting|starts|from|until|till|ending|ends|for) ")
_FOR: Final = re.compile(r"([0-9]{1,3}) (day|week|month|year)s?")
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
        is_relative: whether it depends on the day on which it is read.
    """

    day: date
    time: str | None
    rrule: str | None = None
    from_completion: bool = False
    is_relative: bool = False


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
    day = day_said(rest, today)
    return None if day is None else ParsedDate(day, at, is_relative=not _YEAR.search(rest))


def _dated(day: str, at: str | None) -> ParsedDate | None:
    try:
        return ParsedDate(date.fromisoformat(day), at)
    except ValueError:
        return None


def _recurring(words: str, today: date, *, from_completion: bool) -> ParsedDate | None:
    words, *bounds = _SPAN.split(words)
    span = _span(bounds, today)
    rest, at = _time_apart(words)
    if rest in _TIMES:
        rest, at = "day", at or _TIMES[rest]
    found = _rule(rest)
    if found is None or span is None:
        return None
    rule, matches = found
    day, until = span
    last = day + timedelta(days=366 * _YEARS_TO_LOOK) if day.year < 9000 else day  # noqa: PLR2004
    while not matches(day):
        day += timedelta(days=1)
        if day > last:
            return None
    if until is not None:
        rule = f"{rule};UNTIL={until:%Y%m%d}" if until >= day else ""
    return ParsedDate(day, at, rule, from_completion) if rule else None


def _span(bounds: list[str], today: date) -> tuple[date, date | None] | None:
    """Return the first day on which a series may begin, and the last, of words and what they bound; None if unclear."""
    said = dict(zip(bounds[::2], bounds[1::2], strict=True))
    if len(said) * 2 < len(bounds):
        return None
    first, until = today, None
    for word in ("starting", "starts", "from", "until", "till", "ending", "ends", "for"):
        if word not in said:
            continue
        if word in {"starting", "starts", "from"}:
            day = _day_of_bound(said[word], today)
            first = max(first, day) if day else first
        elif word == "for":
            found = _FOR.fullmatch(said[word])
            day = until = found and later(first, int(found[1]), found[2])
        else:
            day = until = _day_of_bound(said[word], first)
        if day is None:
            return None
    return first, until


def _day_of_bound(text: str, today: date) -> date | None:
    if found := _ISO.fullmatch(text):
        dated = _dated(found[1], None)
        return dated and dated.day
    return day_said(text, today)


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
    days = sorted({WEEKDAYS.get(name, -1) for name in names})
    if -1 in days or (other and len(days) > 1):
        return None
    letters = ",".join(_LETTERS[day] for day in days)
    return f"FREQ=WEEKLY;{'INTERVAL=2;' if other else ''}BYDAY={letters}", lambda day: day.weekday() in days


def _nth_weekday(rest: str) -> tuple[str, Callable[[date], bool]] | None:
    ordinal, _, name = rest.partition(" ")
    at, weekday = _ORDINAL.get(ordinal), WEEKDAYS.get(name)
    if at is None or weekday is None:
        return None

    def matches(day: date) -> bool:
        if at == -1:
            return day.weekday() == weekday and (day + timedelta(days=7)).month != day.month
        return day.weekday() == weekday and (day.day - 1) // 7 == at - 1

    return f"FREQ=MONTHLY;BYDAY={at}{_LETTERS[weekday]}", matches


def _yearly(rest: str) -> tuple[str, Callable[[date], bool]] | None:
    parts = rest.split()
    day, month = day_and_month(parts) if len(parts) == 2 else (None, None)  # noqa: PLR2004
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
