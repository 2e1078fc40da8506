"""Parents and dependencies together: a parent waits for its subtasks, so no task waits for what it is a part of."""

from dataclasses import replace
from typing import Any

import pytest

from taskharbor.application.batch.run_batch import RunBatch
from taskharbor.application.errors import BatchRefused
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.undo.undo_commit import UndoCommit
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import InvalidValue
from taskharbor.testing.scenes.bench import Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.desk import Desk
from taskharbor.testing.scenes.races import at_once, refused_at


class WaitingContract(Contract):
    """No task waits for itself by way of parents and dependencies, and no race gets around that."""

    @pytest.fixture
    def desk(self, use_cases: UseCases, here: Bench) -> Desk:
        """One user of the store."""
        return Desk(use_cases, here)

    async def test_no_task_depends_on_what_it_is_a_part_of(self, desk: Desk) -> None:
        top, free = await desk.create_some(2)
        middle = await desk.create(parent=top.id)
        bottom = await desk.create(parent=middle.id)
        after_top = await desk.create(depends_on=[top.id])
        revision = await desk.revision()
        await refused_at("depends_on[0]", desk.change(bottom.id, depends_on=[middle.id]))
        await refused_at("depends_on[1]", desk.change(bottom.id, depends_on=[free.id, top.id]))
        await refused_at("depends_on[0]", desk.change(bottom.id, depends_on=[after_top.id]))
        await refused_at("depends_on[0]", desk.create(parent=middle.id, depends_on=[middle.id]))
        await refused_at("depends_on[1]", desk.create(parent=middle.id, depends_on=[free.id, after_top.id]))
        assert await desk.revision() == revision

    async def test_no_task_becomes_a_part_of_what_it_waits_for(self, desk: Desk) -> None:
        needed = await desk.create()
        waiting = await desk.create(depends_on=[needed.id])
        above = await desk.create()
        await desk.change(waiting.id, parent=above.id)
        beside = await desk.create(parent=needed.id)
        revision = await desk.revision()
        for task in (waiting, above):
            await refused_at("parent", desk.change(task.id, parent=needed.id))
            await refused_at("parent", desk.move(task.id, parent=needed.id))
            await refused_at("parent", desk.move(task.id, after=beside.id))
        assert await desk.revision() == revision

    async def test_what_one_change_does_to_both_counts_together(self, desk: Desk) -> None:
        parent, other = await desk.create_some(2)
        child = await desk.create(parent=parent.id)
        await refused_at("depends_on[0]", desk.change(child.id, parent=other.id, depends_on=[other.id]))
        assert (await desk.change(child.id, parent=other.id, depends_on=[parent.id])).blocked
        await refused_at("parent", desk.change(child.id, parent=parent.id))
        assert (await desk.change(child.id, parent=parent.id, depends_on=[other.id])).parent == parent.id
        assert (await desk.change(child.id, parent=None, depends_on=[parent.id])).parent is None

    async def test_parents_and_siblings_may_depend_on_a_subtask(self, desk: Desk) -> None:
        parent = await desk.create()
        first = await desk.create(parent=parent.id)
        second = await desk.create(parent=parent.id, depends_on=[first.id])
        assert (await desk.change(parent.id, depends_on=[first.id, second.id])).blocked
        free = await desk.create()
        assert (await desk.change(free.id, depends_on=[parent.id])).blocked
        for task in (first, second, parent, free):
            await desk.complete(task.id)

    async def test_of_two_concurrent_dependencies_that_would_close_a_cycle_with_a_parent_one_is_refused(
        self, desk: Desk
    ) -> None:
        for _ in range(10):
            parent, free = await desk.create_some(2)
            child = await desk.create(parent=parent.id)
            outcomes = await at_once(
                desk.change(free.id, depends_on=[parent.id]), desk.change(child.id, depends_on=[free.id])
            )
            assert [type(outcome) for outcome in outcomes].count(InvalidValue) == 1

    async def test_of_a_concurrent_parent_and_dependency_that_would_close_a_cycle_one_is_refused(
        self, desk: Desk
    ) -> None:
        for _ in range(10):
            parent, free = await desk.create_some(2)
            child = await desk.create(depends_on=[free.id])
            outcomes = await at_once(
                desk.change(free.id, depends_on=[parent.id]), desk.change(child.id, parent=parent.id)
            )
            assert [type(outcome) for outcome in outcomes].count(InvalidValue) == 1

    async def test_of_two_concurrent_parents_that_would_close_a_cycle_with_dependencies_one_is_refused(
        self, desk: Desk
    ) -> None:
        for _ in range(10):
            one, other = await desk.create_some(2)
            after_one, after_other = await desk.create(depends_on=[one.id]), await desk.create(depends_on=[other.id])
            outcomes = await at_once(
                desk.change(after_one.id, parent=other.id), desk.change(after_other.id, parent=one.id)
            )
            assert [type(outcome) for outcome in outcomes].count(InvalidValue) == 1

    async def test_a_subtask_is_not_restored_below_what_it_waits_for_by_now(self, desk: Desk) -> None:
        parent, free = await desk.create_some(2)
        child = await desk.create(parent=parent.id, depends_on=[free.id])
        await desk.delete(child.id)
        await desk.change(free.id, depends_on=[parent.id])
        await refused_at("parent", desk.restore(child.id))
        await desk.change(free.id, depends_on=[])
        assert (await desk.restore(child.id)).parent == parent.id

    async def test_no_undo_closes_a_cycle(self, desk: Desk, use_cases: UseCases) -> None:
        parent, free = await desk.create_some(2)
        child = await desk.create(parent=parent.id, depends_on=[free.id])
        freed = await desk.change(child.id, depends_on=[])
        await desk.change(free.id, depends_on=[parent.id])
        outcome = await use_cases.execute(UndoCommit(revision=freed.revision), workspace=desk.workspace)
        assert [(conflict.task, conflict.code) for conflict in outcome.conflicts] == [(child.id, "invalid_value")]
        assert (await desk.get(child.id)).depends_on == ()

    async def test_a_batch_sees_the_cycle_that_it_would_close(self, desk: Desk, use_cases: UseCases) -> None:
        parent, free = await desk.create_some(2)
        commands: list[Any] = [
            CreateTask(title="another", parent=parent.id, depends_on=[free.id]),
            ChangeTask(id=free.id, depends_on=[parent.id]),
        ]
        with pytest.raises(BatchRefused) as refused:
            await use_cases.execute(RunBatch(commands=commands), workspace=desk.workspace)
        assert isinstance(refused.value.refusal, InvalidValue)
        assert refused.value.refusal.field == "depends_on[0]"

    async def test_a_task_with_too_many_subtasks_to_be_walked_is_not_depended_on(self, desk: Desk, here: Bench) -> None:
        parent, task = await here.new_task(), await here.new_task()
        subtasks = [replace(await here.new_task(), parent=parent.id) for _ in range(1000)]
        many = replace(parent, subtask_count=1000, open_subtask_count=1000)
        await here.commit(added=[many, task, *subtasks])
        await refused_at("depends_on", desk.change(task.id, depends_on=[parent.id]))
        await desk.delete(subtasks[0].id)
        assert (await desk.change(task.id, depends_on=[parent.id])).blocked
