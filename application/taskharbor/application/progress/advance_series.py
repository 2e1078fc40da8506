"""Completing a recurring task: the occurrence is done, and the task advances."""

from typing import TypeAlias

from taskharbor.application.turns import give_way
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.recurrence.recurrence import Recurrence, is_same_kind, wall_from, wall_of
from taskharbor.domain.tasks.recurring_task import advanced, finished_copy
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.calendar_time import AllDay, CalendarTime, CalendarTimeInput, Floating, calendar_time_from

OccurrenceInput: TypeAlias = CalendarTimeInput | str
"""Which occurrence: its recurrence id, or only the date or the local time of that."""


async def after_completion(before: Task, after: Task, uow: UnitOfWork, *, viewer: str) -> Task:
    """Advance a saved task if it is recurring and `before` was not completed yet; return it as it is then.

    The occurrence that was done becomes a task of its own. If it is the last one, it is the task itself.

    Raises:
        MissingDependency: if the rule cannot be expanded here.
    """
    recurrence = after.recurrence
    if recurrence is None or not after.is_completed or before.is_completed:
        return after
    following = await _following(after, uow, viewer)
    if following is None:
        return after
    uid = uow.retry_memory.occurrence_uid(after, recurrence)
    uow.tasks.add(finished_copy(after, recurrence, id=await uow.tasks.next_id(), uid=uid, at=uow.now))
    return uow.tasks.save(following)


async def is_last(task: Task, uow: UnitOfWork, *, viewer: str) -> bool:
    """Return whether the current occurrence of a task is its last, as is that of a task that is not recurring.

    Raises:
        MissingDependency: if the rule cannot be expanded here.
    """
    return await _following(task, uow, viewer) is None


async def _following(task: Task, uow: UnitOfWork, viewer: str) -> Task | None:
    if task.recurrence is None:
        return None
    await give_way()  # a rule can take some milliseconds: between those of a batch, others have their turn
    return advanced(task, task.recurrence, uow.services.occurrences.walls, at=uow.now, viewer=viewer)


def has_moved_on(task: Task, uow: UnitOfWork, occurrence: OccurrenceInput | None = None) -> bool:
    """Return whether the task is past the occurrence that the caller means: the one named, or the one first seen.

    Raises:
        InvalidValue: for `occurrence`, if it is yet to come.
    """
    recurrence = task.recurrence
    if recurrence is None:
        return False
    named = recurrence.current if occurrence is None else _named(occurrence, recurrence)
    if not is_same_kind(named, recurrence.current) or wall_of(named) > wall_of(recurrence.current):
        raise InvalidValue("occurrence", f"must be the current one, {recurrence.current.local}, or one before it")
    return named != recurrence.current or not uow.retry_memory.is_meant(task.id, recurrence)


def _named(occurrence: OccurrenceInput, recurrence: Recurrence) -> CalendarTime:
    if not isinstance(occurrence, str):
        return calendar_time_from("occurrence", occurrence)
    wall, is_day = wall_from("occurrence", occurrence), "T" not in occurrence
    if is_day is isinstance(recurrence.current, AllDay):
        return recurrence.at(wall)
    return AllDay(wall.date()) if is_day else Floating(wall)
