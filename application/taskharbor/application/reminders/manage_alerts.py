"""Snooze and dismiss alerts."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.errors import AlertNotFound, InvalidValue
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.domain.tasks.alert import Alert, ReminderId
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.duration import Duration, duration_from

LONGEST_SNOOZE: Final = timedelta(days=366)


@frozen(kw_only=True)
class SnoozeReminder:
    """Have a reminder that has fired fire again, after a while.

    Attributes:
        id: the task.
        reminder: which one of it: `due-PT15M`, `start+P1D` or `2026-12-01T09:00:00Z`.
        length: how long from now, up to a year.
        if_match: the revision that the task must have, or None.
    """

    id: TaskId
    reminder: ReminderId
    length: str | Duration | timedelta
    if_match: Revision | None = None


@frozen(kw_only=True)
class DismissReminder:
    """Be done with a reminder that has fired: RFC 8984 calls it acknowledged.

    Attributes:
        id: the task.
        reminder: which one of it.
        if_match: the revision that the task must have, or None.
    """

    id: TaskId
    reminder: ReminderId
    if_match: Revision | None = None


async def snooze_reminder(command: SnoozeReminder, uow: UnitOfWork) -> Task:
    """Carry out `command`.

    Raises:
        TaskNotFound: if there is no such live task.
        PreconditionFailed: if `if_match` is not its revision.
        AlertNotFound: if no such reminder has fired, or it was dismissed.
        InvalidValue: for `length`.
    """
    length = _length_from(command.length)
    return await _changed(command, uow, lambda alert: (alert.snooze(_whole_seconds(uow.now + length)),))


async def dismiss_reminder(command: DismissReminder, uow: UnitOfWork) -> Task:
    """Carry out `command`.

    Raises:
        TaskNotFound: if there is no such live task.
        PreconditionFailed: if `if_match` is not its revision.
        AlertNotFound: if no such reminder has fired, or it was dismissed.
    """
    return await _changed(command, uow, lambda _: ())


async def _changed(
    command: SnoozeReminder | DismissReminder, uow: UnitOfWork, instead: Callable[[Alert], tuple[Alert, ...]]
) -> Task:
    task = await uow.tasks.get(command.id, if_match=command.if_match)
    alert = next((alert for alert in task.alerts if alert.reminder == command.reminder), None)
    if alert is None:
        raise AlertNotFound(task.id, command.reminder)
    others = tuple(one for one in task.alerts if one != alert)
    return uow.tasks.save(replace(task, alerts=(*others, *instead(alert))))


def _length_from(value: str | Duration | timedelta) -> timedelta:
    length = value if isinstance(value, timedelta) else timedelta(seconds=duration_from("length", value).in_seconds)
    if not timedelta(seconds=1) <= length <= LONGEST_SNOOZE:
        raise InvalidValue("length", "must be from PT1S to P366D")
    return length


def _whole_seconds(instant: datetime) -> datetime:
    return instant.astimezone(UTC).replace(microsecond=0)
