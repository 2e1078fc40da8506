"""The port `Occurrences` on python-dateutil, bounded."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import chain, groupby
from typing import TypeVar

from taskharbor.adapters.recurrence.days_of_year import DaysOfYear
from taskharbor.adapters.recurrence.periods import Periods, Years, times_of_day, times_of_hour
from taskharbor.application.ports.occurrences import Occurrences
from taskharbor.domain.recurrence.rule import Frequency, RecurrenceRule

T = TypeVar("T")


class DateutilOccurrences(Occurrences):
    """dateutil says which days of a year fit the rule; intervals, positions and times are counted here.

    So the next occurrence costs a hundred years at the most, a fraction of a millisecond each, whatever the rule.
    """

    def walls(self, rule: RecurrenceRule, first: datetime, since: datetime) -> Iterator[datetime]:
        """See the port."""
        since = max(first, since)
        years = Years(rule, first, since)
        days = chain.from_iterable(map(DaysOfYear.of(rule, first).days, years))
        for wall in (_hourly if rule.frequency is Frequency.HOURLY else _periodic)(rule, first, days):
            if wall >= since:
                years.barren = 0
                yield wall


def _periodic(rule: RecurrenceRule, first: datetime, days: Iterator[datetime]) -> Iterator[datetime]:
    """Yield the times of each `interval`th year, month, week or day."""
    periods = Periods(rule, first)
    times = times_of_day(rule, first)
    for number, group in groupby(days, periods.number):
        if periods.counts(number):
            yield from _at_positions(rule, [datetime.combine(day, at) for day in group for at in times])


def _hourly(rule: RecurrenceRule, first: datetime, days: Iterator[datetime]) -> Iterator[datetime]:
    """Yield the times of each `interval`th hour."""
    times = _at_positions(rule, times_of_hour(rule, first))
    begin = first.toordinal() * 24 + first.hour
    for day in days if times else ():
        for hour in range((begin - day.toordinal() * 24) % rule.interval, 24, rule.interval):
            if not rule.by_hour or hour in rule.by_hour:
                yield from (datetime.combine(day, at.replace(hour=hour)) for at in times)


def _at_positions(rule: RecurrenceRule, items: Sequence[T]) -> Sequence[T]:
    """Return what BYSETPOS leaves of the ordered set that one period holds."""
    if not rule.by_set_position:
        return items
    places = {place - 1 if place > 0 else len(items) + place for place in rule.by_set_position}
    return [items[place] for place in sorted(places) if 0 <= place < len(items)]
