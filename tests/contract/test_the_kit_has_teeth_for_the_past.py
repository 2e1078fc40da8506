"""Stores that remember wrongly or forget too much, and the promise of the kit that finds it out."""

import asyncio
import json
from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.ports.housekeeping import Cutoffs, Purged
from taskharbor.application.ports.task_history import HistoryBounds, HistoryEntry
from taskharbor.application.ports.task_trash import DeletedPosition
from taskharbor.domain.identifiers import MAX_ID, Revision, TaskId, WorkspaceId
from taskharbor.domain.tasks.task import Task
from teeth import Outcomes, Teeth

AS_OF = "test_as_of_every_revision_each_task_is_what_was_stored_then"
FILTERED = "test_as_of_every_revision_a_filter_finds_what_it_found_then"
SAID = "test_what_was_said_of_a_task_is_found_by_its_words_as_they_were"
COPIES = "test_copying_during_a_purge_gives_an_exact_copy_or_asks_to_start_again"
OLD_TOKEN = "test_an_old_token_is_refused_once_deletions_since_then_are_purged"
CUTOFF = "test_what_was_deleted_before_the_cutoff_is_purged_and_nothing_else"
FORGOTTEN = "test_the_history_is_forgotten_up_to_the_last_commit_that_is_old"
MADE_UP = "test_what_the_history_has_forgotten_is_not_made_up"
TRASH = "test_deleted_tasks_are_listed_the_last_one_first_and_in_pages"
INSTANT = "test_the_revision_at_an_instant_is_the_last_one_made_by_then"

CLOCKS = "test_the_revision_at_an_instant_is_found_whatever_clocks_have_shown"

TEETH = Teeth(globals())
breaks = TEETH.breaks


@breaks(AS_OF, "test_all_that_was_done_to_some_tasks_since_is_listed_latest_first", found_late=[FILTERED])
class TellsTheOldestOfSomeFirst(InMemoryStorage):
    async def list_history_since(
        self, workspace: WorkspaceId, task_ids: Collection[TaskId], *, after: Revision
    ) -> Sequence[HistoryEntry]:
        return (await super().list_history_since(workspace, task_ids, after=after))[::-1]


@breaks(AS_OF)
class TellsOnlyTheLastFew(InMemoryStorage):
    async def list_history_since(
        self, workspace: WorkspaceId, task_ids: Collection[TaskId], *, after: Revision
    ) -> Sequence[HistoryEntry]:
        return (await super().list_history_since(workspace, task_ids, after=after))[:3]


@breaks(INSTANT, CLOCKS)
class TrustsTheClock(InMemoryStorage):
    async def find_revision(self, workspace: WorkspaceId, at: datetime) -> Revision:
        history = self._workspaces[workspace].history
        known = [history.of_commit(n)[0] for n in range(1, 99) if history.of_commit(n)]
        return max(((entry.at, entry.revision) for entry in known if entry.at <= at), default=(at, 0))[1]


@breaks(CLOCKS, "test_the_revision_at_an_instant_is_found_among_commits_made_at_once")
class HalvesAsIfNoClockWereEverSetBack(InMemoryStorage):
    async def find_revision(self, workspace: WorkspaceId, at: datetime) -> Revision:
        history = self._workspaces[workspace].history
        known = [history.of_commit(n)[0] for n in range(1, 99) if history.of_commit(n)]
        found = bisect_right(known, at, key=lambda entry: entry.at)
        return known[found - 1].revision if found else 0


@breaks(AS_OF, INSTANT, CLOCKS)
class CountsOnlyWhatCameBefore(InMemoryStorage):
    async def find_revision(self, workspace: WorkspaceId, at: datetime) -> Revision:
        return max((await super().find_revision(workspace, at)) - 1, 0)


@breaks("test_tasks_are_scanned_by_id_deleted_ones_too", FILTERED)
class ScansLiveTasksOnly(InMemoryStorage):
    async def scan_tasks(self, workspace: WorkspaceId, *, after: TaskId, limit: int) -> Sequence[Task]:
        found = await super().scan_tasks(workspace, after=after, limit=MAX_ID)
        return [task for task in found if not task.is_deleted][:limit]


@breaks(SAID)
class ScansWithoutWhatWasSaid(InMemoryStorage):
    async def scan_tasks(self, workspace: WorkspaceId, *, after: TaskId, limit: int) -> Sequence[Task]:
        found = await super().scan_tasks(workspace, after=after, limit=limit)
        return [replace(task, comments=()) for task in found]

    async def list_history_since(
        self, workspace: WorkspaceId, task_ids: Collection[TaskId], *, after: Revision
    ) -> Sequence[HistoryEntry]:
        found = await super().list_history_since(workspace, task_ids, after=after)
        return [replace(entry, changes=_without("comments", entry.changes)) for entry in found]


@breaks(TRASH)
class ListsTheTrashById(InMemoryStorage):
    async def list_deleted(
        self, workspace: WorkspaceId, *, before: DeletedPosition | None, limit: int
    ) -> Sequence[Task]:
        found = await super().list_deleted(workspace, before=before, limit=limit)
        return sorted(found, key=lambda task: task.id)


@breaks(TRASH)
class SkipsThoseDeletedAtOnce(InMemoryStorage):
    async def list_deleted(
        self, workspace: WorkspaceId, *, before: DeletedPosition | None, limit: int
    ) -> Sequence[Task]:
        place = before and DeletedPosition(before.deleted, 0)
        return await super().list_deleted(workspace, before=place, limit=limit)


