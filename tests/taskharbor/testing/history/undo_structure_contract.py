"""What a commit did to subtasks and dependencies can be undone, without cycles and without losing a task."""

from taskharbor.application.batch.run_batch import Command, RunBatch
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.testing.history.undo_contract import said, tree, undo
from taskharbor.testing.scenes.bench import Bench
from taskharbor.testing.scenes.contract import Contract


class UndoStructureContract(Contract):
    """Trees are deleted and come back as a whole; an undo makes no cycle and leaves no subtask alone."""

    async def test_a_deleted_tree_comes_back_as_it_was(self, here: Bench, use_cases: UseCases) -> None:
        top, *_ = await tree(use_cases, here)
        before = (await here.page()).items
        await use_cases.execute(DeleteTask(id=top.id, subtasks="delete"), workspace=here.workspace)
        assert await here.live_ids() == []
        undone = await undo(use_cases, here, before[-1].revision + 1)
        assert undone.conflicts == []
        assert [said(task) for task in (await here.page()).items] == [said(task) for task in before]
        assert undone.revision is not None
        await undo(use_cases, here, undone.revision)
        assert await here.live_ids() == []

    async def test_a_tree_that_was_made_in_one_commit_is_deleted_in_one(self, here: Bench, use_cases: UseCases) -> None:
        ids = await here.next_id(), await here.next_id()
        one = await use_cases.execute(CreateTask(title="one"), workspace=here.workspace)
        assert ids[1] < one.id
        commands: list[Command] = [ChangeTask(id=one.id, title="top")]
        commands += [CreateTask(title=f"below {n}", parent=one.id) for n in range(3)]
        made = await use_cases.execute(RunBatch(commands=commands), workspace=here.workspace)
        assert made.revision is not None
        undone = await undo(use_cases, here, made.revision)
        assert undone.conflicts == []
        assert [said(task) for task in (await here.page()).items] == [said(one)]

    async def test_a_parent_that_got_another_subtask_since_is_not_deleted(
        self, here: Bench, use_cases: UseCases
    ) -> None:
        top = await use_cases.execute(CreateTask(title="top"), workspace=here.workspace)
        await use_cases.execute(CreateTask(title="below", parent=top.id), workspace=here.workspace)
        undone = await undo(use_cases, here, top.revision)
        assert [(one.task, one.code) for one in undone.conflicts] == [(top.id, "has_subtasks")]
        assert len(await here.live_ids()) == 2

    async def test_an_undo_makes_no_cycles(self, here: Bench, use_cases: UseCases) -> None:
        one = await use_cases.execute(CreateTask(title="one"), workspace=here.workspace)
        needed = await use_cases.execute(CreateTask(title="needed"), workspace=here.workspace)
        other = await use_cases.execute(
            CreateTask(title="other", parent=one.id, depends_on=[needed.id]), workspace=here.workspace
        )
        apart = ChangeTask(id=other.id, parent=None, depends_on=[])
        parted = await use_cases.execute(apart, workspace=here.workspace)
        for turned in (ChangeTask(id=one.id, parent=other.id), ChangeTask(id=needed.id, depends_on=[other.id])):
            await use_cases.execute(turned, workspace=here.workspace)
        undone = await undo(use_cases, here, parted.revision)
        assert undone.undone == []
        assert sorted(name for one in undone.conflicts for name in one.fields if name != "rank") == [
            "depends_on",
            "parent",
        ]
