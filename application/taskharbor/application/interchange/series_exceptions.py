"""Occurrences of a series that a file lists separately (RFC 5545 section 3.8.4.4, 3.8.5.1).

One that is done moves its series on. One that is open or cancelled stands in place of its occurrence: the series goes
past it, or has it as an EXDATE. One that stands for all that follow takes over the rest of the series.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from taskharbor.application.ports.occurrences import Occurrences
from taskharbor.domain.recurrence.recurrence import MAX_DATES, Anchor, Overdue, Recurrence, is_same_kind, wall_of
from taskharbor.domain.recurrence.rule_parser import recurrence_rule_from
from taskharbor.domain.recurrence.series import used_up
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.tasks.recurring_task import advanced
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.calendar_time import AllDay, CalendarTime, Zoned


@dataclass(slots=True)
class Exceptions:
    """The exceptions of one series, its own EXDATEs apart.

    Attributes:
        place: where the last of them is in the file.
        done: when each of those that are done was.
        replaced: those in the place of which there is a task that is open or cancelled.
    """

    place: str = ""
    done: dict[CalendarTime, datetime] = field(default_factory=dict[CalendarTime, datetime])
    replaced: set[CalendarTime] = field(default_factory=set[CalendarTime])


def moved_past(task: Task, exceptions: Exceptions, occurrences: Occurrences) -> Task:
    """Return a series without these occurrences; completed, or cancelled, with the last of them.

    Raises:
        MissingDependency: if its rule cannot be expanded here.
    """
    done, replaced = exceptions.done, exceptions.replaced
    while task.recurrence is not None and task.is_open:
        series = task.recurrence
        if series.current in done:
            at = done[series.current]
            task = advanced(task, series, occurrences.walls, at=at, viewer="UTC") or task.complete(at=at)
        elif series.current in replaced or series.current in series.exdate:
            task = _at_the_next(task, series, occurrences) or task.cancel(at=task.updated)
        else:
            break
    recurrence = task.recurrence
    if recurrence is None or not task.is_open:
        return task
    coming = {each for each in {*done, *replaced} if wall_of(each) > wall_of(recurrence.current)}
    later = {each for each in coming if not _is_over(recurrence, each, occurrences)}
    exdate = sorted({*recurrence.exdate, *later}, key=wall_of)[-MAX_DATES:]
    return replace(task, recurrence=replace(recurrence, exdate=tuple(exdate)))


def split(series: Task, task: Task, recurrence_id: CalendarTime, occurrences: Occurrences) -> tuple[Task, Task]:
    """Return a series as it ends before an occurrence, and the task that stands for the rest of it, which recurs.

    Raises:
        InvalidValue: if the rest cannot begin where the task does.
        MissingDependency: if its rule cannot be expanded here.
    """
    recurrence, moment = series.recurrence, task.start or task.due or recurrence_id
    if recurrence is None:
        return series, task
    limit, shift = wall_of(recurrence_id), wall_of(moment) - wall_of(recurrence_id)
    earlier, rest = _rules(recurrence, recurrence_id, occurrences)
    if task.recurrence is None and rest is not None:
        later: dict[str, object] = {"rrule": rest}
        if is_same_kind(moment, recurrence_id):
            for name in ("rdate", "exdate"):
                dates = [each for each in getattr(recurrence, name) if wall_of(each) >= limit]
                later[name] = [recurrence.at(wall_of(each) + shift).as_json() for each in dates]
        start = moment if task.start is None and task.due is None else task.start
        task = replace(task.change(TaskChanges(start=start, recurrence=later), at=task.updated), updated=task.updated)
    if wall_of(recurrence.current) >= limit:
        return series.cancel(at=series.updated), task
    return replace(series, recurrence=_with_end(recurrence, earlier, limit)), task


def ended_before(recurrence: Recurrence, recurrence_id: CalendarTime, occurrences: Occurrences) -> Recurrence:
    """Return a series as it ends before an occurrence, from which another task has taken over.

    Raises:
        MissingDependency: if its rule cannot be expanded here.
    """
    return _with_end(recurrence, _rules(recurrence, recurrence_id, occurrences)[0], wall_of(recurrence_id))


def _with_end(recurrence: Recurrence, rule: str | None, limit: datetime) -> Recurrence:
    return replace(
        recurrence,
        rule=None if rule is None else recurrence_rule_from("rrule", rule),
        rdate=tuple(each for each in recurrence.rdate if wall_of(each) < limit),
        exdate=tuple(each for each in recurrence.exdate if wall_of(each) < limit),
    )


def _rules(
    recurrence: Recurrence, recurrence_id: CalendarTime, occurrences: Occurrences
) -> tuple[str | None, str | None]:
    """Return the rule as it ends before an occurrence, and as it goes on from there."""
    rule = recurrence.rule
    if rule is None:
        return None, None
    if rule.count is not None:
        used = used_up(recurrence, occurrences.walls, before=recurrence_id)
        left = rule.count - used
        return (rule.with_count(used).text if used else None), (rule.with_count(left).text if left > 0 else None)
    wall = wall_of(recurrence_id)
    is_day = isinstance(recurrence_id, AllDay)
    last = wall - (timedelta(days=1) if is_day else timedelta(seconds=1))
    until = last.isoformat().replace("-", "").replace(":", "")
    bare = re.sub(r";?UNTIL=[0-9TZ]+", "", rule.text).strip(";")
    is_over = rule.ends_before(wall, None)
    return rule.text if is_over else f"{bare};UNTIL={until[:8] if is_day else until}", None if is_over else rule.text


def _is_over(recurrence: Recurrence, before: CalendarTime, occurrences: Occurrences) -> bool:
    """Return whether the rule has made its last occurrence before that one, as where another task takes over."""
    rule = recurrence.rule
    if rule is None:
        return False
    if rule.count is not None:
        return used_up(recurrence, occurrences.walls, before=before) >= rule.count
    return rule.ends_before(wall_of(before), before.utc if isinstance(before, Zoned) else None)


def _at_the_next(task: Task, recurrence: Recurrence, occurrences: Occurrences) -> Task | None:
    """Return the task at the very next occurrence, however late it is."""
    plain = replace(recurrence, anchor=Anchor.SCHEDULE, overdue=Overdue.CATCH_UP)
    found = advanced(task, plain, occurrences.walls, at=task.updated, viewer="UTC")
    if found is None or found.recurrence is None:
        return None
    series = replace(found.recurrence, anchor=recurrence.anchor, overdue=recurrence.overdue)
    return replace(found, recurrence=series)
