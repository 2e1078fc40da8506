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
    """Compare what the home and each store know of each other, and have them know it if they do not yet.

    Raises:
        StoreNotReady: if they contradict.
        StoreUnavailable: if one cannot be asked.
    """
    home = stores[HOME]
    directory = await _kept(home, NAME, {"name": HOME, "directory": token_hex(8)})
    if directory["name"] != HOME:
        raise StoreNotReady(
            f"The database that is to have the directory is the shard {directory['name']} of one",
            remedy="correct TASKHARBOR_DATABASE_URL",
        )
    for name, store in stores.items():
        if name == HOME:
            continue
        wanted = {"name": name, "directory": directory["directory"]}
        known = await _read(home, RecordKey(KNOWN, name))
        found = await _read(store, NAME) if known else await _kept(store, NAME, wanted)
        if found != wanted:
            what = "holds nothing of it" if found is None else f"is the shard {found['name']} of a directory"
            raise StoreNotReady(
                f"The database of the shard {name} is not the one that the directory knows by that name: it {what}",
                remedy="correct its URL in TASKHARBOR_SHARDS, or restore its latest backup",
            )
        if known is None:
            await _kept(home, RecordKey(KNOWN, name), wanted)


async def require_alone(store: Storage) -> None:
    """Make sure that a store is none of several.

    Raises:
        StoreNotReady: if it is.
        StoreUnavailable: if it cannot be asked.
    """
    found = await _read(store, NAME)
    if found is not None:
        raise StoreNotReady(
            f"This database is one of several: {found['name']}",
            remedy="name the home in TASKHARBOR_DATABASE_URL and all others in TASKHARBOR_SHARDS",
        )


async def _kept(store: Storage, key: RecordKey, said: Mapping[str, str]) -> Mapping[str, str]:
    """Return what a record says, which is written if it is not there."""
    found = await _read(store, key)
    if found is None:
        await _write(store, key, said)
        found = await _read(store, key)
    return found or said


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
