"""Take away the webhooks of a workspace that was deleted."""

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import Final

from taskharbor.application.access.directory import list_in
from taskharbor.application.documents.json_encoding import json_text
from taskharbor.application.errors import ConcurrentUpdate
from taskharbor.application.ports.record_store import Record, RecordKey
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.webhooks.delivery_state import STATE
from taskharbor.application.webhooks.manage_webhooks import COUNT, NEWS
from taskharbor.application.webhooks.webhook import KEPT, KIND, new_id
from taskharbor.domain.identifiers import SERVICE_WORKSPACE, WorkspaceId

_AT_ONCE: Final = 200


async def forget_webhooks(workspace: WorkspaceId, store: Storage, *, now: datetime) -> None:
    """Take them all away, with their secrets, so that nothing more is told; if it breaks off, call it again."""
    while found := await list_in(store, workspace, KIND, limit=_AT_ONCE):
        await _remove([RecordKey(kind, record.key) for record in found for kind in (KIND, STATE)], store, now)
    while not await _remove([RecordKey(COUNT, workspace)], store, now):
        pass


async def _remove(keys: list[RecordKey], store: Storage, now: datetime) -> bool:
    """Remove those that are there, and have those who deliver notice; return False if another commit came first."""
    news = RecordKey(*NEWS)
    found = dict(await store.load_records(SERVICE_WORKSPACE, [*keys, news]))
    last = found.pop(news, Record(kind=news.kind, key=news.key, document=None))
    gone = [replace(record, document=None, expires=now) for record in found.values() if record.document is not None]
    if not gone:
        return True
    told = replace(last, document=json_text(new_id()), expires=KEPT)
    try:
        await store.commit(Changeset(workspace=SERVICE_WORKSPACE, records=(*gone, told)))
    except ConcurrentUpdate:
        await asyncio.sleep(0)
        return False
    return True
