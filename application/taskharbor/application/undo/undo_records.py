"""Undoing what a commit did to lists and saved filters."""

import json
from collections.abc import Sequence
from typing import Any, Final

from taskharbor.application.documents.json_encoding import json_text
from taskharbor.application.lists.list_records import EMPTYING, LIST, close_list, list_from
from taskharbor.application.ports.record_store import RecordKey
from taskharbor.application.ports.task_history import HistoryEntry
from taskharbor.application.ports.task_relations import InList
from taskharbor.application.saved_filters.saved_filter import KIND as FILTER
from taskharbor.application.saved_filters.saved_filter import MAX_SAVED_FILTERS
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import INBOX
from taskharbor.domain.values.instant import instant_as_json

_CHANGED: Final = ("changed_since", "It has been changed since")
_DELETED: Final = ("deleted_since", "It has been deleted since")
_THERE: Final = ("changed_since", "Another one has this name now")
_NOT_EMPTY: Final = ("list_not_empty", "It contains tasks that were added since")
_TOGETHER: Final = ("changed_since", "Another saved filter of this commit has been changed since")
_TOO_MANY: Final = ("too_many_filters", f"The workspace already holds {MAX_SAVED_FILTERS:,} saved filters")


@frozen
class UndoneRecord:
    """What was undone of a list or a saved filter.

    Attributes:
        kind: `list` or `filter`.
        key: the id of the list, or the folded name of the filter.
        action: `removed`, `restored` or `changed`.
    """

    kind: str
    key: str
    action: str


@frozen
class RecordConflict:
    """What could not be undone of a list or a saved filter.

    Attributes:
        kind: see `UndoneRecord`.
        key: see `UndoneRecord`.
        code: why, for programs: `changed_since`, `deleted_since`, `list_not_empty` or `too_many_filters`.
        why: the same for people.
    """

    kind: str
    key: str
    code: str
    why: str


class RecordUndoing:
    """Gives records back the documents that they had before a commit, where they still have those that it gave them.

    Attributes:
        undone: what was undone.
        conflicts: what was not.
    """

    def __init__(self, uow: UnitOfWork) -> None:
        self.undone: list[UndoneRecord] = []
        self.conflicts: list[RecordConflict] = []
        self._uow = uow
        self._removals: list[RecordKey] = []
        self._written: dict[RecordKey, str] = {}

    async def put_back(self, entries: Sequence[HistoryEntry]) -> None:
        """Give back what there was; lists take tasks until `finish` is called."""
        documents = {key: both for entry in entries for key, both in _documents_of(entry).items()}
        await self._uow.records.prefetch(list(documents))
        steps: dict[RecordKey, str | None] = {}
        for key, (before, after) in documents.items():
            record = await self._uow.records.find(*key)
            now = None if record is None else record.document
            if _said(now) == _said(before):
                continue
            if _said(now) != _said(after):
                self._conflict(key, *(_DELETED if now is None else _THERE if after is None else _CHANGED))
            else:
                steps[key] = before
        await self._keep_filters_together(steps)
        for key, before in steps.items():
            if before is None:
                self._removals.append(key)
            else:
                await self._give_back(key, before, restored=documents[key][1] is None)

    async def to_be_closed(self) -> list[RecordKey]:
        """Return the lists that are to be removed, are empty, and are still open to new tasks."""
        closed: list[RecordKey] = []
        for key in self._removals:
            if not _is_removable_list(key) or await self._uow.records.find(*key) is None:
                continue
            # What counts is what others see: a list that is archived only by this unit of work takes their tasks.
            seen = list_from(await self._uow.records.find_as_read(*key), int(key.key))
            if seen is not None and not seen.archived and not await self._has_tasks(key):
                closed.append(key)
        return closed

    async def close(self, key: RecordKey) -> None:
        """Keep new tasks out of the list."""
        found = list_from(await self._uow.records.find(*key), int(key.key))
        if found is not None:
            await close_list(found, self._uow)

    async def finish(self) -> None:
        """Remove what was made, lists if they are empty, and archive lists that were."""
        for key, document in self._written.items():
            await self._uow.records.put(*key, document)
        for key in self._removals:
            if _is_removable_list(key) and await self._has_tasks(key):
                self._conflict(key, *_NOT_EMPTY)
                await self._open_again(key)
                continue
            await self._uow.records.remove(*key, at=self._uow.now)
            self._done(key, "removed")

    async def _give_back(self, key: RecordKey, document: str, *, restored: bool) -> None:
        said = json.loads(document)
        if key.kind == LIST:
            said = _as_meant(said)
            if said.get("updated") is not None:
                said["updated"] = instant_as_json(self._uow.now)
        self._written[key] = json_text(said)
        await self._uow.records.put(*key, json_text(said | {"archived": False} if key.kind == LIST else said))
        self._done(key, "restored" if restored else "changed")

    async def _keep_filters_together(self, steps: dict[RecordKey, str | None]) -> None:
        """Undo nothing of saved filters, or all: one that was renamed must not be lost between its two names."""
        filters = [key for key in steps if key.kind == FILTER]
        code_and_why = None
        if any(one.kind == FILTER for one in self.conflicts):
            code_and_why = _TOGETHER
        else:
            more = sum([1 if steps[key] is not None else -1 for key in filters if await self._appears(key, steps)])
            if more > 0 and len(await self._uow.records.list_all(FILTER)) + more > MAX_SAVED_FILTERS:
                code_and_why = _TOO_MANY
        if code_and_why is not None:
            for key in filters:
                del steps[key]
                self._conflict(key, *code_and_why)

    async def _appears(self, key: RecordKey, steps: dict[RecordKey, str | None]) -> bool:
        return (await self._uow.records.find(*key) is None) != (steps[key] is None)

    async def _open_again(self, key: RecordKey) -> None:
        """Let a list that was closed, to be removed, be used as before."""
        record = await self._uow.records.find(*key)
        if record is not None and record.document is not None and EMPTYING in json.loads(record.document):
            await self._uow.records.put(*key, json_text(_as_meant(json.loads(record.document))))

    async def _has_tasks(self, key: RecordKey) -> bool:
        return bool(await self._uow.tasks.related(InList(int(key.key)), limit=1))

    def _done(self, key: RecordKey, action: str) -> None:
        self.undone.append(UndoneRecord(key.kind, _shown(key), action))

    def _conflict(self, key: RecordKey, code: str, why: str) -> None:
        self.conflicts.append(RecordConflict(key.kind, _shown(key), code, why))


def _documents_of(entry: HistoryEntry) -> dict[RecordKey, tuple[str | None, str | None]]:
    recorded: dict[str, tuple[str | None, str | None]] = json.loads(entry.changes)
    found = {RecordKey(*name.split(" ", 1)): (before, after) for name, (before, after) in recorded.items()}
    return {key: both for key, both in found.items() if key.kind in {LIST, FILTER}}


def _said(document: str | None) -> object:
    """Return what is compared: not when it changed, and not that a list is archived only to be emptied."""
    if document is None:
        return None
    said = _as_meant(json.loads(document))
    said.pop("updated", None)
    return said


def _as_meant(said: dict[str, Any]) -> dict[str, Any]:
    if not said.get(EMPTYING):
        return dict(said)
    return {name: value for name, value in said.items() if name != EMPTYING} | {"archived": False}


def _is_removable_list(key: RecordKey) -> bool:
    """Return whether it is a list that is gone without its record: the inbox only becomes what it was at first."""
    return key.kind == LIST and int(key.key) != INBOX


def _shown(key: RecordKey) -> str:
    return str(int(key.key)) if key.kind == LIST else key.key
