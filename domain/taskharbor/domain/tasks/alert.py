"""When reminders are due, and the alerts that they become: RFC 8984 section 4.5.2, RFC 9074 section 7 (snoozing).

A reminder says when; an *alert* is one that has fired and was not dismissed. It stays with the task until then, or
until the task is closed, moves on to another occurrence, or its times are changed.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Final, Protocol, Self, TypeAlias

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.frozen import frozen
from taskharbor.domain.tasks.reminder import Reminder, Reminders
from taskharbor.domain.values.calendar_time import AllDay, CalendarTime, Floating
from taskharbor.domain.values.instant import instant_as_json

LATE: Final = timedelta(minutes=1)
"""A reminder that fires so much later than it was due is late."""

ReminderId: TypeAlias = str
"""What distinguishes a reminder of a task: `due-PT15M`, `start+P1D` or `2026-12-01T09:00:00Z`."""


class Reminded(Protocol):
    """What of a task says when it is to be reminded of."""

    # ruff: noqa: D102 - they are the fields of a task

    @property
    def start(self) -> CalendarTime | None: ...
    @property
    def due(self) -> CalendarTime | None: ...
    @property
    def reminders(self) -> Reminders: ...
    @property
    def alerts(self) -> "Alerts": ...
    @property
    def is_open(self) -> bool: ...
    @property
    def is_deleted(self) -> bool: ...


@frozen
class ReminderRules:
    """How reminders are counted that no time zone or hour is said for.

    Attributes:
        time_zone: in which all-day and floating times are.
        all_day_at: at which time of the day an all-day start or due counts.
    """

    time_zone: str = "UTC"
    all_day_at: time = time(9)

    def instant(self, reminder: Reminder, task: Reminded) -> datetime | None:
        """Return when a reminder of a task is due; None if that is never."""
        start, due = self._timed(task.start), self._timed(task.due)
        try:
            return reminder.instant(start=start, due=due, viewer=self.time_zone)
        except InvalidValue:  # it would be beyond the year 9999
            return None

    def _timed(self, moment: CalendarTime | None) -> CalendarTime | None:
        return Floating(datetime.combine(moment.day, self.all_day_at)) if isinstance(moment, AllDay) else moment


@frozen
class Alert:
    """A reminder that has fired.

    Attributes:
        reminder: which one.
        at: when it was due. Instants are aware, in UTC.
        fired: when it fired.
        late: whether that was later than a minute, as when nothing ran.
        snoozed: when it fires again, or None.
    """

    reminder: ReminderId
    at: datetime
    fired: datetime
    late: bool = False
    snoozed: datetime | None = None

    def snooze(self, until: datetime) -> Self:
        """Have it fire again."""
        return replace(self, snoozed=until)

    def as_json(self) -> dict[str, object]:
        """Return the wire form."""
        return {
            "reminder": self.reminder,
            "at": instant_as_json(self.at),
            "fired": instant_as_json(self.fired),
            "late": self.late,
            "snoozed": None if self.snoozed is None else instant_as_json(self.snoozed),
        }


Alerts: TypeAlias = tuple[Alert, ...]


def reminder_id(reminder: Reminder) -> ReminderId:
    """Return what distinguishes a reminder from the others of its task."""
    members = reminder.as_json()
    if "when" in members:
        return members["when"]
    offset = members["offset"]
    return f"{members['relativeTo']}{offset if offset.startswith('-') else f'+{offset}'}"


def pending(task: Reminded, rules: ReminderRules) -> Iterator[tuple[datetime, ReminderId]]:
    """Yield when which reminders of a task are due, those that have fired too, and when snoozed alerts fire again."""
    if task.is_deleted or not task.is_open:
        return
    for reminder in task.reminders:
        at = rules.instant(reminder, task)
        if at is not None:
            yield at.astimezone(UTC), reminder_id(reminder)
    for alert in task.alerts:
        if alert.snoozed is not None:
            yield alert.snoozed, alert.reminder


def current_alerts(task: Reminded, rules: ReminderRules) -> Alerts:
    """Return the alerts of a task but for those of reminders that it does not have any more, or at another time."""
    if task.is_deleted or not task.is_open:
        return ()
    due = {reminder_id(reminder): rules.instant(reminder, task) for reminder in task.reminders}
    return tuple(alert for alert in task.alerts if due.get(alert.reminder) == alert.at)
