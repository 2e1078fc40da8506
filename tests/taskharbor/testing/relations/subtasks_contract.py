"""Subtasks: what a parent counts, where it can be, what completing and deleting it means; alone and in competition."""

from typing import Any

import pytest

from taskharbor.application.batch.run_batch import RunBatch
from taskharbor.application.errors import BatchRefused
from taskharbor.application.ports.task_relations import SubtasksOf
from taskharbor.application.progress.change_progress import CompleteTask
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import HasSubtasks, InvalidValue, OpenSubtasks
from taskharbor.domain.identifiers import INBOX
from taskharbor.domain.tasks.relations import MAX_DEPTH
from taskharbor.testing.scenes.bench import Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.desk import Desk, ids_of
from taskharbor.testing.scenes.races import at_once, refused_at


class SubtasksContract(Contract):
    """A parent knows how many subtasks it has, no task is below itself, and no race gets around that."""

    @pytest.fixture
    def desk(self, use_cases: UseCases, here: Bench) -> Desk:
        """One user of the store."""
        return Desk(use_cases, here)

    async def test_a_parent_counts_its_subtasks_whatever_becomes_of_them(self, desk: Desk) -> None:
        parent, other = await desk.create_some(2)
        one, two = await desk.create_some(2, parent=parent.id)
        assert await desk.counts(parent.id) == (2, 2)
        await desk.complete(one.id)
        assert await desk.counts(parent.id) == (2, 1)
        await desk.reopen(one.id)
        await desk.change(one.id, progress="cancelled")
        assert await desk.counts(parent.id) == (2, 1)
        await desk.delete(two.id)
        assert await desk.counts(parent.id) == (1, 0)
        await desk.restore(two.id)
        assert await desk.counts(parent.id) == (2, 1)
        await desk.change(two.id, parent=other.id)
        assert (await desk.counts(parent.id), await desk.counts(other.id)) == ((1, 0), (1, 1))
        await desk.change(two.id, parent=None)
        assert await desk.counts(other.id) == (0, 0)
        assert await desk.in_order(SubtasksOf(parent.id)) == [one.id]

    async def test_a_count_is_no_change_of_the_parent_s_own(self, desk: Desk) -> None:
        parent = await desk.create()
        child = await desk.create(parent=parent.id)
        counted = await desk.get(parent.id)
        assert (counted.updated, counted.revision) == (parent.updated, child.revision)

    async def test_a_subtask_is_in_the_list_of_its_parent_and_follows_it(self, desk: Desk) -> None:
        work, home = await desk.new_list("work"), await desk.new_list("home")
        top = await desk.create(list=work.id)
        middle = await desk.create(parent=top.id)
        bottom = await desk.create(parent=middle.id, list=work.id)
        assert middle.list == work.id
        await desk.change(top.id, list=home.id)
        assert [(await desk.get(task.id)).list for task in (top, middle, bottom)] == [home.id] * 3
        await desk.change(middle.id, parent=None, list=INBOX)
        assert [(await desk.get(task.id)).list for task in (top, middle, bottom)] == [home.id, INBOX, INBOX]

    async def test_a_subtask_cannot_be_put_into_another_list_than_its_parent(self, desk: Desk) -> None:
        work = await desk.new_list()
        parent = await desk.create()
        child = await desk.create(parent=parent.id)
        await refused_at("list", desk.change(child.id, list=work.id))
        await refused_at("list", desk.change(child.id, list=work.id, parent=parent.id))
        await refused_at("list", desk.create(list=work.id, parent=parent.id))

    async def test_a_parent_must_be_a_live_task_of_the_workspace(
        self, desk: Desk, use_cases: UseCases, elsewhere: Bench
    ) -> None:
        abroad = Desk(use_cases, elsewhere)
        foreign = max(ids_of(await abroad.create_some(3)))
        task, gone = await desk.create_some(2)
        await desk.delete(gone.id)
        for parent in (foreign + 100, gone.id):
            await refused_at("parent", desk.create(parent=parent))
            await refused_at("parent", desk.change(task.id, parent=parent))
        await refused_at("parent", desk.change(task.id, parent=task.id))
        if foreign not in (task.id, gone.id):
            await refused_at("parent", desk.change(task.id, parent=foreign))

    async def test_no_task_is_below_itself(self, desk: Desk) -> None:
        top = await desk.create()
        middle = await desk.create(parent=top.id)
        bottom = await desk.create(parent=middle.id)
        revision = await desk.revision()
        for below in (middle, bottom):
            await refused_at("parent", desk.change(top.id, parent=below.id))
            await refused_at("parent", desk.move(top.id, parent=below.id))
        assert await desk.revision() == revision

    async def test_of_concurrent_changes_that_would_close_a_cycle_of_parents_one_is_refused(self, desk: Desk) -> None:
        for _ in range(10):
            one, other, third = await desk.create_some(3)
            outcomes = await at_once(
                desk.change(one.id, parent=other.id),
                desk.change(other.id, parent=third.id),
                desk.change(third.id, parent=one.id),
            )
            assert [type(outcome) for outcome in outcomes].count(InvalidValue) == 1

    async def test_of_two_concurrent_changes_of_different_tasks_that_close_a_cycle_one_is_refused(
        self, desk: Desk
    ) -> None:
        for _ in range(10):
            one, other = await desk.create_some(2)
            below_one, below_other = await desk.create(parent=one.id), await desk.create(parent=other.id)
            leaf, other_leaf = await desk.create(parent=below_one.id), await desk.create(parent=below_other.id)
            outcomes = await at_once(desk.change(one.id, parent=other_leaf.id), desk.change(other.id, parent=leaf.id))
            assert [type(outcome) for outcome in outcomes].count(InvalidValue) == 1

    async def test_a_chain_is_only_so_deep(self, desk: Desk) -> None:
        chain = [await desk.create()]
        for _ in range(MAX_DEPTH - 1):
            chain.append(await desk.create(parent=chain[-1].id))
        await refused_at("parent", desk.create(parent=chain[-1].id))
        top = await desk.create()
        await refused_at("parent", desk.change(chain[0].id, parent=top.id))
        await desk.change(chain[1].id, parent=top.id)

    async def test_no_subtask_is_lost_among_many_writers(self, desk: Desk) -> None:
        parent = await desk.create()
        outcomes = await at_once(*[desk.create(parent=parent.id) for _ in range(8)])
        made = [outcome for outcome in outcomes if not isinstance(outcome, BaseException)]
        await at_once(*[desk.complete(task.id) for task in made[:4]])
        tasks = [await desk.get(task_id) for task_id in await desk.in_order(SubtasksOf(parent.id))]
        assert await desk.counts(parent.id) == (len(made), sum(not task.is_completed for task in tasks))

    async def test_a_parent_is_not_deleted_with_its_subtasks_unless_that_is_said(self, desk: Desk) -> None:
        parent = await desk.create()
        child = await desk.create(parent=parent.id)
        grandchild = await desk.create(parent=child.id)
        with pytest.raises(HasSubtasks):
            await desk.delete(parent.id)
        await desk.delete(parent.id, subtasks="delete")
        assert await desk.in_order() == []
        restored = await desk.restore(grandchild.id)
        assert restored.parent is None
        await desk.restore(parent.id)
        assert (await desk.restore(child.id)).parent == parent.id
        assert await desk.counts(parent.id) == (1, 1)

    async def test_subtasks_that_are_kept_take_the_place_of_their_parent(self, desk: Desk) -> None:
        top = await desk.create()
        middle = await desk.create(parent=top.id)
        bottom = await desk.create(parent=middle.id)
        await desk.delete(middle.id, subtasks="keep")
        assert (await desk.get(bottom.id)).parent == top.id
        assert await desk.counts(top.id) == (1, 1)
        await desk.delete(top.id, subtasks="keep")
        assert (await desk.get(bottom.id)).parent is None
        restored = await desk.restore(top.id)
        assert (restored.subtask_count, restored.open_subtask_count) == (0, 0)

    async def test_no_live_task_is_left_below_a_deleted_one_by_a_race(self, desk: Desk) -> None:
        for _ in range(10):
            parent = await desk.create()
            gone, child = await at_once(desk.delete(parent.id), desk.create(parent=parent.id))
            assert isinstance(gone, HasSubtasks) is not isinstance(child, InvalidValue)

    async def test_a_batch_sees_what_it_did_to_parents(self, desk: Desk, use_cases: UseCases) -> None:
        parent, child = await desk.create_some(2)
        commands: list[Any] = [
            ChangeTask(id=child.id, parent=parent.id),
            CreateTask(title="another", parent=parent.id),
            CompleteTask(id=parent.id),
        ]
        with pytest.raises(BatchRefused) as refused:
            await use_cases.execute(RunBatch(commands=commands), workspace=desk.workspace)
        assert isinstance(refused.value.refusal, OpenSubtasks)
        commands[2] = CompleteTask(id=parent.id, subtasks="complete")
        outcome = await use_cases.execute(RunBatch(commands=commands), workspace=desk.workspace)
        assert outcome.results == [await desk.get(result.id) for result in outcome.results]  # type: ignore[union-attr]
        assert await desk.counts(parent.id) == (2, 0)
