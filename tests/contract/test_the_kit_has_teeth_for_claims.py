"""Stores that are wrong about claims and reminders, and the promises of the kit that find each out."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.ports.record_store import Record
from taskharbor.application.ports.task_search import TaskQuery
from taskharbor.application.ports.task_store import Changeset
from taskharbor.domain.identifiers import Revision, WorkspaceId
from taskharbor.domain.search.filter import And
from taskharbor.domain.tasks.claim import Claim
from taskharbor.domain.tasks.task import Task
from teeth import Outcomes, Rewrites, Teeth

TEETH = Teeth(globals())
breaks = TEETH.breaks


@breaks(
    "test_a_claim_is_seen_wherever_its_task_is_and_its_fence_is_its_revision",
    "test_others_cannot_change_the_progress_while_a_claim_holds",
    "test_many_at_once_get_a_task_each_and_no_task_two",
)
class ForgetsClaims(Rewrites):
    def rewrite(self, task: Task) -> Task:
        return task.claimed(None)


@breaks("test_a_claim_is_seen_wherever_its_task_is_and_its_fence_is_its_revision")
class TakesEachRevisionForAFence(Rewrites):
    def rewrite(self, task: Task) -> Task:
        claim = task.claim
        return task if claim is None else replace(task, claim=Claim(claim.holder, claim.until))


@breaks("test_the_first_by_the_order_is_claimed_of_those_that_match_and_are_free")
class FindsWhatIsClaimed(InMemoryStorage):
    async def find_tasks(self, workspace: WorkspaceId, query: TaskQuery) -> Sequence[TaskView]:
        if isinstance(query.filter, And):
            query = replace(query, filter=And(query.filter.operands[:1]))
        return await super().find_tasks(workspace, query)


@breaks(
    "test_many_at_once_get_a_task_each_and_no_task_two",
    "test_no_history_of_claims_is_one_that_a_queue_behind_one_lock_could_not_have[0]",
)
class LetsTheLastOneWin(InMemoryStorage):
    async def commit(self, changes: Changeset) -> Revision:
        await asyncio.sleep(0)
        tasks = self._workspaces[changes.workspace].tasks
        changed = tuple(replace(task, revision=tasks[task.id].revision) for task in changes.changed)
        return await super().commit(replace(changes, changed=changed, guarded={}))


@breaks("test_those_to_come_are_listed_the_next_first")
class ListsRecordsBackwards(InMemoryStorage):
    async def list_records(self, workspace: WorkspaceId, kind: str, *, after: str, limit: int) -> Sequence[Record]:
        return [*reversed(await super().list_records(workspace, kind, after=after, limit=limit))]


@breaks("test_a_reminder_that_is_due_fires_in_one_commit_however_many_try")
class RemovesRecordsTwice(InMemoryStorage):
    async def commit(self, changes: Changeset) -> Revision:
        await asyncio.sleep(0)
        here = self._workspaces[changes.workspace]
        records = tuple(
            replace(record, revision=here.records[record.found_by].revision if record.found_by in here.records else 0)
            for record in changes.records
        )
        changed = tuple(replace(task, revision=here.tasks[task.id].revision) for task in changes.changed)
        return await super().commit(replace(changes, records=records, changed=changed, guarded={}))


@pytest.mark.parametrize(("contract", "promise"), TEETH.expected, ids=lambda value: value.removeprefix("ContractOf"))
def test_a_broken_store_is_found_out(outcomes: Outcomes, contract: str, promise: str) -> None:
    assert outcomes[contract, promise] == "broken"
