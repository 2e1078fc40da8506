"""Stores that lose a record or list another history, and the promise of the kit that finds it out."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.ports.record_store import Record, RecordKey
from taskharbor.application.ports.task_history import OF_RECORDS, HistoryEntry
from taskharbor.application.ports.task_store import Changeset
from taskharbor.domain.identifiers import Revision, TaskId, WorkspaceId
from teeth import Outcomes, Teeth

SEES = "test_a_reader_of_a_task_sees_its_history_up_to_there_under_concurrent_writes"
LISTED = "test_records_of_a_kind_are_listed_by_the_bytes_of_their_keys"
RACES = "test_of_two_writes_of_one_record_at_once_one_is_refused"
CROSSED = "test_of_two_writes_at_once_that_guard_each_others_record_one_is_refused"

TEETH = Teeth(globals())
breaks = TEETH.breaks


@breaks("test_a_stale_record_refuses_the_commit", f"{RACES}[changed]")
class LastRecordWins(InMemoryStorage):
    async def commit(self, changes: Changeset) -> Revision:
        stored = self._workspaces[changes.workspace].records
        records = tuple(
            replace(record, revision=stored[record.found_by].revision) if record.revision else record
            for record in changes.records
            if not record.revision or record.found_by in stored
        )
        return await super().commit(replace(changes, records=records))


@breaks("test_a_new_record_that_is_there_already_refuses_the_commit", f"{RACES}[new]")
class OverwritesWhatIsThere(InMemoryStorage):
    async def commit(self, changes: Changeset) -> Revision:
        stored = self._workspaces[changes.workspace].records
        records = tuple(
            record
            if record.revision or record.found_by not in stored
            else replace(record, revision=stored[record.found_by].revision)
            for record in changes.records
        )
        return await super().commit(replace(changes, records=records))


@breaks(
    "test_a_stale_guard_on_a_record_refuses_the_commit",
    "test_a_guard_on_a_record_that_never_was_refuses_the_commit",
    CROSSED,
)
class GuardsNoRecords(InMemoryStorage):
    async def commit(self, changes: Changeset) -> Revision:
        return await super().commit(replace(changes, guarded_records={}))


@breaks(
    "test_a_commit_records_what_it_did_to_records",
    "test_a_changed_list_becomes_what_it_was_unless_it_was_changed_since",
    "test_saved_filters_are_undone",
)
class TellsOfTasksOnly(InMemoryStorage):
    async def commit(self, changes: Changeset) -> Revision:
        recorded = tuple(entry for entry in changes.history if entry.task_id != OF_RECORDS)
        return await super().commit(replace(changes, history=recorded))


@breaks("test_a_stale_task_refuses_the_records_of_its_commit")
class WritesRecordsFirst(InMemoryStorage):
    async def commit(self, changes: Changeset) -> Revision:
        here = self._workspaces[changes.workspace]
        before = dict(here.records)
        try:
            return await super().commit(changes)
        except Exception:
            changed = {r.found_by: r for r in changes.records if before.get(r.found_by, r).revision == r.revision}
            here.records.update(changed)
            raise


@breaks("test_a_removed_record_is_loaded_without_a_document_and_not_listed")
class ForgetsRemovedRecords(InMemoryStorage):
    async def load_records(self, workspace: WorkspaceId, keys: Collection[RecordKey]) -> Mapping[RecordKey, Record]:
        found = await super().load_records(workspace, keys)
        return {key: record for key, record in found.items() if record.document is not None}


@breaks("test_a_removed_record_is_loaded_without_a_document_and_not_listed")
class ListsRemovedRecords(InMemoryStorage):
    async def list_records(self, workspace: WorkspaceId, kind: str, *, after: str, limit: int) -> Sequence[Record]:
        records = self._workspaces[workspace].records
        return [records[key] for key in sorted(records) if key.kind == kind and key.key > after][:limit]


@breaks(LISTED)
class SortsKeysAsUtf16(InMemoryStorage):
    async def list_records(self, workspace: WorkspaceId, kind: str, *, after: str, limit: int) -> Sequence[Record]:
        found = await super().list_records(workspace, kind, after="", limit=1000)
        by = [(record.key.encode("utf-16-be"), record) for record in found]
        return [r for key, r in sorted(by, key=lambda each: each[0]) if key > after.encode("utf-16-be")][:limit]


@breaks(LISTED)
class ListsFromTheNameOn(InMemoryStorage):
    async def list_records(self, workspace: WorkspaceId, kind: str, *, after: str, limit: int) -> Sequence[Record]:
        records = self._workspaces[workspace].records
        live = [key for key in sorted(records) if records[key].document is not None]
        return [records[key] for key in live if key.kind == kind and key.key >= after][:limit]


@breaks("test_a_record_is_loaded_as_it_was_written")
class ForgetsWhenRecordsExpire(InMemoryStorage):
    async def commit(self, changes: Changeset) -> Revision:
        records = tuple(replace(record, expires=None) for record in changes.records)
        return await super().commit(replace(changes, records=records))


@breaks("test_a_record_is_loaded_as_it_was_written")
class KeepsSecondsOfExpiry(InMemoryStorage):
    async def commit(self, changes: Changeset) -> Revision:
        records = tuple(
            replace(record, expires=record.expires and record.expires.replace(microsecond=0))
            for record in changes.records
        )
        return await super().commit(replace(changes, records=records))


@breaks("test_the_records_of_another_workspace_are_another_workspaces")
class SharesRecordsAmongTenants(InMemoryStorage):
    async def load_records(self, workspace: WorkspaceId, keys: Collection[RecordKey]) -> Mapping[RecordKey, Record]:
        everybody = [here.records for here in self._workspaces.values()]
        return {key: records[key] for records in everybody for key in keys if key in records}


@breaks(
    "test_records_and_tasks_of_one_commit_get_one_revision",
    "test_tasks_lists_and_saved_filters_change_in_one_commit",
)
class CommitsRecordsByThemselves(InMemoryStorage):
    async def commit(self, changes: Changeset) -> Revision:
        if changes.records and (changes.added or changes.changed):
            await super().commit(replace(changes, added=(), changed=(), guarded={}, history=()))
            return await super().commit(replace(changes, records=(), guarded_records={}))
        return await super().commit(changes)


@breaks("test_the_latest_entries_come_first_and_in_pages")
class TellsTheOldestFirst(InMemoryStorage):
    async def list_history(
        self, workspace: WorkspaceId, task_id: TaskId, *, before: Revision, limit: int
    ) -> Sequence[HistoryEntry]:
        found = await super().list_history(workspace, task_id, before=before, limit=1000)
        return found[::-1][:limit]


@breaks("test_the_latest_entries_come_first_and_in_pages")
class RepeatsTheLastEntry(InMemoryStorage):
    async def list_history(
        self, workspace: WorkspaceId, task_id: TaskId, *, before: Revision, limit: int
    ) -> Sequence[HistoryEntry]:
        return await super().list_history(workspace, task_id, before=before + 1, limit=limit)


@breaks("test_what_a_commit_did_is_listed_by_task_id")
class TellsACommitInAnyOrder(InMemoryStorage):
    async def list_commit(self, workspace: WorkspaceId, revision: Revision) -> Sequence[HistoryEntry]:
        return (await super().list_commit(workspace, revision))[::-1]


@breaks("test_a_refused_commit_records_nothing")
class TellsOfRefusedCommits(InMemoryStorage):
    async def commit(self, changes: Changeset) -> Revision:
        try:
            return await super().commit(changes)
        except Exception:
            here = self._workspaces[changes.workspace]
            for entry in changes.history:
                here.history.add(replace(entry, revision=here.revision + 1))
            raise


@breaks(SEES)
class TellsLater(InMemoryStorage):
    async def commit(self, changes: Changeset) -> Revision:
        revision = await super().commit(replace(changes, history=()))
        await asyncio.sleep(0)
        here = self._workspaces[changes.workspace]
        for entry in changes.history:
            here.history.add(replace(entry, revision=revision))
        return revision


class Retells(InMemoryStorage):
    """Lists other entries than were written."""

    def altered(self, entry: HistoryEntry) -> HistoryEntry:
        raise NotImplementedError

    async def commit(self, changes: Changeset) -> Revision:
        return await super().commit(replace(changes, history=tuple(map(self.altered, changes.history))))


@breaks("test_an_entry_is_returned_as_written_with_the_revision_of_its_commit")
class TakesNobodyForAnEmptyName(Retells):
    def altered(self, entry: HistoryEntry) -> HistoryEntry:
        return replace(entry, actor=entry.actor or "")


@breaks("test_an_entry_is_returned_as_written_with_the_revision_of_its_commit")
class TellsSecondsOnly(Retells):
    def altered(self, entry: HistoryEntry) -> HistoryEntry:
        return replace(entry, at=entry.at.replace(microsecond=0))


@breaks("test_every_command_records_what_it_did_before_and_after", SEES)
class ForgetsWhatWasBefore(Retells):
    def altered(self, entry: HistoryEntry) -> HistoryEntry:
        return replace(entry, previous=0)


@breaks("test_the_history_of_another_workspace_is_not_returned")
class TellsEverybodysHistory(InMemoryStorage):
    async def list_history(
        self, workspace: WorkspaceId, task_id: TaskId, *, before: Revision, limit: int
    ) -> Sequence[HistoryEntry]:
        everybody = [here.history.before(task_id, before, limit=limit) for here in self._workspaces.values()]
        return [entry for entries in everybody for entry in entries][:limit]


@pytest.mark.parametrize(("contract", "promise"), TEETH.expected, ids=lambda value: value.removeprefix("ContractOf"))
def test_a_broken_store_is_found_out(outcomes: Outcomes, contract: str, promise: str) -> None:
    assert outcomes[contract, promise] == "broken"
