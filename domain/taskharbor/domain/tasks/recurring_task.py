"""How a recurring task advances, and the completed copy that it leaves behind."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain

from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import TaskId
from taskharbor.domain.recurrence.advance import next_after_completion, next_by_schedule, surely_before
from taskharbor.domain.recurrence.occurrence import OccurrenceOf
from taskharbor.domain.recurrence.recurrence import Anchor, Recurrence, wall_of
from taskharbor.domain.recurrence.series import Pattern, occurrences
from taskharbor.domain.tasks.progress import NOTHING, Progress
from taskharbor.domain.tasks.rank import natural_rank
from taskharbor.domain.tasks.reminder import AbsoluteReminder, Reminder
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.calendar_time import AllDay, CalendarTime, Floating, Zoned
from taskharbor.domain.values.uid import Uid


@frozen
class Occurrence:
    """An occurrence of a recurring task.

    Attributes:
        recurrence_id: where its rule has it.
        start: the start of the task then, or None.
        due: the due of the task then, or None.
    """

    recurrence_id: CalendarTime
    start: CalendarTime | None
    due: CalendarTime | None


def advanced(task: Task, recurrence: Recurrence, pattern: Pattern, *, at: datetime, viewer: str) -> Task | None:
    """Return the task at its next occurrence, open and not begun; None if the current one is the last.

    Start, due and reminders keep their distances. An occurrence that was moved by hand does not move the next one.

    Args:
        task: the task at the current occurrence.
        recurrence: its recurrence.
        pattern: what expands rules.
        at: when the current occurrence was done or skipped.
        viewer: the time zone of the caller; used if the task has no time zone.
    """
    if recurrence.anchor is Anchor.COMPLETION:
        following = next_after_completion(recurrence, pattern, at=at, viewer=viewer)
    else:
        anchor, last = _anchor_of(task, recurrence), task.due or task.start or recurrence.current
        length = max(wall_of(last) - wall_of(anchor), timedelta(0))

        def is_over(moment: CalendarTime) -> bool:
            occurrence = _occurrence(task, recurrence, moment)
            return occurrence is None or (occurrence.due or occurrence.start or moment).ends(viewer) <= at

        since = surely_before(at, recurrence, viewer, length)
        following = next_by_schedule(recurrence, pattern, is_over=is_over, since=since)
    occurrence = None if following is None else _occurrence(task, recurrence, following.current)
    if following is None or occurrence is None:
        return None
    return replace(
        task,
        start=occurrence.start,
        due=occurrence.due,
        reminders=tuple(_later(reminder, _shift(task, recurrence, following.current)) for reminder in task.reminders),
        recurrence=following,
        progress=Progress.NEEDS_ACTION,
        percent_complete=NOTHING,
        completed=None,
        updated=max(at, task.updated),
    )


def finished_copy(task: Task, recurrence: Recurrence, *, id: TaskId, uid: Uid, at: datetime) -> Task:
    """Return the current occurrence of a task, completed, as a task of its own, which does not recur.

    Comments and foreign data stay with the series, a claim has ended with its work, and alerts are over.
    """
    at = max(at, task.updated)
    return replace(
        task,
        id=id,
        uid=uid,
        rank=natural_rank(id),
        recurrence=None,
        occurrence_of=OccurrenceOf(task.id, recurrence.current),
        subtask_count=0,
        open_subtask_count=0,
        comments=(),
        foreign=(),
        claim=None,
        alerts=(),
        created=at,
        updated=at,
        completed=None,
        progress=Progress.NEEDS_ACTION,
        revision=0,
    ).complete(at=at)


def coming_occurrences(
    task: Task, recurrence: Recurrence, pattern: Pattern, *, since: datetime, before: datetime | None
) -> Iterator[Occurrence]:
    """Yield the current occurrence and those to come from the local time `since` on, before `before`, in order.

    The current one is where the task is, even if it was moved; `since` and `before` compare the dates of the rule.
    """
    current = [recurrence.current] if wall_of(recurrence.current) >= since else []
    for moment in chain(current, occurrences(recurrence, pattern, since=since)):
        if before is not None and wall_of(moment) >= before:
            return
        if moment == recurrence.current:
            yield Occurrence(moment, task.start, task.due)
        elif (occurrence := _occurrence(task, recurrence, moment)) is not None:
            yield occurrence


def _anchor_of(task: Task, recurrence: Recurrence) -> CalendarTime:
    return task.start or task.due or recurrence.current


def _occurrence(task: Task, recurrence: Recurrence, moment: CalendarTime) -> Occurrence | None:
    """Return what the task is at another occurrence; None beyond the years 1 to 9999."""
    by = wall_of(moment) - wall_of(_anchor_of(task, recurrence))
    days = wall_of(moment).date() - wall_of(_anchor_of(task, recurrence)).date()
    try:
        start, due = (moment, task.due) if task.start is not None else (None, moment)
        if start is not None and due is not None:
            due = _shifted(due, by, days)
    except OverflowError:
        return None
    return Occurrence(moment, start, due)


def _shifted(moment: CalendarTime, by: timedelta, days: timedelta) -> CalendarTime:
    if isinstance(moment, AllDay):
        return AllDay(moment.day + days)
    if isinstance(moment, Floating):
        return Floating(moment.wall + by)
    return Zoned(moment.wall + by, moment.time_zone)


def _shift(task: Task, recurrence: Recurrence, moment: CalendarTime) -> timedelta:
    """Return how far an instant moves along."""
    anchor = _anchor_of(task, recurrence)
    if isinstance(anchor, Zoned) and isinstance(moment, Zoned):
        return moment.utc - anchor.utc
    return wall_of(moment) - wall_of(anchor)


def _later(reminder: Reminder, by: timedelta) -> Reminder:
    if not isinstance(reminder, AbsoluteReminder):
        return reminder
    try:
        return AbsoluteReminder(reminder.when + by)
    except OverflowError:
        return reminder