class Purges(InMemoryStorage):
    """Purges in ways of its own."""

    def keep(self, before: HistoryBounds, after: HistoryBounds) -> HistoryBounds:
        raise NotImplementedError

    async def purge(self, workspace: WorkspaceId, cutoffs: Cutoffs, *, limit: int) -> Purged:
        here = self._workspaces[workspace]
        before = here.extent
        gone = await super().purge(workspace, cutoffs, limit=limit)
        here.extent = self.keep(before, here.extent)
        return gone


@breaks(OLD_TOKEN, COPIES, CUTOFF, "test_the_past_that_is_purged_is_not_returned")
class PurgesInSilence(Purges):
    def keep(self, before: HistoryBounds, after: HistoryBounds) -> HistoryBounds:
        return replace(after, purged_revision=before.purged_revision)


@breaks(FORGOTTEN, MADE_UP)
class ForgetsInSilence(Purges):
    def keep(self, before: HistoryBounds, after: HistoryBounds) -> HistoryBounds:
        return replace(after, forgotten_revision=before.forgotten_revision)


@breaks("test_purging_takes_no_revision")
class TakesARevisionToPurge(Purges):
    def keep(self, before: HistoryBounds, after: HistoryBounds) -> HistoryBounds:
        return replace(after, revision=after.revision + 1)


@breaks(OLD_TOKEN)
class NeverTellsThatItPurged(InMemoryStorage):
    async def list_changes(self, *args: object, **more: object):  # type: ignore[no-untyped-def, override]  # passes on
        return replace(await super().list_changes(*args, **more), purged_revision=0)  # type: ignore[arg-type]  # the same


@breaks(CUTOFF)
class PurgesAllTheTrash(InMemoryStorage):
    async def purge(self, workspace: WorkspaceId, cutoffs: Cutoffs, *, limit: int) -> Purged:
        all_of_it = cutoffs.deleted and datetime.max.replace(tzinfo=cutoffs.deleted.tzinfo)
        return await super().purge(workspace, replace(cutoffs, deleted=all_of_it), limit=limit)


@breaks("test_the_uid_of_a_purged_task_is_free_and_its_id_never_is")
class RemembersUids(InMemoryStorage):
    async def purge(self, workspace: WorkspaceId, cutoffs: Cutoffs, *, limit: int) -> Purged:
        uids = set(self._workspaces[workspace]._uids)  # broken on purpose
        gone = await super().purge(workspace, cutoffs, limit=limit)
        self._workspaces[workspace]._uids |= uids  # the same
        return gone


@breaks("test_expired_records_are_purged_and_others_are_not")
class PurgesRecordsThatNeverExpire(InMemoryStorage):
    async def purge(self, workspace: WorkspaceId, cutoffs: Cutoffs, *, limit: int) -> Purged:
        gone = await super().purge(workspace, cutoffs, limit=limit)
        records = self._workspaces[workspace].records
        for key in [key for key, record in records.items() if record.expires is None]:
            del records[key]
        return gone


@breaks("test_removed_records_are_purged_by_the_cutoff_of_the_trash")
class PurgesRemovedRecordsWhenTheyExpire(InMemoryStorage):
    async def purge(self, workspace: WorkspaceId, cutoffs: Cutoffs, *, limit: int) -> Purged:
        gone = await super().purge(workspace, cutoffs, limit=limit)
        records = self._workspaces[workspace].records
        removed = [key for key, record in records.items() if record.document is None and record.expires]
        for key in removed[:limit]:
            del records[key]
        return replace(gone, records=gone.records + len(removed[:limit]))


@breaks("test_another_workspace_is_not_purged")
class PurgesEverybodysTrash(InMemoryStorage):
    async def purge(self, workspace: WorkspaceId, cutoffs: Cutoffs, *, limit: int) -> Purged:
        for other in self._workspaces.keys() - {workspace}:
            await super().purge(other, cutoffs, limit=limit)
        return await super().purge(workspace, cutoffs, limit=limit)


@breaks("test_little_by_little_the_oldest_go_first")
class PurgesAllAtOnce(InMemoryStorage):
    async def purge(self, workspace: WorkspaceId, cutoffs: Cutoffs, *, limit: int) -> Purged:
        return await super().purge(workspace, cutoffs, limit=MAX_ID)


@breaks("test_of_purging_and_restoring_at_once_one_wins")
class PurgesWhatItHasSeenBefore(InMemoryStorage):
    async def purge(self, workspace: WorkspaceId, cutoffs: Cutoffs, *, limit: int) -> Purged:
        seen = await self.list_deleted(workspace, before=None, limit=MAX_ID)
        await asyncio.sleep(0)
        gone = await super().purge(workspace, cutoffs, limit=limit)
        for task in seen:
            if task.id in self._workspaces[workspace].tasks and not gone.tasks:
                self._workspaces[workspace].tasks.pop(task.id)
                gone = replace(gone, tasks=1)
        return gone


def _without(name: str, changes: str) -> str:
    return json.dumps({field: values for field, values in json.loads(changes).items() if field != name})


@pytest.mark.parametrize(("contract", "promise"), TEETH.expected, ids=lambda value: value.removeprefix("ContractOf"))
def test_a_broken_store_is_found_out(outcomes: Outcomes, contract: str, promise: str) -> None:
    assert outcomes[contract, promise] == "broken"
