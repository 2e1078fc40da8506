"""Makes sure that each store is the one that the directory knows by its name: two URLs are easily mixed up."""

import json
from collections.abc import Mapping
from contextlib import suppress
from secrets import token_hex

from taskharbor.application.documents.json_encoding import json_text
from taskharbor.application.errors import ConcurrentUpdate, StoreNotReady
from taskharbor.application.ports.record_store import Record, RecordKey
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.shards.shard_records import HOME, KNOWN, NAME
from taskharbor.domain.identifiers import SERVICE_WORKSPACE


async def require_identities(stores: Mapping[str, Storage]) -> None:
    """Compare what the directory and each store know of each other, and have them know it if they do not yet.

    Raises:
        StoreNotReady: if they contradict.
        StoreUnavailable: if one cannot be asked.
    """
    home = stores[HOME]
    for name, store in stores.items():
        if name == HOME:
            continue
        known = RecordKey(KNOWN, name)
        expected = await _read(home, known)
        found = await _read(store, NAME)
        if found is None and expected is None:
            await _write(store, NAME, {"name": name, "id": token_hex(8)})
            found = await _read(store, NAME)
        if expected is None and found is not None and found["name"] == name:
            await _write(home, known, found)
            expected = await _read(home, known)
        if found is None or found != expected:
            what = "holds nothing of it" if found is None else f"is the shard {found['name']} of a directory"
            raise StoreNotReady(
                f"The database of the shard {name} is not the one that the directory knows by that name: it {what}",
                remedy="correct its URL in TASKHARBOR_SHARDS, or restore its latest backup",
            )


async def _read(store: Storage, key: RecordKey) -> dict[str, str] | None:
    record = (await store.load_records(SERVICE_WORKSPACE, [key])).get(key)
    if record is None or record.document is None:
        return None
    said: dict[str, str] = json.loads(record.document)
    return said


async def _write(store: Storage, key: RecordKey, said: Mapping[str, str]) -> None:
    record = Record(kind=key.kind, key=key.key, document=json_text(said))
    with suppress(ConcurrentUpdate):  # another process did so at the same time; what it wrote is read
        await store.commit(Changeset(workspace=SERVICE_WORKSPACE, records=(record,)))
