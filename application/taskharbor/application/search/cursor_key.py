"""The key that seals cursors: random, made once, and kept in the store for all who serve it."""

import json
from secrets import token_hex
from typing import Final, Protocol

from taskharbor.application.documents.json_encoding import json_text
from taskharbor.application.errors import ConcurrentUpdate
from taskharbor.application.ports.record_store import Record, RecordKey, RecordStore
from taskharbor.application.ports.task_store import Changeset, TaskStore
from taskharbor.application.search.cursors import Cursors
from taskharbor.domain.identifiers import SERVICE_WORKSPACE

_FOUND_BY: Final = RecordKey("secret", "cursors")
_BYTES: Final = 32


class _Store(TaskStore, RecordStore, Protocol):
    """What is needed to keep a key."""


class CursorKey:
    """Finds the key when the first cursor is sealed or opened, and remembers it."""

    def __init__(self, store: _Store, key: bytes | None = None) -> None:
        self._store = store
        self._cursors = None if key is None else Cursors(key)

    async def cursors(self) -> Cursors:
        """Return what seals with the key that was given, or with that of the store, which gets one if it has none.

        Raises:
            StoreUnavailable: if the store cannot be asked.
        """
        if self._cursors is None:
            key = await self._kept()
            while key is None:
                key = await self._made() or await self._kept()
            self._cursors = Cursors(key)
        return self._cursors

    async def _kept(self) -> bytes | None:
        found = (await self._store.load_records(SERVICE_WORKSPACE, [_FOUND_BY])).get(_FOUND_BY)
        return None if found is None or found.document is None else bytes.fromhex(json.loads(found.document))

    async def _made(self) -> bytes | None:
        """Return a new key, or None if another process has just made one."""
        key = token_hex(_BYTES)
        record = Record(kind=_FOUND_BY.kind, key=_FOUND_BY.key, document=json_text(key))
        try:
            await self._store.commit(Changeset(workspace=SERVICE_WORKSPACE, records=(record,)))
        except ConcurrentUpdate:
            return None
        return bytes.fromhex(key)
