"""The years, months, weeks and days that a rule counts, and the years in which to look for them."""

from collections.abc import Iterator
from datetime import MAXYEAR, date, datetime, time
from typing import Final

from taskharbor.domain.recurrence.rule import Frequency, RecurrenceRule

MAX_BARREN_YEARS: Final = 100
"""After this many years in a row that could hold an occurrence but do not, the search ends."""

_DAYS_OF_WEEK: Final = 7
_MONTHS: Final = 12


class Periods:
    """Numbers the periods of a rule that is not hourly: successive ones have successive numbers."""

    def __init__(self, rule: RecurrenceRule, first: datetime) -> None:
        self._frequency = rule.frequency
        self._week_start = rule.week_start
        self._interval = rule.interval
        self._first = self.number(first)

    def number(self, day: datetime) -> int:
        """Return the number of the period that holds a day."""
        if self._frequency is Frequency.YEARLY:
            return day.year
        if self._frequency is Frequency.MONTHLY:
            return day.year * _MONTHS + day.month
        ordinal = day.toordinal()
        if self._frequency is Frequency.WEEKLY:
            return (ordinal - 1 - self._week_start) // _DAYS_OF_WEEK  # day 1 was a Monday
        return ordinal

    def counts(self, number: int) -> bool:
        """Return whether the period is one of those that `interval` leaves."""
        return (number - self._first) % self._interval == 0


class Years:
    """The years that can hold an occurrence, in order, until too many have held none.

    Attributes:
        barren: how many years have been searched since the last occurrence, which resets it to 0.
    """

    def __init__(self, rule: RecurrenceRule, first: datetime, since: datetime) -> None:
        self._rule = rule
        self._first = first
        self._since = since
        self.barren = 0

    def __iter__(self) -> Iterator[int]:
        for year in range(self._first_year(), MAXYEAR + 1):
            if self._counts(year):
                if self.barren == MAX_BARREN_YEARS:
                    return
                self.barren += 1
                yield year

    def _first_year(self) -> int:
        """Return the year in which the period begins that is first to be looked at."""
        if self._rule.frequency is not Frequency.WEEKLY:
            return self._since.year
        into_week = (self._since.weekday() - self._rule.week_start) % _DAYS_OF_WEEK
        return date.fromordinal(max(1, self._since.toordinal() - into_week)).year

    def _counts(self, year: int) -> bool:
        interval = self._rule.interval
        if self._rule.frequency is Frequency.YEARLY:
            return (year - self._first.year) % interval == 0
        if self._rule.frequency is Frequency.MONTHLY and interval > _MONTHS:
            january = (year - self._first.year) * _MONTHS + 1 - self._first.month
            return -january % interval < _MONTHS
        return True


def times_of_day(rule: RecurrenceRule, first: datetime) -> list[time]:
    """Return the times of each day, ascending; what the rule does not say is as in the first occurrence."""
    return [at.replace(hour=hour) for hour in rule.by_hour or (first.hour,) for at in times_of_hour(rule, first)]


def times_of_hour(rule: RecurrenceRule, first: datetime) -> list[time]:
    """Return the times of each hour, ascending, as those of the hour after midnight."""
    minutes, seconds = rule.by_minute or (first.minute,), rule.by_second or (first.second,)
    return [time(0, minute, second) for minute in minutes for second in seconds]
