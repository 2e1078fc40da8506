"""Fire a reminder: in one commit, however many try."""

from dataclasses import replace

from taskharbor.application.reminders.deliver import put_delivery
from taskharbor.application.unit_of_work.reminder_records import REMINDER, reminder_of
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.frozen import frozen
from taskharbor.domain.tasks.alert import LATE, Alert, pending
from taskharbor.domain.tasks.task import Task


@frozen(kw_only=True)
class FireReminder:
    """Fire the reminder that has a record with this key, if it is due and still there."""

    key: str


async def fire_reminder(command: FireReminder, uow: UnitOfWork) -> Task | None:
    """Carry out `command`; return the task, or None if there was nothing to fire.

    The record goes in the same commit. Of several who fire it at once one is the first, and for the others it is not
    there any more.
    """
    record = await uow.records.find(REMINDER, command.key)
    at, task_id, name = reminder_of(command.key)
    if record is None or at > uow.now:
        return None
    await uow.records.remove(REMINDER, command.key, at=uow.now)
    task = await uow.tasks.find(task_id)
    settings = uow.services.reminders
    if task is None or (at, name) not in set(pending(task, (await uow.reminder_rules())[0])):
        return None  # the settings have changed since; what is right by them is scheduled when the task is changed
    earlier = next((alert for alert in task.alerts if alert.reminder == name), None)
    alert = Alert(name, at if earlier is None else earlier.at, uow.now, late=uow.now - at > LATE)
    others = tuple(one for one in task.alerts if one.reminder != name)
    task = uow.tasks.save(replace(task, alerts=(*others, alert)))
    for channel in settings.channels:
        told = {"task": task.id, "title": task.title, "attempt": 0} | alert.as_json()
        await put_delivery(channel, f"{task.id} {name}", told, at=uow.now, uow=uow)
    return task
