"""Have the reminders of all tasks found when they are due: those stored before there were records of them, too."""

import asyncio
import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Final

from taskharbor.application.documents.json_encoding import json_text
from taskharbor.application.errors import ConcurrentUpdate
from taskharbor.application.ports.record_store import Record, RecordKey
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.unit_of_work.reminder_records import REMINDER, reminder_key, reminder_record
from taskharbor.domain.identifiers import SERVICE_WORKSPACE, Revision, TaskId, WorkspaceId
from taskharbor.domain.tasks.alert import ReminderRules, pending
from taskharbor.domain.tasks.task import Task

COUNTED: Final = "reminder-rules"
"""The kind of the records that say, under the name of a workspace, by which rules its reminders have been counted.

They are in the workspace of the service: to begin to serve changes no revision of tasks.
"""

_AT_ONCE: Final = 100
_KEPT: Final = datetime(9999, 1, 1, tzinfo=UTC)


async def schedule_stored(workspace: WorkspaceId, storage: Storage, rules: ReminderRules, *, now: datetime) -> bool:
    """Go through all tasks, a little at a time, unless that was done by these rules; return whether it was not.

    Several processes may do so at the same time. If it breaks off, calling it again begins anew.
    """
    key = RecordKey(COUNTED, workspace)
    counted = (await storage.load_records(SERVICE_WORKSPACE, [key])).get(key)
    before = None if counted is None or counted.document is None else _rules_of(counted.document)
    if before == rules:
        return False
    after: TaskId = 0
    while tasks := await storage.scan_tasks(workspace, after=after, limit=_AT_ONCE):
        wanted = [task for task in tasks if task.reminders or task.alerts]
        if await _schedule(wanted, before, rules, storage, workspace, now):
            after = tasks[-1].id
        await asyncio.sleep(0)
    record = counted or Record(kind=key.kind, key=key.key, document=None)
    await _commit(SERVICE_WORKSPACE, [replace(record, document=_document(rules), expires=_KEPT)], {}, storage)
    return True


async def forget_rules(workspace: WorkspaceId, storage: Storage, *, now: datetime) -> None:
    """Forget that, with a workspace that was deleted."""
    key = RecordKey(COUNTED, workspace)
    while (record := (await storage.load_records(SERVICE_WORKSPACE, [key])).get(key)) and record.document is not None:
        await _commit(SERVICE_WORKSPACE, [replace(record, document=None, expires=now)], {}, storage)


async def _schedule(
    tasks: Iterable[Task],
    before: ReminderRules | None,
    rules: ReminderRules,
    storage: Storage,
    workspace: WorkspaceId,
    now: datetime,
) -> bool:
    """Write what is missing of some tasks, and remove what other rules had said; return False to do it again."""
    gone: set[str] = set()
    come: dict[str, Record] = {}
    revisions: dict[str, tuple[TaskId, Revision]] = {}
    for task in tasks:
        to_be = {reminder_key(at, task.id, name): at for at, name in pending(task, rules)}
        was = set() if before is None else {reminder_key(at, task.id, name) for at, name in pending(task, before)}
        come |= {key: reminder_record(key, at) for key, at in to_be.items() if at > now}
        gone |= was - to_be.keys()
        revisions |= dict.fromkeys((*to_be, *was), (task.id, task.revision))
    found = (
        await storage.load_records(workspace, [RecordKey(REMINDER, key) for key in (*gone, *come)]) if revisions else {}
    )
    there = {record.key: record for record in found.values() if record.document is not None}
    left = {record.key: record.revision for record in found.values()}
    records = [replace(record, revision=left.get(key, 0)) for key, record in come.items() if key not in there]
    records += [replace(there[key], document=None, expires=now) for key in gone & there.keys()]
    guarded = dict(revisions[record.key] for record in records)
    return not records or await _commit(workspace, records, guarded, storage)


async def _commit(
    workspace: WorkspaceId, records: Iterable[Record], guarded: dict[TaskId, Revision], storage: Storage
) -> bool:
    try:
        await storage.commit(Changeset(workspace=workspace, records=tuple(records), guarded=guarded))
    except ConcurrentUpdate:
        return False
    return True


def _document(rules: ReminderRules) -> str:
    return json_text({"time_zone": rules.time_zone, "all_day_at": rules.all_day_at.isoformat()})


def _rules_of(document: str) -> ReminderRules:
    said = json.loads(document)
    return ReminderRules(time_zone=said["time_zone"], all_day_at=time.fromisoformat(said["all_day_at"]))
