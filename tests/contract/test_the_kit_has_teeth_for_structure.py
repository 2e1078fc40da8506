"""Stores that lose sight of how tasks hang together, and the promise of the kit that finds it out."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.ports.record_store import Record, RecordKey
from taskharbor.application.ports.task_relations import InList, RankedTask, Relation, SubtasksOf, WaitingFor
from taskharbor.application.ports.task_store import Changeset
from taskharbor.domain.identifiers import Revision, TaskId, WorkspaceId
from taskharbor.domain.tasks.rank import Rank, natural_rank
from taskharbor.domain.tasks.task import Task
from teeth import Outcomes, Rewrites, Teeth

BY_RANK = "test_the_tasks_of_a_list_are_sorted_by_rank"
LEAVES = "test_a_task_that_moves_or_is_deleted_leaves_its_place"
WAITING = "test_only_open_tasks_wait_for_another"
ANY = "test_any_question_is_answered_as_the_tasks_say"
PLACES = "test_a_task_is_put_next_to_another_or_first_or_last"

TEETH = Teeth(globals())
breaks = TEETH.breaks


class Relates(InMemoryStorage):
    """Tells what hangs together in ways of its own."""

    async def list_related(
        self,
        workspace: WorkspaceId,
        relation: Relation,
        *,
        beyond: Rank | None = None,
        backwards: bool = False,
        limit: int,
    ) -> Sequence[RankedTask]:
        found = [
            RankedTask(task.rank, task.id)
            for task in self._workspaces[workspace].tasks.values()
            if self.is_listed(task, relation)
        ]
        found.sort(key=self.order, reverse=backwards)
        return [one for one in found if self.is_beyond(one.rank, beyond, backwards=backwards)][:limit]

    def is_listed(self, task: Task, relation: Relation) -> bool:
        return not task.is_deleted and relation.holds(task)

    def order(self, one: RankedTask) -> object:
        return one

    def is_beyond(self, rank: Rank, beyond: Rank | None, *, backwards: bool) -> bool:
        return beyond is None or (rank < beyond if backwards else rank > beyond)


@breaks(BY_RANK, PLACES, ANY)
class OrdersById(Relates):
    def order(self, one: RankedTask) -> object:
        return one.id


@breaks("test_ranks_compare_like_bytes")
class OrdersLikeADictionary(Relates):
    def order(self, one: RankedTask) -> object:
        return one.rank.casefold(), one.rank


@breaks(BY_RANK, PLACES)
class LeavesNothingOut(Relates):
    def is_beyond(self, rank: Rank, beyond: Rank | None, *, backwards: bool) -> bool:
        return True


@breaks(BY_RANK)
class CountsTheBoundIn(Relates):
    def is_beyond(self, rank: Rank, beyond: Rank | None, *, backwards: bool) -> bool:
        return beyond is None or (rank <= beyond if backwards else rank >= beyond)


@breaks(LEAVES, ANY, "test_deleting_a_list_moves_its_tasks_or_deletes_them")
class TellsTheDead(Relates):
    def is_listed(self, task: Task, relation: Relation) -> bool:
        return relation.holds(task)


@breaks(WAITING, ANY)
class TellsThoseWhoNeedNotWait(Relates):
    def is_listed(self, task: Task, relation: Relation) -> bool:
        if isinstance(relation, WaitingFor):
            return relation.needed in task.depends_on
        return super().is_listed(task, relation)


@breaks("test_one_id_is_not_taken_for_another_that_begins_with_it")
class LooksForIdsInText(Relates):
    def is_listed(self, task: Task, relation: Relation) -> bool:
        if isinstance(relation, WaitingFor):
            return task.is_open and str(relation.needed) in ",".join(map(str, task.depends_on))
        return super().is_listed(task, relation)


@breaks(
    "test_subtasks_that_are_kept_take_the_place_of_their_parent",
    LEAVES,
    "test_no_task_depends_on_what_it_is_a_part_of",
)
class KnowsNoSubtasks(Relates):
    def is_listed(self, task: Task, relation: Relation) -> bool:
        return not isinstance(relation, SubtasksOf) and super().is_listed(task, relation)


@breaks("test_a_subtask_is_in_the_list_of_its_parent_and_follows_it")
class TellsNoSubtasksBelowTheFirst(Relates):
    def is_listed(self, task: Task, relation: Relation) -> bool:
        if isinstance(relation, SubtasksOf) and task.subtask_count:
            return False
        return super().is_listed(task, relation)


@breaks("test_other_workspaces_have_lists_of_their_own")
class TellsEverybodysTasks(Relates):
    async def list_related(
        self,
        workspace: WorkspaceId,
        relation: Relation,
        *,
        beyond: Rank | None = None,
        backwards: bool = False,
        limit: int,
    ) -> Sequence[RankedTask]:
        return [
            one
            for each in self._workspaces
            for one in await super(TellsEverybodysTasks, self).list_related(each, relation, beyond=beyond, limit=limit)
        ]


@breaks("test_no_task_is_left_in_a_list_that_is_deleted_meanwhile", BY_RANK)
class ForgetsLists(Relates):
    def is_listed(self, task: Task, relation: Relation) -> bool:
        return not isinstance(relation, InList) and super().is_listed(task, relation)


@breaks(PLACES)
class ForgetsRanks(Rewrites):
    def rewrite(self, task: Task) -> Task:
        return replace(task, rank=natural_rank(task.id))


@breaks("test_a_parent_counts_its_subtasks_whatever_becomes_of_them")
class ForgetsCounts(Rewrites):
    def rewrite(self, task: Task) -> Task:
        return replace(task, subtask_count=0, open_subtask_count=0)


@breaks("test_a_number_is_not_given_again_after_the_store_was_asked_anew")
class ForgetsTheLastComment(Rewrites):
    def rewrite(self, task: Task) -> Task:
        return replace(task, last_comment_id=max([comment.id for comment in task.comments], default=0))


@breaks("test_comments_are_kept_in_the_order_in_which_they_were_made")
class TurnsCommentsRound(Rewrites):
    def rewrite(self, task: Task) -> Task:
        return replace(task, comments=tuple(sorted(task.comments, key=lambda comment: comment.text)))


class Hurries(InMemoryStorage):
    """Lets others go first, and checks less than it must."""

    async def load_tasks(self, workspace: WorkspaceId, ids: Collection[TaskId]) -> Mapping[TaskId, Task]:
        found = await super().load_tasks(workspace, ids)
        await asyncio.sleep(0)
        return found

    async def load_records(self, workspace: WorkspaceId, keys: Collection[RecordKey]) -> Mapping[RecordKey, Record]:
        found = await super().load_records(workspace, keys)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return found


@breaks(
    "test_of_concurrent_changes_that_would_close_a_cycle_of_dependencies_one_is_refused",
    "test_of_two_concurrent_changes_of_different_tasks_that_close_a_cycle_one_is_refused",
    "test_of_two_concurrent_dependencies_that_would_close_a_cycle_with_a_parent_one_is_refused",
    "test_of_a_concurrent_parent_and_dependency_that_would_close_a_cycle_one_is_refused",
    "test_of_two_concurrent_parents_that_would_close_a_cycle_with_dependencies_one_is_refused",
)
class GuardsNoTasks(Hurries):
    async def commit(self, changes: Changeset) -> Revision:
        return await super().commit(replace(changes, guarded={}))


@pytest.mark.parametrize(("contract", "promise"), TEETH.expected, ids=lambda value: value.removeprefix("ContractOf"))
def test_a_broken_store_is_found_out(outcomes: Outcomes, contract: str, promise: str) -> None:
    assert outcomes[contract, promise] == "broken"
