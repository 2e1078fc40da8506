"""The records by which reminders are found when they are due: one for each that is still to fire.

Their keys begin with the instant, so the next ones are the first of their kind. A commit that changes when a reminder
is due writes them, too: they are never behind it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from taskharbor.application.ports.record_store import Record, RecordKey
from taskharbor.application.unit_of_work.record_repository import RecordRepository
from taskharbor.application.unit_of_work.task_repository import TaskRepository
from taskharbor.domain.fast_replace import replace
from taskharbor.domain.identifiers import TaskId
from taskharbor.domain.tasks.alert import ReminderId, ReminderRules, current_alerts, pending
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.instant import instant_of

REMINDER: Final = "reminder"
"""The kind of these records."""

_KEPT: Final = timedelta(days=366)
"""How long a reminder may be late, before it is purged."""

_EMPTY: Final = "{}"
_LAST: Final = datetime(9998, 1, 1, tzinfo=UTC)
_TIME: Final = "%Y-%m-%dT%H:%M:%S.%fZ"


def reminder_key(at: datetime, task_id: TaskId, reminder: ReminderId) -> str:
    """Return the key of a reminder: it sorts by the instant."""
    return f"{at.strftime(_TIME).rjust(27, '0')} {task_id} {reminder}"


def reminder_of(key: str) -> tuple[datetime, TaskId, ReminderId]:
    """Return when a reminder is due, of which task it is, and which one."""
    at, task_id, reminder = key.split(" ", 2)
    return instant_of(at), int(task_id), reminder


def reminder_record(key: str, at: datetime) -> Record:
    """Return the record of a reminder that is due then."""
    return Record(kind=REMINDER, key=key, document=_EMPTY, expires=_expires(at))


async def keep_reminders(
    tasks: TaskRepository, records: RecordRepository, *, rules: Sequence[ReminderRules], now: datetime
) -> bool:
    """Keep alerts and the records of reminders in step with the tasks that are written; return whether any has come.

    `rules` are `CountedZone.rules`.
    """
    for task in tasks.changed:
        if task.alerts and (alerts := current_alerts(task, rules[0])) != task.alerts:
            tasks.save(replace(task, alerts=alerts))
    has_come = False
    for task in tasks.with_reminders():
        has_come |= await _schedule(tasks.as_read(task.id), task, records, rules=rules, now=now)
    return has_come


async def _schedule(
    before: Task | None, after: Task, records: RecordRepository, *, rules: Sequence[ReminderRules], now: datetime
) -> bool:
    """Have the records of a task written that is changed; return whether a reminder has come to it.

    What is due in the past has fired, or never will: nobody is reminded of what was over when it was said.
    """
    was, *by_former_rules = [set() if before is None else set(pending(before, each)) for each in rules]
    to_be = set(pending(after, rules[0]))
    gone = [reminder_key(at, after.id, name) for at, name in was.union(*by_former_rules) - to_be]
    come = [reminder_key(at, after.id, name) for at, name in to_be - was if at > now]
    await records.prefetch([RecordKey(REMINDER, key) for key in (*gone, *come)])
    for key in gone:
        await records.remove(REMINDER, key, at=now)
    for key in come:
        at, _, _ = reminder_of(key)
        await records.put(REMINDER, key, _EMPTY, expires=_expires(at))
    return bool(come)


def _expires(at: datetime) -> datetime:
    return min(at, _LAST) + _KEPT
