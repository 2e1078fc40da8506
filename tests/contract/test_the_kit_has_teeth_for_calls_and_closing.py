"""Stores that hand out what is theirs, block the loop, or break when they are closed, and what finds each out."""

import asyncio
import sqlite3
import time
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.errors import ConcurrentUpdate
from taskharbor.application.ports.change_feed import ChangeSlice, Position
from taskharbor.application.ports.record_store import Record
from taskharbor.application.ports.task_history import HistoryEntry
from taskharbor.application.ports.task_relations import RankedTask, Relation
from taskharbor.application.ports.task_search import TaskFacets, TaskQuery
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.ports.task_trash import DeletedPosition
from taskharbor.domain.identifiers import Revision, TaskId, WorkspaceId
from taskharbor.domain.search.due_buckets import DueBuckets
from taskharbor.domain.search.filter import Filter
from taskharbor.domain.tasks.rank import Rank
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.uid import Uid
from teeth import Outcomes, Teeth

OWN = "test_changing_an_answer_changes_no_other_answer"
AFTER = "test_a_call_after_closing_is_answered_or_raises_store_unavailable"
GOES_ON = "test_the_loop_goes_on_during"
AT_ONCE = "test_a_task_that_was_made_and_deleted_in_one_commit_is_in_the_feed_and_in_the_trash"

TEETH = Teeth(globals())
breaks = TEETH.breaks


def wait_on_the_loop(seconds: float) -> None:
    time.sleep(seconds)


class Remembers(InMemoryStorage):
    """Makes an answer once for each revision, and hands it out again and again."""

    def __init__(self) -> None:
        super().__init__()
        self._answers: dict[object, Any] = {}

    def once(self, workspace: WorkspaceId, question: object, answer: Any) -> Any:
        key = (workspace, self._workspaces[workspace].revision, repr(question))
        return self._answers.setdefault(key, answer)


@breaks(OWN)
class SharesItsUids(InMemoryStorage):
    async def find_uids(self, workspace: WorkspaceId, uids: Collection[Uid]) -> Mapping[Uid, TaskId]:
        own = self._workspaces[workspace]._uids
        return own if own.keys() <= set(uids) else await super().find_uids(workspace, uids)


@breaks(OWN)
class SharesItsHistory(InMemoryStorage):
    async def list_history(
        self, workspace: WorkspaceId, task_id: TaskId, *, before: Revision, limit: int
    ) -> Sequence[HistoryEntry]:
        return self._workspaces[workspace].history._tasks[task_id]


@breaks(OWN)
class SharesItsRelations(Remembers):
    async def list_related(
        self,
        workspace: WorkspaceId,
        relation: Relation,
        *,
        beyond: Rank | None = None,
        backwards: bool = False,
        limit: int,
    ) -> Sequence[RankedTask]:
        found = await super().list_related(workspace, relation, beyond=beyond, backwards=backwards, limit=limit)
        return self.once(workspace, (relation, beyond, backwards, limit), found)


@breaks(OWN)
class SharesItsFacets(Remembers):
    async def count_facets(self, workspace: WorkspaceId, filter: Filter | None, buckets: DueBuckets) -> TaskFacets:
        return self.once(workspace, filter, await super().count_facets(workspace, filter, buckets))


@breaks(OWN)
class SharesItsTrash(Remembers):
    async def list_deleted(
        self, workspace: WorkspaceId, *, before: DeletedPosition | None, limit: int
    ) -> Sequence[Task]:
        return self.once(workspace, (before, limit), await super().list_deleted(workspace, before=before, limit=limit))


@breaks(OWN)
class SharesItsRecords(Remembers):
    async def list_records(self, workspace: WorkspaceId, kind: str, *, after: str, limit: int) -> Sequence[Record]:
        found = await super().list_records(workspace, kind, after=after, limit=limit)
        return self.once(workspace, (kind, after, limit), found)


@breaks(OWN)
class SharesWhatItFinds(Remembers):
    async def find_tasks(self, workspace: WorkspaceId, query: TaskQuery) -> Sequence[TaskView]:
        return self.once(workspace, query, await super().find_tasks(workspace, query))


@breaks("test_changing_the_list_of_workspaces_changes_no_other_answer")
class SharesItsNames(InMemoryStorage):
    names: list[WorkspaceId] | None = None

    async def list_workspaces(self, *, after: WorkspaceId, limit: int) -> Sequence[WorkspaceId]:
        self.names = self.names if self.names is not None else sorted(self._workspaces)
        return self.names


