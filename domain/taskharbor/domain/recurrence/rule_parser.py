"""Parsing a recurrence rule: the grammar and the conditions of RFC 5545 section 3.3.10, and our own limits.

Rules more frequent than hourly, or than 96 times a day, are refused, and so is a COUNT above 4,000. Whatever the RFC
says MUST NOT be is refused: other parsers accept it, each with a different meaning.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.recurrence.rule import (
    MAX_COUNT,
    MAX_INTERVAL,
    MAX_TIMES_A_DAY,
    ByDay,
    Frequency,
    RecurrenceRule,
    Until,
)
from taskharbor.domain.values.primitives import string_from

MAX_RULE_LENGTH: Final = 500
"""In characters."""

_WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_BY_DAY: Final = re.compile(rf"([+-]?[0-9]{{1,2}})?({'|'.join(_WEEKDAYS)})")
_UNTIL: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:T([0-9]{2})([0-9]{2})([0-9]{2})(Z?))?")
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,6}")
_LONGEST_ECHO: Final = 20

# By part: the field of RecurrenceRule, the least and the greatest number, whether -n counts from the end.
_LISTS: Final[Mapping[str, tuple[str, int, int, bool]]] = {
    "BYMONTH": ("by_month", 1, 12, False),
    "BYWEEKNO": ("by_week_number", 1, 53, True),
    "BYYEARDAY": ("by_year_day", 1, 366, True),
    "BYMONTHDAY": ("by_month_day", 1, 31, True),
    "BYHOUR": ("by_hour", 0, 23, False),
    "BYMINUTE": ("by_minute", 0, 59, False),
    "BYSECOND": ("by_second", 0, 59, False),
    "BYSETPOS": ("by_set_position", 1, 366, True),
}
_PARTS: Final = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", *_LISTS})

_NOT_WITH: Final[Mapping[str, frozenset[Frequency]]] = {
    "BYWEEKNO": frozenset(Frequency) - {Frequency.YEARLY},
    "BYYEARDAY": frozenset({Frequency.DAILY, Frequency.WEEKLY, Frequency.MONTHLY}),
    "BYMONTHDAY": frozenset({Frequency.WEEKLY}),
}


def recurrence_rule_from(field: str, value: object) -> RecurrenceRule:
    """Return `value`, such as `FREQ=MONTHLY;BYMONTHDAY=31`, as a rule.

    Raises:
        InvalidValue: for `field`; the reason begins with the part of the rule that it is about.
    """
    text = string_from(field, value)
    if len(text) > MAX_RULE_LENGTH:
        raise InvalidValue(field, f"must have at most {MAX_RULE_LENGTH} characters, has {len(text)}")
    try:
        return _read(text)
    except _Refused as refused:
        raise InvalidValue(field, str(refused)) from None


class _Refused(Exception):
    """What is wrong, and with which part."""


@lru_cache(maxsize=1024)  # the same few rules come with every task
def _read(text: str) -> RecurrenceRule:
    text = text.upper()
    parts = _parts(text)
    if parts.get("FREQ") not in {*Frequency}:
        raise _Refused(f"FREQ must be given, and be one of {', '.join(Frequency)}")
    by_day = tuple(
        sorted(_by_days(parts["BYDAY"]), key=lambda day: (day.weekday, day.nth or 0)) if "BYDAY" in parts else ()
    )
    rule = RecurrenceRule(
        text=text,
        frequency=Frequency(parts["FREQ"]),
        interval=_integer_between("INTERVAL", parts.get("INTERVAL", "1"), 1, MAX_INTERVAL),
        count=_integer_between("COUNT", parts["COUNT"], 1, MAX_COUNT) if "COUNT" in parts else None,
        until=_until(parts["UNTIL"]) if "UNTIL" in parts else None,
        week_start=_weekday("WKST", parts.get("WKST", "MO")),
        by_day=by_day,
        **{_LISTS[name][0]: _numbers(name, parts[name]) for name in _LISTS if name in parts},
    )
    _check(rule, parts)
    return rule


def _parts(text: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        if not equals or not value:
            raise _Refused(f"{part[:_LONGEST_ECHO]!r} must be a part such as INTERVAL=2; parts are separated by ;")
        if name not in _PARTS:
            raise _Refused(f"{name[:_LONGEST_ECHO]} is not recognized: {', '.join(sorted(_PARTS))} are")
        if name in parts:
            raise _Refused(f"{name} must be given once only")
        parts[name] = value
    return parts


def _check(rule: RecurrenceRule, parts: Mapping[str, str]) -> None:
    """Refuse what RFC 5545 says must not be, and what comes too often."""
    frequency = rule.frequency
    for name, frequencies in _NOT_WITH.items():
        if name in parts and frequency in frequencies:
            raise _Refused(f"{name} must not be used with FREQ={frequency}")
    if any(day.nth for day in rule.by_day):
        if frequency not in {Frequency.MONTHLY, Frequency.YEARLY}:
            raise _Refused(f"BYDAY must not have numbers with FREQ={frequency}")
        if rule.by_week_number:
            raise _Refused("BYDAY must not have numbers with BYWEEKNO")
    if "BYSETPOS" in parts and not any(name.startswith("BY") and name != "BYSETPOS" for name in parts):
        raise _Refused("BYSETPOS must be used with another BY part")
    if "COUNT" in parts and "UNTIL" in parts:
        raise _Refused("COUNT must not be used with UNTIL")
    hours = len(rule.by_hour) or (24 if frequency is Frequency.HOURLY else 1)
    times = hours * (len(rule.by_minute) or 1) * (len(rule.by_second) or 1)
    if times > MAX_TIMES_A_DAY:
        raise _Refused(f"BYHOUR, BYMINUTE and BYSECOND must not ask for more than {MAX_TIMES_A_DAY} times a day")


def _numbers(name: str, text: str) -> tuple[int, ...]:
    _, least, most, from_end = _LISTS[name]
    return tuple(sorted({_integer_between(name, item, least, most, from_end=from_end) for item in text.split(",")}))


def _integer_between(name: str, text: str, least: int, most: int, *, from_end: bool = False) -> int:
    number = int(text) if _INTEGER.fullmatch(text) and (from_end or text.isdigit()) else None
    if number is None or not least <= (abs(number) if from_end else number) <= most:
        ends = f", or from -{most} to -{least}" if from_end else ""
        raise _Refused(f"{name} must be from {least} to {most}{ends}")
    return number


def _by_days(text: str) -> set[ByDay]:
    return {_by_day(item) for item in text.split(",")}


def _by_day(text: str) -> ByDay:
    found = _BY_DAY.fullmatch(text)
    if not found:
        raise _Refused("BYDAY must be days of the week such as MO,2TU,-1FR")
    nth, name = found.groups()
    return ByDay(_WEEKDAYS.index(name), None if nth is None else _integer_between("BYDAY", nth, 1, 53, from_end=True))


def _weekday(name: str, text: str) -> int:
    if text not in _WEEKDAYS:
        raise _Refused(f"{name} must be one of {', '.join(_WEEKDAYS)}")
    return _WEEKDAYS.index(text)


def _until(text: str) -> Until:
    found = _UNTIL.fullmatch(text)
    if not found:
        raise _Refused(
            "UNTIL must be a date such as 20261231, or a date-time such as 20261231T170000 or 20261231T170000Z"
        )
    *numbers, utc = found.groups()
    year, month, day, hour, minute, second = (int(number or 0) for number in numbers)
    try:
        wall = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - it may be local
    except ValueError as error:
        raise _Refused(f"UNTIL does not exist: {error}") from None
    if utc is None:
        return wall.date()
    return wall.replace(tzinfo=UTC) if utc else wall
