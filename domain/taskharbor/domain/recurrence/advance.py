"""Where a series goes when its current occurrence is done or skipped."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from taskharbor.domain.recurrence.recurrence import Overdue, Recurrence, wall_of
from taskharbor.domain.recurrence.rule import Frequency
from taskharbor.domain.recurrence.series import Pattern, occurrences, used_up
from taskharbor.domain.values.calendar_time import CalendarTime, Zoned
from taskharbor.domain.values.time_zone import zone

_MARGIN = timedelta(days=3)
"""More than two local times of one instant can be apart, a whole day's length included."""


def next_by_schedule(
    recurrence: Recurrence, pattern: Pattern, *, is_over: Callable[[CalendarTime], bool], since: datetime
) -> Recurrence | None:
    """Return the series at its next occurrence, by its rule and its dates; None if this was the last.

    Args:
        recurrence: the series at the current occurrence.
        pattern: what expands its rule.
        is_over: whether an occurrence is overdue already. Asked only if those that are shall be skipped.
        since: a local time before which all of them are.
    """
    if recurrence.overdue is Overdue.CATCH_UP:
        return _continued_from(
            recurrence, pattern, next(occurrences(recurrence, pattern, since=wall_of(recurrence.current)), None)
        )
    coming = occurrences(recurrence, pattern, since=since)
    return _continued_from(recurrence, pattern, next((moment for moment in coming if not is_over(moment)), None))


def next_after_completion(recurrence: Recurrence, pattern: Pattern, *, at: datetime, viewer: str) -> Recurrence | None:
    """Return the series at its next occurrence, counted from when this one was done; None if this was the last.

    The rule counts from the day of completion, and keeps its time of day; an hourly one counts from the minute. The
    day is that of the time zone of the series, or of the viewer if it has none.
    """
    rule = recurrence.rule
    done = _clock(at, recurrence, viewer).replace(microsecond=0)
    first = done.replace(second=0)
    if rule is None or rule.frequency is not Frequency.HOURLY:
        first = datetime.combine(done.date(), wall_of(recurrence.first).time())
    since = max(first, done, wall_of(recurrence.current))  # what is done early has been done all the same
    uncounted = None if rule is None else replace(rule.counted_from(first.date()), count=None)
    coming = replace(recurrence, rule=uncounted, first=recurrence.at(first), current=recurrence.at(since))
    moment = next(occurrences(coming, pattern, since=since), None)
    if rule is not None and rule.count is not None:
        if rule.count == 1:
            moment = next((date for date in recurrence.rdate if wall_of(date) > since), None)
        rule = rule.with_count(rule.count - 1) if rule.count > 1 else None
    return None if moment is None else replace(recurrence, rule=rule, first=moment, current=moment)


def surely_before(at: datetime, recurrence: Recurrence, viewer: str, length: timedelta) -> datetime:
    """Return a local time at which whatever begins and takes `length` is over at the instant `at`, and little more."""
    try:
        return _clock(at, recurrence, viewer) - length - _MARGIN
    except OverflowError:
        return wall_of(recurrence.current)


def _clock(at: datetime, recurrence: Recurrence, viewer: str) -> datetime:
    there = zone(recurrence.first.time_zone if isinstance(recurrence.first, Zoned) else viewer)
    return at.astimezone(there).replace(tzinfo=None, fold=0)


def _continued_from(recurrence: Recurrence, pattern: Pattern, moment: CalendarTime | None) -> Recurrence | None:
    if moment is None:
        return None
    rule = recurrence.rule
    if rule is not None and rule.count is not None:
        left = rule.count - used_up(recurrence, pattern, before=moment)
        rule = rule.with_count(left) if left > 0 else None
    return replace(recurrence, rule=rule, current=moment)
