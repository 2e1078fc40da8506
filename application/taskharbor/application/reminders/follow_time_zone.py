"""Have the reminders of a workspace counted in the time zone that its owners have chosen."""

from dataclasses import replace
from typing import NamedTuple

from taskharbor.application.access.directory import WORKSPACE, workspace_from
from taskharbor.application.errors import ConcurrentUpdate
from taskharbor.application.ports.record_store import Record, RecordKey, RecordStore, load_record
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.unit_of_work.reminder_rules import REMINDER_ZONE, CountedZone
from taskharbor.domain.identifiers import SERVICE_WORKSPACE, WorkspaceId


class FollowedZone(NamedTuple):
    """In which zone reminders are counted, and the record that says so, if there is one."""

    counted: CountedZone
    record: Record | None


async def directory_entry(workspace: WorkspaceId, store: RecordStore) -> Record | None:
    """Return what the directory says of a workspace."""
    key = RecordKey(WORKSPACE, workspace)
    return await load_record(store, SERVICE_WORKSPACE, key)


async def counted_zone(workspace: WorkspaceId, store: RecordStore) -> FollowedZone:
    """Return in which zone reminders are counted now."""
    record = await load_record(store, workspace, REMINDER_ZONE)
    return FollowedZone(CountedZone.of(record), record)


async def follow_time_zone(workspace: WorkspaceId, storage: Storage) -> FollowedZone:
    """Have all commits from now on count in the zone of the directory; return that.

    Commits that have read the zone before are refused, and carried out again. Several processes may do so at the same
    time. What was scheduled before is not counted anew yet.

    Raises:
        StoreUnavailable: if the store cannot be asked.
    """
    while True:
        found = await counted_zone(workspace, storage)  # before the directory: whoever has older news than others loses
        entry = await directory_entry(workspace, storage)
        chosen = workspace_from(entry)
        time_zone = None if chosen is None else chosen.time_zone
        if found.counted.time_zone == time_zone or (entry is not None and chosen is None):  # it was deleted
            return found
        counted = found.counted.moved_to(time_zone)
        record = await written(workspace, counted.record(found.record), storage)
        if record is not None:
            return FollowedZone(counted, record)


async def written(workspace: WorkspaceId, record: Record, storage: Storage) -> Record | None:
    """Write a record; return it with its revision, or None if another call came first."""
    try:
        revision = await storage.commit(Changeset(workspace=workspace, records=(record,)))
    except ConcurrentUpdate:
        return None
    return replace(record, revision=revision)
