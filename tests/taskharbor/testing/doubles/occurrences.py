"""A stand-in for what expands recurrence rules, so that the kit needs no dependency for it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from taskharbor.application.ports.occurrences import Occurrences
from taskharbor.domain.recurrence.rule import Frequency, RecurrenceRule

_STEPS = {
    Frequency.WEEKLY: timedelta(weeks=1),
    Frequency.DAILY: timedelta(days=1),
    Frequency.HOURLY: timedelta(hours=1),
}


class FakeOccurrences(Occurrences):
    """Knows every nth week, day and hour; other rules, and BY parts, never recur."""

    def walls(self, rule: RecurrenceRule, first: datetime, since: datetime) -> Iterator[datetime]:
        """Yield the local times from `since` on."""
        if rule.frequency not in _STEPS:
            return
        step = _STEPS[rule.frequency] * rule.interval
        number = max(0, -((first - since) // step))
        while True:
            try:
                wall = first + number * step
            except OverflowError:
                return
            yield wall
            number += 1
