"""Stores that mix workspaces up, or purge the wrong things, and the promise of the kit that finds each out."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.ports.housekeeping import Cutoffs, Purged
from taskharbor.application.ports.record_store import Record, RecordKey
from taskharbor.application.ports.task_history import HistoryBounds, HistoryEntry
from taskharbor.application.ports.task_relations import RankedTask, Relation
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.ports.task_trash import DeletedPosition
from taskharbor.domain.identifiers import Revision, TaskId, WorkspaceId
from taskharbor.domain.search.filter import Filter
from taskharbor.domain.tasks.rank import Rank
from taskharbor.domain.tasks.task import Task
from teeth import Outcomes, Teeth

BESIDE = "test_no_call_returns_anything_of_another_workspace"
PURGED_BESIDE = "test_a_purge_takes_nothing_of_the_workspace_beside_it"
TOMBSTONES = "test_tombstones_go_to_the_microsecond"
RECORDS = "test_records_go_to_the_microsecond"
HISTORY = "test_the_history_goes_to_the_microsecond"
OWN_KIND = "test_each_cutoff_is_for_its_own_kind"

TEETH = Teeth(globals())
breaks = TEETH.breaks


class Mixes(InMemoryStorage):
    """Knows which workspaces there are beside one."""

    def all(self, workspace: WorkspaceId) -> list[WorkspaceId]:
        return [workspace, *(name for name in list(self._workspaces) if name != workspace)]


@breaks(BESIDE)
class CountsEverybodysTasks(Mixes):
    async def count_tasks(self, workspace: WorkspaceId, filter: Filter | None) -> int:
        return sum([await super(CountsEverybodysTasks, self).count_tasks(name, filter) for name in self.all(workspace)])


@breaks(BESIDE)
class TellsEverybodysHistorySince(Mixes):
    async def list_history_since(
        self, workspace: WorkspaceId, task_ids: Collection[TaskId], *, after: Revision
    ) -> Sequence[HistoryEntry]:
        recorded = [
            entry for name in self.all(workspace) for entry in self._workspaces[name].history.since(task_ids, after)
        ]
        return sorted(recorded, key=lambda entry: -entry.revision)


@breaks(BESIDE)
class LoadsEverybodysRecords(Mixes):
    async def load_records(self, workspace: WorkspaceId, keys: Collection[RecordKey]) -> Mapping[RecordKey, Record]:
        found = dict[RecordKey, Record]()
        for name in reversed(self.all(workspace)):
            found |= await super().load_records(name, keys)
        return found


@breaks(BESIDE)
class FindsEverybodysRevision(Mixes):
    async def find_revision(self, workspace: WorkspaceId, at: datetime) -> Revision:
        return max([await super(FindsEverybodysRevision, self).find_revision(n, at) for n in self.all(workspace)])


@breaks(BESIDE)
class ListsEverybodysTrash(Mixes):
    async def list_deleted(
        self, workspace: WorkspaceId, *, before: DeletedPosition | None, limit: int
    ) -> Sequence[Task]:
        ask = super().list_deleted
        found = [task for name in self.all(workspace) for task in await ask(name, before=before, limit=limit)]
        return found[:limit]


@breaks(BESIDE)
class RelatesEverybodysTasks(Mixes):
    async def list_related(
        self,
        workspace: WorkspaceId,
        relation: Relation,
        *,
        beyond: Rank | None = None,
        backwards: bool = False,
        limit: int,
    ) -> Sequence[RankedTask]:
        ask = super().list_related
        names = self.all(workspace)
        found = [await ask(name, relation, beyond=beyond, backwards=backwards, limit=limit) for name in names]
        return sorted({one for some in found for one in some}, reverse=backwards)[:limit]


@breaks(BESIDE)
class HasOneHistoryForAll(Mixes):
    async def list_commit(self, workspace: WorkspaceId, revision: Revision) -> Sequence[HistoryEntry]:
        ask = super().list_commit
        recorded = {entry.task_id: entry for name in self.all(workspace)[::-1] for entry in await ask(name, revision)}
        return sorted(recorded.values(), key=lambda entry: entry.task_id)


@breaks(BESIDE)
class HasOneRevisionForAll(Mixes):
    async def read_history_bounds(self, workspace: WorkspaceId) -> HistoryBounds:
        own = await super().read_history_bounds(workspace)
        return replace(own, revision=max(one.revision for one in list(self._workspaces.values())))


@breaks("test_what_another_workspace_has_refuses_nothing_and_satisfies_nothing")
class GuardsRecordsOfAnybody(Mixes):
    async def commit(self, changes: Changeset) -> Revision:
        beside = [self._workspaces[name].records for name in self.all(changes.workspace)[1:]]
        own = self._workspaces[changes.workspace].records
        held = {
            key
            for key, revision in changes.guarded_records.items()
            if key not in own and any(key in records and records[key].revision == revision for records in beside)
        }
        guarded = {key: revision for key, revision in changes.guarded_records.items() if key not in held}
        return await super().commit(replace(changes, guarded_records=guarded))


class PurgesBeside(Mixes):
    """Purges a kind in all workspaces."""

    def only(self, cutoffs: Cutoffs) -> Cutoffs:
        raise NotImplementedError

    async def purge(self, workspace: WorkspaceId, cutoffs: Cutoffs, *, limit: int) -> Purged:
        for name in self.all(workspace)[1:]:
            await super().purge(name, self.only(cutoffs), limit=limit)
        return await super().purge(workspace, cutoffs, limit=limit)


@breaks(PURGED_BESIDE)
class PurgesRecordsOfOtherWorkspaces(PurgesBeside):
    def only(self, cutoffs: Cutoffs) -> Cutoffs:
        return replace(cutoffs, deleted=None, recorded=None)


@breaks(PURGED_BESIDE)
class ForgetsTheHistoryOfOtherWorkspaces(PurgesBeside):
    def only(self, cutoffs: Cutoffs) -> Cutoffs:
        return replace(cutoffs, deleted=None, expired=datetime.min.replace(tzinfo=cutoffs.expired.tzinfo))


class CutsOff(InMemoryStorage):
    """Purges by other cutoffs than it was given."""

    def instead(self, cutoffs: Cutoffs) -> Cutoffs:
        raise NotImplementedError

    async def purge(self, workspace: WorkspaceId, cutoffs: Cutoffs, *, limit: int) -> Purged:
        return await super().purge(workspace, self.instead(cutoffs), limit=limit)


def to_the_second(at: datetime | None) -> datetime | None:
    return at and at.replace(microsecond=0)


def to_the_millisecond(at: datetime | None) -> datetime | None:
    return at and at.replace(microsecond=at.microsecond // 1000 * 1000)


HALF = "at half a second"


@breaks(f"{TOMBSTONES}[{HALF}]", f"{HISTORY}[{HALF}]", f"{RECORDS}[removed-{HALF}]")
class CutsOffToTheSecond(CutsOff):
    def instead(self, cutoffs: Cutoffs) -> Cutoffs:
        return replace(cutoffs, deleted=to_the_second(cutoffs.deleted), recorded=to_the_second(cutoffs.recorded))


@breaks(f"{RECORDS}[kept-at half a millisecond]")
class CutsOffRecordsToTheMillisecond(CutsOff):
    def instead(self, cutoffs: Cutoffs) -> Cutoffs:
        return replace(cutoffs, expired=to_the_millisecond(cutoffs.expired) or cutoffs.expired)


@breaks(f"{OWN_KIND}[recorded]", f"{OWN_KIND}[expired]")
class HasOneCutoffForAll(CutsOff):
    def instead(self, cutoffs: Cutoffs) -> Cutoffs:
        latest = max(at for at in (cutoffs.deleted, cutoffs.expired, cutoffs.recorded) if at)
        return Cutoffs(deleted=latest, expired=latest, recorded=latest)


@breaks("test_no_more_of_a_kind_go_than_were_asked_for_and_the_oldest_go_first[1]")
class PurgesTheNewestRecordsFirst(InMemoryStorage):
    async def purge(self, workspace: WorkspaceId, cutoffs: Cutoffs, *, limit: int) -> Purged:
        here = self._workspaces[workspace]
        kept = dict(here.records)
        gone = await super().purge(workspace, cutoffs, limit=limit)
        newest = sorted((r for r in kept.values() if r.expires), key=lambda r: str(r.expires))[-gone.records or None :]
        here.records = {key: record for key, record in kept.items() if not gone.records or record not in newest}
        return gone


@breaks("test_what_is_left_is_as_it_was")
class PurgesTheHistoryOfTheSameCommits(InMemoryStorage):
    async def purge(self, workspace: WorkspaceId, cutoffs: Cutoffs, *, limit: int) -> Purged:
        here = self._workspaces[workspace]
        before = dict(here.tasks)
        gone = await super().purge(workspace, cutoffs, limit=limit)
        for task_id in before.keys() - here.tasks.keys():
            here.history.forget(here.history.of_commit(before[task_id].revision - 1))
        return gone


@breaks("test_what_one_purge_takes_is_seen_to_go_together")
class PurgesOneKindAfterTheOther(InMemoryStorage):
    async def purge(self, workspace: WorkspaceId, cutoffs: Cutoffs, *, limit: int) -> Purged:
        gone = await super().purge(workspace, replace(cutoffs, recorded=None), limit=limit)
        await asyncio.sleep(0)
        return gone + await super().purge(workspace, replace(cutoffs, deleted=None), limit=limit)


@pytest.mark.parametrize(("contract", "promise"), TEETH.expected, ids=lambda value: value.removeprefix("ContractOf"))
def test_a_broken_store_is_found_out(outcomes: Outcomes, contract: str, promise: str) -> None:
    assert outcomes[contract, promise] == "broken"
