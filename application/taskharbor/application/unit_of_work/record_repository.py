"""The records that a unit of work has read and changed."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from typing import Final, TypeAlias

from taskharbor.application.ports.record_store import Record, RecordKey, RecordStore
from taskharbor.domain.identifiers import Revision, WorkspaceId

_PAGE: Final = 1_000

RecordBookmark: TypeAlias = tuple[dict[RecordKey, Record], dict[RecordKey, Revision], dict[RecordKey, frozenset[str]]]
"""The changes to records at some moment."""


class RecordRepository:
    """The records of one workspace as one unit of work sees them: committed ones, with its own changes on top.

    Attributes:
        command: what is being carried out; the history records it for what is put or removed.
    """

    def __init__(self, store: RecordStore, workspace: WorkspaceId) -> None:
        self._store = store
        self._workspace = workspace
        self._read: dict[RecordKey, Record] = {}
        self._written: dict[RecordKey, Record] = {}
        self._guarded: dict[RecordKey, Revision] = {}
        self._commands: dict[RecordKey, frozenset[str]] = {}
        self._listed: set[str] = set()
        self.command = ""

    async def find(self, kind: str, key: str) -> Record | None:
        """Return the record, or None if there is none or it was removed. A second look finds the same."""
        found_by = RecordKey(kind, key)
        await self.prefetch((found_by,))
        record = self._written.get(found_by) or self._read[found_by]
        return None if record.document is None else record

    async def list_all(self, kind: str) -> list[Record]:
        """Return all records of a kind that are there, by ascending key. What was read before is as it was then."""
        if kind not in self._listed:
            after = ""
            while True:
                page = await self._store.list_records(self._workspace, kind, after=after, limit=_PAGE)
                for record in page:
                    self._read.setdefault(record.found_by, record)
                if len(page) < _PAGE:
                    break
                after = page[-1].key
            self._listed.add(kind)
        known = {**self._read, **self._written}
        return [known[key] for key in sorted(known) if key.kind == kind and known[key].document is not None]

    async def find_as_read(self, kind: str, key: str) -> Record | None:
        """Return the record as the store had it, without the changes of this unit of work; None if it had none."""
        found_by = RecordKey(kind, key)
        await self.prefetch((found_by,))
        record = self._read[found_by]
        return None if record.document is None else record

    async def prefetch(self, keys: Collection[RecordKey]) -> None:
        """Read several records at once, so that finding each of them needs no read of its own."""
        unread = [key for key in keys if key not in self._read]
        if unread:
            loaded = await self._store.load_records(self._workspace, unread)
            self._read.update(
                {key: loaded.get(key) or Record(kind=key.kind, key=key.key, document=None) for key in unread}
            )

    def know(self, record: Record) -> None:
        """Take a record for read, which was read by an earlier unit of work and will be guarded."""
        self._read.setdefault(record.found_by, record)

    async def put(self, kind: str, key: str, document: str | None, *, expires: datetime | None = None) -> None:
        """Have the record written at commit with this JSON text, or removed without one."""
        await self.find(kind, key)
        found_by = RecordKey(kind, key)
        before = self._read[found_by]
        if document != (self._written.get(found_by) or before).document:
            self._commands[found_by] = self._commands.get(found_by, frozenset()) | {self.command}
        if document is None and before.document is None:
            self._written.pop(found_by, None)  # it was made in this unit of work: there is nothing to be removed
        else:
            self._written[found_by] = replace(before, document=document, expires=expires)

    async def remove(self, kind: str, key: str, *, at: datetime) -> None:
        """Have the record removed at commit, and what is left of it purged like a task that was deleted `at`, now."""
        await self.put(kind, key, None, expires=at)

    async def guard(self, kind: str, key: str) -> None:
        """Let the commit fail if another call changes or removes this record, which is only read here.

        A record that was never written cannot be guarded: there is nothing to look at again.
        """
        await self.find(kind, key)
        found_by = RecordKey(kind, key)
        if not self._read[found_by].revision and found_by not in self._written:
            raise ValueError(f"there is no record {kind} {key} to be guarded")
        self._guarded[found_by] = self._read[found_by].revision

    @property
    def written(self) -> tuple[Record, ...]:
        """The records as they shall become."""
        return tuple(self._written.values())

    @property
    def recorded(self) -> dict[RecordKey, tuple[str | None, str | None]]:
        """The documents before and after of the records that the history records: not of those that only expire."""
        return {
            key: (before.document, after.document)
            for key, after in self._written.items()
            if (before := self._read[key]).document != after.document and not _passes(before) and not _passes(after)
        }

    @property
    def recorded_commands(self) -> frozenset[str]:
        """The commands that changed those records."""
        return frozenset[str]().union(*[self._commands[key] for key in self.recorded])

    @property
    def guarded(self) -> dict[RecordKey, Revision]:
        """The revisions that records must still have which are only read."""
        # What is new was read with revision 0. If it is not written in the end, no other call can know of it.
        return {key: revision for key, revision in self._guarded.items() if revision and key not in self._written}

    def bookmark(self) -> RecordBookmark:
        """Return the changes so far, for `return_to`."""
        return dict(self._written), dict(self._guarded), dict(self._commands)

    def return_to(self, bookmark: RecordBookmark) -> None:
        """Forget the changes made since the bookmark."""
        written, guarded, commands = bookmark
        self._written, self._guarded, self._commands = dict(written), dict(guarded), dict(commands)

    def committed(self, revision: Revision) -> None:
        """Take note that all changes have been written with this revision."""
        for key, record in self._written.items():
            self._read[key] = replace(record, revision=revision)
            if key in self._guarded:
                self._guarded[key] = revision
        self._written.clear()
        self._commands.clear()


def _passes(record: Record) -> bool:
    return record.document is not None and record.expires is not None