@breaks(f"{GOES_ON}_a_commit")
class BlocksTheLoopToCommit(InMemoryStorage):
    async def commit(self, changes: Changeset) -> Revision:
        wait_on_the_loop(0.01)
        return await super().commit(changes)


@breaks(f"{GOES_ON}_a_commit_that_is_refused")
class BlocksTheLoopToRefuse(InMemoryStorage):
    async def commit(self, changes: Changeset) -> Revision:
        try:
            return await super().commit(changes)
        except ConcurrentUpdate:
            wait_on_the_loop(0.01)
            raise


@breaks(f"{GOES_ON}_a_commit_of_a_thousand")
class BlocksTheLoopForEachTask(InMemoryStorage):
    async def commit(self, changes: Changeset) -> Revision:
        wait_on_the_loop(0.0005 * len(changes.added))
        return await super().commit(changes)


@breaks(f"{GOES_ON}_a_commit_of_a_thousand")
class BlocksTheLoopForManyRecords(InMemoryStorage):
    async def commit(self, changes: Changeset) -> Revision:
        wait_on_the_loop(0.0003 * len(changes.records))
        return await super().commit(changes)


@breaks(f"{GOES_ON}_any_other_call")
class BlocksTheLoopToLoad(InMemoryStorage):
    async def load_tasks(self, workspace: WorkspaceId, ids: Collection[TaskId]) -> Mapping[TaskId, Task]:
        wait_on_the_loop(0.01)
        return await super().load_tasks(workspace, ids)


@breaks(f"{GOES_ON}_any_other_call")
class BlocksTheLoopToGiveAnId(InMemoryStorage):
    async def next_task_id(self, workspace: WorkspaceId) -> TaskId:
        if len(self._workspaces[workspace].tasks) > 5:
            wait_on_the_loop(0.01)
        return await super().next_task_id(workspace)


class Closes(InMemoryStorage):
    """Closes a driver with itself."""

    def __init__(self) -> None:
        super().__init__()
        self._driver = sqlite3.connect(":memory:")

    async def aclose(self) -> None:
        self._driver.close()


@breaks(AFTER, "test_a_call_during_closing_is_answered_or_raises_store_unavailable")
class RaisesTheErrorsOfItsDriver(Closes):
    async def count_tasks(self, workspace: WorkspaceId, filter: Filter | None) -> int:
        await asyncio.sleep(0)
        self._driver.execute("SELECT 1")
        return await super().count_tasks(workspace, filter)


@breaks(AFTER)
class CommitsToAClosedDriver(Closes):
    async def commit(self, changes: Changeset) -> Revision:
        self._driver.execute("SELECT 1")
        return await super().commit(changes)


@breaks(AFTER)
class PingsAClosedDriver(Closes):
    async def ping(self) -> None:
        self._driver.execute("SELECT 1")


@breaks(AFTER)
class ReservesIdsInAClosedDriver(Closes):
    async def next_task_id(self, workspace: WorkspaceId) -> TaskId:
        if not self._workspaces[workspace].tasks:
            self._driver.execute("SELECT 1")
        return await super().next_task_id(workspace)


@breaks(AT_ONCE, "test_a_batch_that_makes_and_deletes_a_task_leaves_its_tombstone")
class LeavesOutOfTheFeedWhatWasNeverSeen(InMemoryStorage):
    async def list_changes(self, workspace: WorkspaceId, *, after: Position, limit: int) -> ChangeSlice:
        recorded = await super().list_changes(workspace, after=after, limit=limit)
        history, tasks = self._workspaces[workspace].history, self._workspaces[workspace].tasks
        never = {
            entry.task_id
            for change in recorded.items
            for entry in history.of_commit(change.revision)
            if entry.previous == 0 and entry.task_id in tasks and tasks[entry.task_id].is_deleted
        }
        items = [change for change in recorded.items if change.id not in never]
        return ChangeSlice(items=items, revision=recorded.revision, purged_revision=recorded.purged_revision)


@breaks("test_every_task_of_a_commit_is_in_the_feed_by_id_whatever_was_done_to_it[501]")
class TellsAtMost2000Changes(InMemoryStorage):
    async def list_changes(self, workspace: WorkspaceId, *, after: Position, limit: int) -> ChangeSlice:
        return await super().list_changes(workspace, after=after, limit=min(limit, 2000))


@pytest.mark.parametrize(("contract", "promise"), TEETH.expected, ids=lambda value: value.removeprefix("ContractOf"))
def test_a_broken_store_is_found_out(outcomes: Outcomes, contract: str, promise: str) -> None:
    assert outcomes[contract, promise] == "broken"
