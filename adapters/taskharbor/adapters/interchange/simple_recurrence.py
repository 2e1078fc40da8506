"""Every n days, weeks, months or years: the recurrence that Taskwarrior and todo.txt can express."""

import calendar
from dataclasses import replace
from datetime import MAXYEAR, datetime, timedelta
from enum import StrEnum
from typing import Final

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.frozen import frozen
from taskharbor.domain.recurrence.rule import RecurrenceRule
from taskharbor.domain.recurrence.rule_parser import recurrence_rule_from


class Unit(StrEnum):
    """What is counted."""

    HOUR = "hour"
    DAY = "day"
    WORKDAY = "workday"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


_FREQUENCY: Final = {
    Unit.HOUR: "HOURLY",
    Unit.DAY: "DAILY",
    Unit.WORKDAY: "WEEKLY",
    Unit.WEEK: "WEEKLY",
    Unit.MONTH: "MONTHLY",
    Unit.YEAR: "YEARLY",
}
_WORKDAYS: Final = "BYDAY=MO,TU,WE,TH,FR"
_FRIDAY: Final = 4
_SURE_DAYS: Final = 28
_FEBRUARY: Final = 2


@frozen
class Interval:
    """How often: every `number` units. A workday is Monday to Friday; there is only every one of them."""

    unit: Unit
    number: int = 1

    def rrule(self, first: datetime) -> str | None:
        """Return the RRULE of a series that begins at `first`, or None if Taskharbor takes no such rule.

        A month after the 31st of January is the last day of February.
        """
        parts = [f"FREQ={_FREQUENCY[self.unit]}"]
        parts += [f"INTERVAL={self.number}"] if self.number != 1 else []
        if self.unit is Unit.WORKDAY:
            parts += [_WORKDAYS]
        is_leap_day = self.unit is Unit.YEAR and (first.month, first.day) == (_FEBRUARY, _SURE_DAYS + 1)
        if first.day > _SURE_DAYS and (self.unit is Unit.MONTH or is_leap_day):
            parts += [f"BYMONTH={_FEBRUARY}"] if is_leap_day else []
            parts += [f"BYMONTHDAY={','.join(map(str, range(_SURE_DAYS, first.day + 1)))}", "BYSETPOS=-1"]
        text = ";".join(parts)
        try:
            recurrence_rule_from("rrule", text)
        except InvalidValue:
            return None
        return None if self.unit is Unit.WORKDAY and self.number != 1 else text

    def after(self, first: datetime, steps: int) -> datetime:
        """Return the local time that comes so many occurrences after `first`.

        Raises:
            OverflowError: beyond the year 9999.
        """
        by = self.number * steps
        match self.unit:
            case Unit.HOUR:
                return first + timedelta(hours=by)
            case Unit.DAY:
                return first + timedelta(days=by)
            case Unit.WEEK:
                return first + timedelta(weeks=by)
            case Unit.WORKDAY:
                return _workdays_after(first, steps)
            case Unit.MONTH | Unit.YEAR:
                return _months_after(first, by if self.unit is Unit.MONTH else by * 12)


def interval_of(rule: RecurrenceRule, first: datetime) -> Interval | None:
    """Return the interval of a rule, ignoring UNTIL, or None if the rule says more."""
    bare = replace(rule, text="", until=None)
    for unit in Unit:
        every = Interval(unit, rule.interval)
        text = every.rrule(first)
        if text is not None and replace(recurrence_rule_from("rrule", text), text="") == bare:
            return every
    return None


def steps_between(every: Interval, first: datetime, current: datetime, *, most: int) -> int | None:
    """Return how many occurrences `current` comes after `first`; None if it is none, or after more than `most`."""
    try:
        for steps in range(most + 1):
            wall = every.after(first, steps)
            if wall >= current:
                return steps if wall == current else None
    except OverflowError:
        pass
    return None


def _months_after(first: datetime, months: int) -> datetime:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    if year > MAXYEAR:
        raise OverflowError("beyond the year 9999")
    return first.replace(year=year, month=month + 1, day=min(first.day, calendar.monthrange(year, month + 1)[1]))


def _workdays_after(first: datetime, days: int) -> datetime:
    weeks, left = divmod(days, 5)
    if first.weekday() > _FRIDAY and days:  # what begins on a weekend goes on on Monday
        first += timedelta(days=7 - first.weekday())
        weeks, left = divmod(days - 1, 5)
    wall = first + timedelta(weeks=weeks)
    for _ in range(left):
        wall += timedelta(days=1 if wall.weekday() < _FRIDAY else 7 - wall.weekday())
    return wall
