"""Stores that commit in pieces or check some of it only, and the promise of the kit that finds each out."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.documents.task_document import document_of
from taskharbor.application.errors import ConcurrentUpdate
from taskharbor.application.ports.record_store import Record
from taskharbor.application.ports.task_history import HistoryEntry
from taskharbor.application.ports.task_store import Changeset
from taskharbor.domain.identifiers import Revision, WorkspaceId
from teeth import Outcomes, Teeth

CHECKED = "test_each_of_a_thousand_{}_is_checked"
TOGETHER = "test_a_thousand_changes_of_one_commit_are_seen_together"
EVERYWHERE = "test_a_commit_seen_in_one_answer_is_seen_in_every_other"
LEAVES_NOTHING = "test_a_refused_commit_leaves_nothing"
EVERYTHING = "test_a_thousand_of_everything_are_one_commit"

TEETH = Teeth(globals())
breaks = TEETH.breaks


class Hasty(InMemoryStorage):
    """Writes what it is given, whatever was checked."""

    def write(self, changes: Changeset, revision: Revision) -> None:
        here = self._workspaces[changes.workspace]
        for task in (*changes.added, *changes.changed):
            here._put(task.committed(revision), document_of(task, changes.documents))
        for record in changes.records:
            here.records[record.found_by] = replace(record, revision=revision)
        for entry in changes.history:
            here.history.add(replace(entry, revision=revision))
        here.extent = replace(here.extent, revision=revision)

    def check(self, changes: Changeset) -> None:
        self._workspaces[changes.workspace]._check(changes)

    def next_revision(self, changes: Changeset) -> Revision:
        return self._workspaces[changes.workspace].revision + 1


def pieces(changes: Changeset, size: int) -> list[Changeset]:
    """Cut all that is written into pieces; guards stay in the first one."""
    longest = max(map(len, (changes.added, changes.changed, changes.records, changes.history)))
    cut = [
        replace(
            changes,
            **{
                name: getattr(changes, name)[begin : begin + size]
                for name in ("added", "changed", "records", "history")
            },
        )
        for begin in range(0, max(longest, 1), size)
    ]
    return [cut[0], *(replace(piece, guarded={}, guarded_records={}) for piece in cut[1:])]


@breaks(TOGETHER, CHECKED.format("changed_tasks"))
class CommitsInPiecesOf500(Hasty):
    async def commit(self, changes: Changeset) -> Revision:
        revision = self.next_revision(changes)
        for piece in pieces(changes, 500):
            self.check(piece)
            self.write(piece, revision)
            await asyncio.sleep(0)
        return revision


@breaks(TOGETHER)
class ChecksAllAndWritesInPiecesOf1000(Hasty):
    async def commit(self, changes: Changeset) -> Revision:
        self.check(changes)
        revision = self.next_revision(changes)
        for piece in pieces(changes, 1000):
            self.write(piece, revision)
            await asyncio.sleep(0)
        return revision


@breaks(TOGETHER)
class ChecksAllAndWritesInPiecesOf1050(Hasty):
    async def commit(self, changes: Changeset) -> Revision:
        self.check(changes)
        revision = self.next_revision(changes)
        for piece in pieces(changes, 1050):
            self.write(piece, revision)
            await asyncio.sleep(0)
        return revision


class ChecksTheFirst(Hasty):
    """Checks the first 500 of one sort."""

    def first(self, changes: Changeset) -> Changeset:
        raise NotImplementedError

    async def commit(self, changes: Changeset) -> Revision:
        self.check(self.first(changes))
        revision = self.next_revision(changes)
        self.write(changes, revision)
        return revision


@breaks(CHECKED.format("changed_tasks"))
class ChecksTheFirst500Changes(ChecksTheFirst):
    def first(self, changes: Changeset) -> Changeset:
        return replace(changes, changed=changes.changed[:500])


@breaks(CHECKED.format("changed_tasks"))
class ChecksNotTheLastChange(ChecksTheFirst):
    def first(self, changes: Changeset) -> Changeset:
        return replace(changes, changed=changes.changed[:-1] if len(changes.changed) > 20 else changes.changed)


@breaks(CHECKED.format("guards"))
class ChecksTheFirst1000Guards(ChecksTheFirst):
    def first(self, changes: Changeset) -> Changeset:
        return replace(changes, guarded=dict([*changes.guarded.items()][:1000]))


@breaks(CHECKED.format("changed_records"))
class ChecksTheFirst500Records(ChecksTheFirst):
    def first(self, changes: Changeset) -> Changeset:
        return replace(changes, records=changes.records[:500])


@breaks(CHECKED.format("guards_on_records"))
class ChecksTheFirst500GuardsOnRecords(ChecksTheFirst):
    def first(self, changes: Changeset) -> Changeset:
        return replace(changes, guarded_records=dict([*changes.guarded_records.items()][:500]))


@breaks(CHECKED.format("uids"))
class ChecksTheFirst999Uids(ChecksTheFirst):
    def first(self, changes: Changeset) -> Changeset:
        return replace(changes, added=changes.added[:999])


@breaks(EVERYTHING)
class TellsAtMost1000OfACommit(InMemoryStorage):
    async def list_commit(self, workspace: WorkspaceId, revision: Revision) -> Sequence[HistoryEntry]:
        return (await super().list_commit(workspace, revision))[:1000]


@breaks(EVERYTHING)
class TellsAtMost1000OfAHistory(InMemoryStorage):
    async def list_history_since(self, workspace: WorkspaceId, task_ids: Any, *, after: Revision) -> Any:
        return (await super().list_history_since(workspace, task_ids, after=after))[:1000]


@breaks(EVERYTHING)
class ListsAtMost1000Records(InMemoryStorage):
    async def list_records(self, workspace: WorkspaceId, kind: str, *, after: str, limit: int) -> Sequence[Record]:
        return await super().list_records(workspace, kind, after=after, limit=min(limit, 1000))


@breaks(f"{LEAVES_NOTHING}[a stale task]", f"{LEAVES_NOTHING}[a taken uid]")
class LeavesTheRecordsOfWhatItRefuses(Hasty):
    async def commit(self, changes: Changeset) -> Revision:
        self.check(replace(changes, added=(), changed=(), guarded={}))
        for record in changes.records:
            key = record.found_by
            self._workspaces[changes.workspace].records[key] = replace(record, revision=self.next_revision(changes))
        self.check(replace(changes, records=()))
        revision = self.next_revision(changes)
        self.write(changes, revision)
        return revision


@breaks(f"{LEAVES_NOTHING}[a guard on a task that was deleted since]")
class ChecksNoGuardsOnDeletedTasks(ChecksTheFirst):
    def first(self, changes: Changeset) -> Changeset:
        tasks = self._workspaces[changes.workspace].tasks
        live = {
            id_: revision for id_, revision in changes.guarded.items() if id_ not in tasks or not tasks[id_].is_deleted
        }
        return replace(changes, guarded=live)


@breaks(f"{LEAVES_NOTHING}[a stale record that is to be removed]")
class RemovesRecordsUnchecked(ChecksTheFirst):
    def first(self, changes: Changeset) -> Changeset:
        return replace(changes, records=tuple(record for record in changes.records if record.document is not None))


@breaks(f"{LEAVES_NOTHING}[a stale guard on a record]")
class LeavesTheWordsOfWhatItRefuses(Hasty):
    async def commit(self, changes: Changeset) -> Revision:
        try:
            return await super().commit(changes)
        except ConcurrentUpdate:
            here = self._workspaces[changes.workspace]
            for task in changes.changed:
                if task.id in here.tasks:
                    here._views[task.id] = replace_title(here._views[task.id], document_of(task, changes.documents))
            raise


def replace_title(view: Any, document: str) -> Any:
    return type(view)(document, view.revision, blocked=view.blocked)


@breaks(f"{LEAVES_NOTHING}[a stale guard]", f"{LEAVES_NOTHING}[a guard on a task that never was]")
class ChecksNoGuardsWhereRecordsAloneAreWritten(InMemoryStorage):
    async def commit(self, changes: Changeset) -> Revision:
        alone = not (changes.added or changes.changed)
        return await super().commit(replace(changes, guarded={}) if alone else changes)


@breaks(f"{LEAVES_NOTHING}[a stale guard on a record]", f"{LEAVES_NOTHING}[a guard on a record that never was]")
class ChecksNoGuardsOnRecordsWhereRecordsAreWritten(InMemoryStorage):
    async def commit(self, changes: Changeset) -> Revision:
        return await super().commit(replace(changes, guarded_records={}) if changes.records else changes)


@breaks(f"{LEAVES_NOTHING}[a stale guard]")
class ChecksNoGuardsWhereTasksAreNew(InMemoryStorage):
    async def commit(self, changes: Changeset) -> Revision:
        return await super().commit(replace(changes, guarded={}) if changes.added else changes)


@breaks(EVERYWHERE)
class WritesTheRecordsBeforeTheTasks(Hasty):
    async def commit(self, changes: Changeset) -> Revision:
        self.check(changes)
        revision = self.next_revision(changes)
        here = self._workspaces[changes.workspace]
        here.records |= {record.found_by: replace(record, revision=revision) for record in changes.records}
        await asyncio.sleep(0)
        self.write(changes, revision)
        return revision


@breaks(EVERYWHERE)
class WritesTheTasksBeforeTheRecords(Hasty):
    async def commit(self, changes: Changeset) -> Revision:
        self.check(changes)
        revision = self.next_revision(changes)
        self.write(replace(changes, records=()), revision)
        await asyncio.sleep(0)
        here = self._workspaces[changes.workspace]
        here.records |= {record.found_by: replace(record, revision=revision) for record in changes.records}
        return revision


@breaks(EVERYWHERE)
class IndexesTheTrashLater(InMemoryStorage):
    """Tells of deleted tasks as of the last time that it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self._recorded: dict[WorkspaceId, Any] = {}

    async def list_deleted(self, workspace: WorkspaceId, *, before: Any, limit: int) -> Any:
        now = await super().list_deleted(workspace, before=before, limit=limit)
        old, self._recorded[workspace] = self._recorded.get(workspace, now), now
        return old


@pytest.mark.parametrize(("contract", "promise"), TEETH.expected, ids=lambda value: value.removeprefix("ContractOf"))
def test_a_broken_store_is_found_out(outcomes: Outcomes, contract: str, promise: str) -> None:
    assert outcomes[contract, promise] == "broken"
