"""Stores on which a repeated call goes wrong, and the promise of the kit that finds it out."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import replace

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.ports.record_store import Record, RecordKey
from taskharbor.application.ports.task_store import Changeset
from taskharbor.domain.identifiers import Revision, WorkspaceId
from teeth import Outcomes, Teeth

TEETH = Teeth(globals())
breaks = TEETH.breaks


@breaks(
    "test_a_repeated_call_gets_the_first_answer_and_is_not_carried_out",
    "test_the_answer_stays_the_first_one_when_the_task_has_changed_since",
    "test_the_largest_batch_is_answered_again_as_a_whole[True]",
    "test_another_call_with_the_same_key_is_refused",
    "test_a_call_that_was_cancelled_can_be_repeated[after]",
)
class ForgetsTheAnswer(InMemoryStorage):
    async def commit(self, changes: Changeset) -> Revision:
        return await super().commit(replace(changes, records=()))


@breaks("test_a_call_that_changed_nothing_is_kept_too")
class WritesNoRecordWithoutATask(InMemoryStorage):
    async def commit(self, changes: Changeset) -> Revision:
        if changes.added or changes.changed:
            return await super().commit(changes)
        return await super().commit(replace(changes, records=()))


@breaks(
    "test_of_many_at_once_in_several_processes_one_is_carried_out_and_all_get_its_answer",
    "test_a_call_that_loses_to_the_same_call_gets_its_answer",
)
class WritesTheAnswerOver(InMemoryStorage):
    async def commit(self, changes: Changeset) -> Revision:
        await asyncio.sleep(0)
        stored = self._workspaces[changes.workspace].records
        records = tuple(
            replace(record, revision=stored[record.found_by].revision) if record.found_by in stored else record
            for record in changes.records
        )
        taken = {task.uid for task in self._workspaces[changes.workspace].tasks.values()}
        added = tuple(task for task in changes.added if task.uid not in taken)
        return await super().commit(replace(changes, records=records, added=added))


@breaks("test_a_key_belongs_to_its_workspace")
class AnswersEverybody(InMemoryStorage):
    async def load_records(self, workspace: WorkspaceId, keys: Collection[RecordKey]) -> Mapping[RecordKey, Record]:
        everybody = [here.records for here in self._workspaces.values()]
        return {key: records[key] for records in everybody for key in keys if key in records}


@breaks("test_a_key_can_be_used_anew_when_its_answer_has_expired")
class KeepsAnswersForEver(InMemoryStorage):
    async def load_records(self, workspace: WorkspaceId, keys: Collection[RecordKey]) -> Mapping[RecordKey, Record]:
        found = await super().load_records(workspace, keys)
        return {key: replace(record, expires=None) for key, record in found.items()}


@breaks(
    "test_a_call_refused_because_the_same_call_was_first_gets_its_answer",
    "test_a_repeated_call_gets_the_first_answer_and_is_not_carried_out",
)
class AnswersFromMemory(InMemoryStorage):
    """Reads each record once and never again."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: dict[tuple[WorkspaceId, RecordKey], Record | None] = {}

    async def load_records(self, workspace: WorkspaceId, keys: Collection[RecordKey]) -> Mapping[RecordKey, Record]:
        fresh = await super().load_records(workspace, keys)
        found = {key: self._seen.setdefault((workspace, key), fresh.get(key)) for key in keys}
        return {key: record for key, record in found.items() if record is not None}


@pytest.mark.parametrize(("contract", "promise"), TEETH.expected, ids=lambda value: value.removeprefix("ContractOf"))
def test_a_broken_store_is_found_out(outcomes: Outcomes, contract: str, promise: str) -> None:
    assert outcomes[contract, promise] == "broken"
