"""Take away for good what is left of deleted workspaces, a little at a time."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol

from taskharbor.application.access.directory import list_in
from taskharbor.application.access.invitations import INVITATION, INVITATION_OF
from taskharbor.application.access.manage_tokens import TOKEN, TOKEN_OF
from taskharbor.application.access.manage_workspaces import DELETED
from taskharbor.application.access.trail import USED
from taskharbor.application.errors import ConcurrentUpdate
from taskharbor.application.ports.housekeeping import Cutoffs, Purged
from taskharbor.application.ports.record_store import Record, RecordKey, load_record
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_history import OF_RECORDS, HistoryEntry
from taskharbor.application.ports.task_store import Changeset
from taskharbor.domain.identifiers import SERVICE_WORKSPACE, TaskId, WorkspaceId
from taskharbor.domain.values.instant import instant_of

GRACE: Final = timedelta(seconds=10)
"""How long after its deletion: until then a server may still carry out calls that have begun."""

AT_ONCE: Final = 200

_SECRETS: Final = ((TOKEN_OF, TOKEN), (INVITATION_OF, INVITATION))
_EVER: Final = datetime.max.replace(tzinfo=UTC)


class Forget(Protocol):
    """Takes away what is kept of a workspace in that of the service."""

    async def __call__(self, workspace: WorkspaceId, store: Storage, *, now: datetime) -> None:
        """Take it away. If it breaks off, calling it again goes on."""
        ...


async def purge_deleted_workspaces(store: Storage, kinds: Sequence[str], *, forget: Forget, now: datetime) -> Purged:
    """Purge them all. If it breaks off, calling it again goes on.

    Args:
        store: where they are.
        kinds: the kinds of the records that a workspace keeps until they are removed.
        forget: is called before the tasks are deleted, so that nobody is told of that.
        now: the present instant.
    """
    gone = Purged()
    after = ""
    while found := await store.list_records(SERVICE_WORKSPACE, DELETED, after=after, limit=AT_ONCE):
        for record in found:
            if now - instant_of(json.loads(record.document or "{}")["deleted"]) >= GRACE:
                await forget(record.key, store, now=now)
                gone += await _purge(record.key, store, kinds, now)
                await _remove(SERVICE_WORKSPACE, [record], store, now)
        after = found[-1].key
    return gone


async def _purge(workspace: WorkspaceId, store: Storage, kinds: Sequence[str], now: datetime) -> Purged:
    for index, kind in _SECRETS:
        await _remove_secrets(workspace, index, kind, store, now)
    while used := await list_in(store, workspace, USED, limit=AT_ONCE):
        await _remove(SERVICE_WORKSPACE, used, store, now)
    await _delete_tasks(workspace, store, now)
    for kind in kinds:
        while records := await store.list_records(workspace, kind, after="", limit=AT_ONCE):
            await _remove(workspace, records, store, now)
    # The last commit of the past is never purged, so one is made that holds nothing.
    last = HistoryEntry(task_id=OF_RECORDS, previous=0, at=now, command="delete_workspace", actor=None, changes="{}")
    mark = RecordKey(DELETED, "everything")
    marked = await load_record(store, workspace, mark)
    record = Record(kind=mark.kind, key=mark.key, document="true", revision=0 if marked is None else marked.revision)
    await _commit(Changeset(workspace=workspace, records=(record,), history=(last,)), store)
    cutoffs = Cutoffs(deleted=now + GRACE, expired=_EVER, recorded=now + GRACE)
    gone = Purged(more=True)
    while gone.more:
        gone += await store.purge(workspace, cutoffs, limit=AT_ONCE)
        await asyncio.sleep(0)
    return gone


async def _remove_secrets(workspace: WorkspaceId, index: str, kind: str, store: Storage, now: datetime) -> None:
    while found := await list_in(store, workspace, index, limit=AT_ONCE):
        keys = [RecordKey(kind, json.loads(record.document or '""')) for record in found]
        secrets = await store.load_records(SERVICE_WORKSPACE, keys)
        kept = [record for record in secrets.values() if record.document is not None]
        await _remove(SERVICE_WORKSPACE, [*found, *kept], store, now)


async def _delete_tasks(workspace: WorkspaceId, store: Storage, now: datetime) -> None:
    after: TaskId = 0
    while tasks := await store.scan_tasks(workspace, after=after, limit=AT_ONCE):
        live = tuple(task.delete(at=now) for task in tasks if not task.is_deleted)
        # No entry of the history: what they were is to be forgotten.
        if not live or await _commit(Changeset(workspace=workspace, changed=live), store):
            after = tasks[-1].id


async def _remove(workspace: WorkspaceId, records: Sequence[Record], store: Storage, now: datetime) -> None:
    gone = tuple(replace(record, document=None, expires=now) for record in records)
    await _commit(Changeset(workspace=workspace, records=gone), store)


async def _commit(changes: Changeset, store: Storage) -> bool:
    """Write it; return False if another call came first, so that it must be looked at again."""
    try:
        await store.commit(changes)
    except ConcurrentUpdate:
        await asyncio.sleep(0)
        return False
    return True
