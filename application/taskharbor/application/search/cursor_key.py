"""The key that seals cursors: random, made once, and kept in the store for all who serve it."""

import json
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from secrets import token_hex
from typing import Final, Protocol

from taskharbor.application.documents.json_encoding import json_text
from taskharbor.application.errors import ConcurrentUpdate
from taskharbor.application.ports.change_feed import ChangeFeed
from taskharbor.application.ports.record_store import Record, RecordKey, RecordStore, load_record
from taskharbor.application.ports.task_store import Changeset, TaskStore
from taskharbor.application.search.cursors import Cursors, OpenedCursor
from taskharbor.application.sync.commit_marks import CommitLost, CommitMark, read_mark
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import SERVICE_WORKSPACE, WorkspaceId
from taskharbor.domain.search.order import OrderValue
from taskharbor.domain.search.time_span import Microseconds

_FOUND_BY: Final = RecordKey("secret", "cursors")
_BYTES: Final = 32

_cursors: Final = lru_cache(8)(Cursors)  # to make them takes half as long as to seal one


class _Store(TaskStore, RecordStore, ChangeFeed, Protocol):
    """What is needed to keep a key, and to tell whether a commit was lost."""


class CursorKey:
    """Seals and opens cursors. Finds the key when it is first needed, and remembers it."""

    def __init__(self, store: _Store, key: bytes | None = None) -> None:
        self._store = store
        self._is_given = key is not None
        self._key = key

    async def seal(self, values: Sequence[OrderValue], *, at: Microseconds, mark: CommitMark, context: str) -> str:
        """Return a cursor; see `Cursors.seal`.

        Raises:
            StoreUnavailable: if the store cannot be asked.
        """
        self._key = self._key or await self._found()
        return _cursors(self._key).seal(values, at=at, mark=mark, context=context)

    async def open(self, cursor: str, *, context: str, now: datetime) -> OpenedCursor:
        """Return what is in a cursor; see `Cursors.open`.

        Raises:
            InvalidValue: for `cursor`.
            StoreUnavailable: if the store cannot be asked.
        """
        self._key = self._key or await self._found()
        try:
            return _cursors(self._key).open(cursor, context=context, now=now)
        except InvalidValue:
            if self._is_given or (key := await self._found()) == self._key:
                raise
        self._key = key  # the store was put back to a backup, and another process has made a key since
        return _cursors(key).open(cursor, context=context, now=now)

    async def mark(self, workspace: WorkspaceId, opened: OpenedCursor | None) -> CommitMark:
        """Return the last commit of a workspace, once a page has been read from where a cursor, if any, has said.

        Raises:
            InvalidValue: for `cursor`, if a commit before it was lost in a restore.
            StoreUnavailable: if the store cannot be asked.
        """
        try:
            return await read_mark(self._store, workspace, None if opened is None else opened.mark)
        except CommitLost:
            raise InvalidValue("cursor", "is from before a restore, or too old: begin with the first page") from None

    async def _found(self) -> bytes:
        key = await self._kept()
        while key is None:
            key = await self._made() or await self._kept()
        return key

    async def _kept(self) -> bytes | None:
        found = await load_record(self._store, SERVICE_WORKSPACE, _FOUND_BY)
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
