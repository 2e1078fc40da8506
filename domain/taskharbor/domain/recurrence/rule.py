"""A recurrence rule: RECUR of RFC 5545 section 3.3.10.

The text is kept, in capitals. Only rules that the RFC allows are taken, and of these only what a task can mean and
what cannot be made to cost much: see `rule_parser`.
"""

import re
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Self, TypeAlias

from taskharbor.domain.frozen import frozen

MAX_COUNT: Final = 4000
"""The most occurrences that COUNT may ask for: ten years of days."""

MAX_INTERVAL: Final = 1000

MAX_TIMES_A_DAY: Final = 96
"""Every quarter of an hour."""

Until: TypeAlias = date | datetime
"""Of which day, local time (naive) or instant (aware, in UTC) an occurrence can be the last."""

_COUNT: Final = re.compile(r"(?<=COUNT=)[0-9]+")


class Frequency(StrEnum):
    """What an interval is counted in."""

    YEARLY = "YEARLY"
    MONTHLY = "MONTHLY"
    WEEKLY = "WEEKLY"
    DAILY = "DAILY"
    HOURLY = "HOURLY"


@frozen
class ByDay:
    """A day of the week, or the nth one of its month or year.

    Attributes:
        weekday: 0 (Monday) to 6 (Sunday).
        nth: 1 is the first, -1 the last; None stands for each.
    """

    weekday: int
    nth: int | None = None


@frozen(kw_only=True)
class RecurrenceRule:
    """A parsed rule. Made by `recurrence_rule_from`; the constructor checks nothing.

    Attributes:
        text: the rule as it was given, in capitals.
        frequency: the unit of `interval`.
        interval: every how many units.
        count: how many occurrences there are left, the current one included; None stands for any number.
        until: what no occurrence comes after; None if they never end.
        week_start: on which day weeks begin, 0 (Monday) to 6 (Sunday).
        by_month: 1 to 12. These and all below are in ascending order, and empty if the rule does not say.
        by_week_number: weeks of the year as in ISO 8601, -1 is the last.
        by_year_day: 1 to 366, -1 is the last.
        by_month_day: 1 to 31, -1 is the last.
        by_day: days of the week.
        by_hour: 0 to 23.
        by_minute: 0 to 59.
        by_second: 0 to 59.
        by_set_position: which of the occurrences of each year, month, week, day or hour; -1 is the last of them.
    """

    text: str
    frequency: Frequency
    interval: int = 1
    count: int | None = None
    until: Until | None = None
    week_start: int = 0
    by_month: tuple[int, ...] = ()
    by_week_number: tuple[int, ...] = ()
    by_year_day: tuple[int, ...] = ()
    by_month_day: tuple[int, ...] = ()
    by_day: tuple[ByDay, ...] = ()
    by_hour: tuple[int, ...] = ()
    by_minute: tuple[int, ...] = ()
    by_second: tuple[int, ...] = ()
    by_set_position: tuple[int, ...] = ()

    @property
    def names_days(self) -> bool:
        """Whether it says on which days; else it takes the day from the first occurrence."""
        return bool(self.by_week_number or self.by_year_day or self.by_month_day or self.by_day)

    def with_count(self, count: int) -> Self:
        """Return the same rule with another COUNT; it must have one."""
        return replace(self, text=_COUNT.sub(str(count), self.text), count=count)

    def without_times(self) -> Self:
        """Return the rule for dates: BYHOUR, BYMINUTE and BYSECOND must be ignored then (RFC 5545 section 3.3.10)."""
        return replace(self, by_hour=(), by_minute=(), by_second=())

    def counted_from(self, day: date) -> Self:
        """Return the rule for counting from the day on which something was done, whichever that happens to be.

        A month after the 31st of January there is no 31st of February. Where the rule names no days, the last day of
        a shorter month will do: RFC 5545 can say so with BYSETPOS.
        """
        is_yearly = self.frequency is Frequency.YEARLY
        if self.names_days or self.by_set_position or self.frequency not in {Frequency.MONTHLY, Frequency.YEARLY}:
            return self
        if day.day <= _SURE_DAYS or (is_yearly and (self.by_month or (day.month, day.day) != _LEAP_DAY)):
            return self
        return replace(
            self,
            by_month=(day.month,) if is_yearly else self.by_month,
            by_month_day=tuple(range(_SURE_DAYS, day.day + 1)),
            by_set_position=(-1,),
        )

    def ends_before(self, wall: datetime, instant: datetime | None) -> bool:
        """Return whether `until` comes before an occurrence.

        RFC 5545 wants UNTIL to be of the kind that the first occurrence is of; clients in use do not keep to that. A
        day includes all of itself. An instant is compared with the instant of an occurrence in a time zone, and by
        what it says with one that has no zone.

        Args:
            wall: its local time; midnight if it is a whole day.
            instant: its instant in UTC; None if it has no zone.
        """
        if self.until is None:
            return False
        if not isinstance(self.until, datetime):
            return wall.date() > self.until
        if self.until.tzinfo is None:
            return wall > self.until
        return instant > self.until if instant is not None else wall > self.until.replace(tzinfo=None)


_SURE_DAYS: Final = 28
_LEAP_DAY: Final = (2, 29)
