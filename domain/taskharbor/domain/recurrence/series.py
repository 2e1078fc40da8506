"""The occurrences of a series: what RFC 5545 section 3.8.5 makes of a rule, RDATE and EXDATE, lazily.

A rule is expanded on the clock on the wall, by a `Pattern`; what becomes of it in a time zone is decided here. A local
time that a gap skips is taken as section 3.3.5 says, so that a daily task does not vanish on the day on which the
clocks change. Where that would put it at or after the next occurrence it is left out, as section 3.3.10 says. So the
occurrences of a rule strictly increase, on the wall and in UTC.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from heapq import merge
from itertools import islice, takewhile
from typing import TypeAlias

from taskharbor.domain.recurrence.recurrence import Recurrence, wall_of
from taskharbor.domain.recurrence.rule import RecurrenceRule
from taskharbor.domain.values.calendar_time import AllDay, CalendarTime, Zoned, is_skipped, utc_instant
from taskharbor.domain.values.time_zone import zone

Pattern: TypeAlias = Callable[[RecurrenceRule, datetime, datetime], Iterator[datetime]]
"""Expands a rule: `Occurrences.walls` of the application's ports. COUNT and UNTIL do not concern it."""


def occurrences(recurrence: Recurrence, pattern: Pattern, *, since: datetime) -> Iterator[CalendarTime]:
    """Yield the occurrences that are later than the current one and not before the local time `since`, in order."""
    current = wall_of(recurrence.current)
    since = max(since, current)
    excluded = {wall_of(moment) for moment in recurrence.exdate}
    dates = (wall for wall in map(wall_of, recurrence.rdate) if wall >= since)
    last = current
    for wall in merge(_of_rule(recurrence, pattern, since), dates):
        if wall > last and wall not in excluded:
            yield recurrence.at(wall)
        last = max(wall, last)


def used_up(recurrence: Recurrence, pattern: Pattern, *, before: CalendarTime) -> int:
    """Return how many of the rule's occurrences are spent before another one: COUNT goes down by as many."""
    limit = wall_of(before)
    walls = _of_rule(recurrence, pattern, wall_of(recurrence.current))
    return sum(1 for _ in takewhile(lambda wall: wall < limit, walls))


def _of_rule(recurrence: Recurrence, pattern: Pattern, since: datetime) -> Iterator[datetime]:
    """Yield what the rule makes, from the current occurrence on and not before `since`; COUNT and UNTIL end it."""
    rule = recurrence.rule
    if rule is None:
        return
    begin = since if rule.count is None else wall_of(recurrence.current)  # to be counted, all must be seen
    walls = _increasing(recurrence, _walls(recurrence, rule, pattern, begin))
    zones = zone(recurrence.first.time_zone) if isinstance(recurrence.first, Zoned) else None
    for wall in islice(walls, rule.count):
        if rule.ends_before(wall, None if zones is None else utc_instant(wall, zones)):
            return
        if wall >= since:
            yield wall


def _walls(recurrence: Recurrence, rule: RecurrenceRule, pattern: Pattern, since: datetime) -> Iterator[datetime]:
    """Yield what the pattern makes. The first occurrence is one, and counts, whether it fits the rule or not."""
    first = wall_of(recurrence.first)
    if isinstance(recurrence.first, AllDay):
        rule = rule.without_times()
    if first >= since:
        yield first
    for wall in pattern(rule, first, since):
        if wall > first:
            yield wall


def _increasing(recurrence: Recurrence, walls: Iterator[datetime]) -> Iterator[datetime]:
    """Leave out what a gap of the time zone would put at or after the next one."""
    if not isinstance(recurrence.first, Zoned):
        yield from walls
        return
    rules = zone(recurrence.first.time_zone)
    skipped: list[datetime] = []
    for wall in walls:
        if is_skipped(wall, rules):
            skipped.append(wall)
            continue
        if skipped:
            instant = utc_instant(wall, rules)
            yield from (early for early in skipped if utc_instant(early, rules) < instant)
            skipped.clear()
        yield wall
    yield from skipped
