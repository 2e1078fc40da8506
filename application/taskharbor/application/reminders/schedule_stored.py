"""Have the reminders of all tasks found when they are due: those stored before there were records of them, too."""

import asyncio
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, time
from typing import Final

from taskharbor.application.documents.json_encoding import json_text
from taskharbor.application.errors import ConcurrentUpdate
from taskharbor.application.ports.record_store import Record, RecordKey, load_record
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.reminders.follow_time_zone import FollowedZone, counted_zone, follow_time_zone, written
from taskharbor.application.unit_of_work.reminder_records import REMINDER, reminder_key, reminder_record
from taskharbor.application.unit_of_work.reminder_rules import KEPT, REMINDER_ZONE
from taskharbor.domain.identifiers import SERVICE_WORKSPACE, Revision, TaskId, WorkspaceId
from taskharbor.domain.tasks.alert import ReminderRules, pending
from taskharbor.domain.tasks.task import Task

COUNTED: Final = "reminder-rules"
"""The kind of the records that say, under the name of a workspace, by which rules of the service its reminders were
counted.

They are in the workspace of the service: to begin to serve changes no revision of tasks.
"""

_AT_ONCE: Final = 100


async def schedule_stored(workspace: WorkspaceId, storage: Storage, rules: ReminderRules, *, now: datetime) -> bool:
    """Go through all tasks, a little at a time, unless that was done by these rules; return whether it was not.

    `rules` are those of the service; the time zone is that of the workspace, if it has one. Several processes may do
    so at the same time. If it breaks off, calling it again begins anew.
    """
    key = RecordKey(COUNTED, workspace)
    while True:
        found = await follow_time_zone(workspace, storage)
        done = await load_record(storage, SERVICE_WORKSPACE, key)
        earlier = None if done is None or done.document is None else _rules_of(done.document)
        if earlier == rules and not found.counted.before:
            return False
        counting = _Counting(workspace, storage, found, before=earlier or rules, rules=rules, now=now)
        if await counting.all_tasks():
            break
    record = done or Record(kind=key.kind, key=key.key, document=None)
    await written(SERVICE_WORKSPACE, replace(record, document=_document(rules), expires=KEPT), storage)
    return True


async def forget_rules(workspace: WorkspaceId, storage: Storage, *, now: datetime) -> None:
    """Forget that, with a workspace that was deleted."""
    key = RecordKey(COUNTED, workspace)
    while (record := await load_record(storage, SERVICE_WORKSPACE, key)) and record.document is not None:
        await written(SERVICE_WORKSPACE, replace(record, document=None, expires=now), storage)


class _Counting:
    """Counts the reminders of a workspace anew, in the zone that was found, for as long as it has that."""

    def __init__(
        self,
        workspace: WorkspaceId,
        storage: Storage,
        found: FollowedZone,
        *,
        before: ReminderRules,
        rules: ReminderRules,
        now: datetime,
    ) -> None:
        self._workspace = workspace
        self._storage = storage
        self._found = found
        self._before = found.counted.rules(before)
        self._rules = found.counted.rules(rules)[0]
        self._now = now

    async def all_tasks(self) -> bool:
        """Go through all tasks; return False if the workspace has got another zone meanwhile."""
        after: TaskId = 0
        while tasks := await self._storage.scan_tasks(self._workspace, after=after, limit=_AT_ONCE):
            if await self._count(task for task in tasks if task.reminders or task.alerts):
                after = tasks[-1].id
            elif not await self._is_still_so():
                return False
            await asyncio.sleep(0)
        if not self._found.counted.before:
            return True
        settled = replace(self._found.counted, before=())
        return await written(self._workspace, settled.record(self._found.record), self._storage) is not None

    async def _count(self, tasks: Iterable[Task]) -> bool:
        """Write what is missing of some tasks, and remove what other rules had said; return False to do it again."""
        gone: set[str] = set()
        come: dict[str, Record] = {}
        revisions: dict[str, tuple[TaskId, Revision]] = {}
        for task in tasks:
            to_be = {reminder_key(at, task.id, name): at for at, name in pending(task, self._rules)}
            was = {reminder_key(at, task.id, name) for each in self._before for at, name in pending(task, each)}
            come |= {key: reminder_record(key, at) for key, at in to_be.items() if at > self._now}
            gone |= was - to_be.keys()
            revisions |= dict.fromkeys((*to_be, *was), (task.id, task.revision))
        keys = [RecordKey(REMINDER, key) for key in (*gone, *come)]
        found = await self._storage.load_records(self._workspace, keys) if keys else {}
        there = {record.key: record for record in found.values() if record.document is not None}
        left = {record.key: record.revision for record in found.values()}
        records = [replace(record, revision=left.get(key, 0)) for key, record in come.items() if key not in there]
        records += [replace(there[key], document=None, expires=self._now) for key in gone & there.keys()]
        return not records or await self._commit(records, dict(revisions[record.key] for record in records))

    async def _commit(self, records: Sequence[Record], guarded: dict[TaskId, Revision]) -> bool:
        zone = self._found.record
        if zone is None:
            records = [*records, self._found.counted.record(None)]
        guard = {} if zone is None else {REMINDER_ZONE: zone.revision}
        changes = Changeset(workspace=self._workspace, records=tuple(records), guarded=guarded, guarded_records=guard)
        try:
            await self._storage.commit(changes)
        except ConcurrentUpdate:
            return False
        if zone is None:
            self._found = await counted_zone(self._workspace, self._storage)
        return True

    async def _is_still_so(self) -> bool:
        """Return whether it is the same zone, whoever has written that down meanwhile."""
        found = await counted_zone(self._workspace, self._storage)
        is_same = found.counted == self._found.counted
        self._found = found if is_same else self._found
        return is_same


def _document(rules: ReminderRules) -> str:
    return json_text({"time_zone": rules.time_zone, "all_day_at": rules.all_day_at.isoformat()})


def _rules_of(document: str) -> ReminderRules:
    said = json.loads(document)
    return ReminderRules(time_zone=said["time_zone"], all_day_at=time.fromisoformat(said["all_day_at"]))
