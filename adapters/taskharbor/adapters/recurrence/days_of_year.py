"""Which days of one year a rule is about: the part of a recurrence rule that python-dateutil works out."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import MAXYEAR, MINYEAR, datetime
from typing import Final, Self

from dateutil.rrule import YEARLY, rrule, weekday

from taskharbor.domain.frozen import frozen
from taskharbor.domain.recurrence.rule import ByDay, Frequency, RecurrenceRule

_MOST_IN_MONTH: Final = 5
_MOST_IN_YEAR: Final = 53
"""How often a weekday can come."""

_EACH: Final = [weekday(number) for number in range(7)]


@frozen
class DaysOfYear:
    """The conditions of a rule on days, whatever its frequency.

    An `rrule` is asked for one year at a time. An endless one of dateutil does not come back from looking for a day
    that never is, such as the 30th of February, before the year 9999, whatever its `until` says.

    Attributes:
        rule: a rule that says on which days.
    """

    rule: RecurrenceRule

    @classmethod
    def of(cls, rule: RecurrenceRule, first: datetime) -> Self:
        """Return those of `rule`, with what it takes from the first occurrence: RFC 5545 section 3.3.10, at the end."""
        if not rule.names_days:
            if rule.frequency is Frequency.YEARLY:
                rule = replace(rule, by_month=rule.by_month or (first.month,), by_month_day=(first.day,))
            elif rule.frequency is Frequency.MONTHLY:
                rule = replace(rule, by_month_day=(first.day,))
            elif rule.frequency is Frequency.WEEKLY:
                rule = replace(rule, by_day=(ByDay(first.weekday()),))
        return cls(rule)

    def days(self, year: int) -> Iterable[datetime]:
        """Return the days, each as its midnight, ascending."""
        rule = self.rule
        if year == MINYEAR and rule.by_week_number:
            return ()  # dateutil looks for the weeks of the year before
        # BYDAY counts within the months unless the rule is of years and names none: section 3.3.10, notes 1 and 2.
        months = rule.by_month or (None if rule.frequency is Frequency.YEARLY else range(1, 13))
        weekdays = self._weekdays(most=_MOST_IN_YEAR if months is None else _MOST_IN_MONTH)
        if weekdays == []:
            return ()
        return rrule(
            YEARLY,
            dtstart=datetime(year, 1, 1),  # noqa: DTZ001 - it is local
            interval=MAXYEAR,  # so the year is the only one
            wkst=rule.week_start,
            bymonth=months,
            byweekno=rule.by_week_number or None,
            byyearday=rule.by_year_day or None,
            bymonthday=rule.by_month_day or None,
            byweekday=weekdays,
        )

    def _weekdays(self, *, most: int) -> list[weekday] | None:
        """Return what `byweekday` must be; None stands for no condition, and an empty list for one that nothing meets.

        dateutil wants both of `MO,2TU` at once, so that each Monday becomes the first, the second and so on here. And
        it fails for the 20th Monday of a month.
        """
        by_day = self.rule.by_day
        if not self.rule.names_days:
            return _EACH  # without any condition dateutil would take the day from `dtstart`
        if not any(day.nth for day in by_day):
            return [weekday(day.weekday) for day in by_day] or None
        numbered = [(day, nth) for day in by_day for nth in ((day.nth,) if day.nth else range(1, most + 1))]
        return [weekday(day.weekday, nth) for day, nth in numbered if abs(nth) <= most]
