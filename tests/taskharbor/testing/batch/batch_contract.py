"""Many commands in one commit, on the store under test."""

import pytest

from taskharbor.application.batch.run_batch import MAX_COMMANDS, BatchResult, ByName, Command, RunBatch
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.errors import BatchRefused, UidTaken
from taskharbor.application.lists.delete_list import DeleteList
from taskharbor.application.lists.manage_lists import ChangeList, CreateList
from taskharbor.application.ports.change_feed import Position, Tombstone
from taskharbor.application.progress.change_progress import CompleteTask
from taskharbor.application.relations.move_task import MoveTask
from taskharbor.application.saved_filters.manage_saved_filters import DeleteSavedFilter, SaveFilter
from taskharbor.application.saved_filters.saved_filter import SavedFilter
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask, RestoreTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import InvalidValue, ListNotFound, TaskNotFound
from taskharbor.domain.identifiers import MAX_ID, TaskId
from taskharbor.domain.lists.task_list import TaskList
from taskharbor.testing.scenes.bench import Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.refusals import refused_without_a_trace

Commands = list[Command | ByName]


def _id_of(result: BatchResult) -> TaskId:
    assert isinstance(result, TaskView)
    return result.id


UID = "0190b1f4-1234-7abc-8def-0123456789ab"


class BatchContract(Contract):
    """One commit, one revision; all of it or nothing, or all that is not refused."""

    async def test_a_batch_takes_one_revision_and_is_answered_as_it_is_stored(
        self, here: Bench, use_cases: UseCases
    ) -> None:
        old, gone = await here.add_many(2)
        commands: Commands = [
            CreateTask(title="new", uid=UID, tags=["first"]),
            ByName(uid=UID, command=CompleteTask(id=0)),
            ChangeTask(id=old.id, priority=1, due={"date": "2026-12-01"}),
            ChangeTask(id=old.id, title="twice"),
            DeleteTask(id=gone.id),
        ]
        outcome = await use_cases.execute(RunBatch(commands=commands), workspace=here.workspace)
        assert outcome.revision == old.revision + 1
        new, completed, *changed, _ = outcome.results
        assert new == completed
        assert changed[0] == changed[1]
        views = (await here.page()).items
        assert views == [changed[0], new]
        assert {view.revision for view in views} == {outcome.revision}
        recorded = (await here.changes(Position(old.revision))).items
        assert [type(change) for change in recorded] == [TaskView, Tombstone, TaskView]
        assert {change.revision for change in recorded} == {outcome.revision}

    async def test_a_refused_command_refuses_an_atomic_batch_without_a_trace(
        self, here: Bench, use_cases: UseCases
    ) -> None:
        task = await here.add()
        commands: Commands = [CompleteTask(id=task.id), CreateTask(title="new"), CompleteTask(id=MAX_ID)]
        async with refused_without_a_trace(here, BatchRefused) as caught:
            await use_cases.execute(RunBatch(commands=commands), workspace=here.workspace)
        assert caught.value.place == 2

    async def test_a_batch_that_is_not_atomic_leaves_out_what_is_refused(
        self, here: Bench, use_cases: UseCases
    ) -> None:
        task = await here.add()
        commands: Commands = [CompleteTask(id=MAX_ID), CompleteTask(id=task.id)]
        outcome = await use_cases.execute(RunBatch(commands=commands, atomic=False), workspace=here.workspace)
        assert isinstance(outcome.results[0], TaskNotFound)
        assert outcome.results[1] == await here.get(task.id)
        assert outcome.revision == task.revision + 1

    async def test_a_dry_run_writes_nothing(self, here: Bench, use_cases: UseCases) -> None:
        task = await here.add()
        commands: Commands = [CompleteTask(id=task.id), CreateTask(title="new")]
        outcome = await use_cases.execute(RunBatch(commands=commands, dry_run=True), workspace=here.workspace)
        assert outcome.revision is None
        assert await here.load(task.id) == task
        assert await here.take_revision() == task.revision + 1

    @pytest.mark.parametrize("atomic", [True, False])
    async def test_the_largest_batch_is_one_commit(self, here: Bench, use_cases: UseCases, atomic: bool) -> None:
        half = MAX_COMMANDS // 2
        tasks = await here.add_many(half)
        commands: Commands = [
            *(CompleteTask(id=task.id) for task in tasks),
            *[CreateTask(title="new", priority=9)] * half,
        ]
        outcome = await use_cases.execute(RunBatch(commands=commands, atomic=atomic), workspace=here.workspace)
        assert outcome.revision == 2
        changes = await here.changes(Position(1))
        assert changes.items == outcome.results
        assert changes.revision == 2

    async def test_a_batch_names_tasks_by_uid_those_that_are_there_too(
        self, here: Bench, elsewhere: Bench, use_cases: UseCases
    ) -> None:
        foreign, old, gone = await elsewhere.add(), await here.add(), await here.add()
        await use_cases.execute(DeleteTask(id=gone.id), workspace=here.workspace)
        commands: Commands = [
            CreateTask(title="new", uid=UID),
            ByName(parent=UID, depends_on=[old.uid], command=CreateTask(title="part")),
            ByName(uid=gone.uid, command=RestoreTask(id=0)),
            ByName(uid=old.uid, after=UID, command=MoveTask(id=0)),
            ByName(uid=foreign.uid, command=CompleteTask(id=0)),
        ]
        outcome = await use_cases.execute(RunBatch(commands=commands, atomic=False), workspace=here.workspace)
        new, part, restored, moved, refused = outcome.results
        assert isinstance(refused, InvalidValue)
        assert (await here.page()).items == sorted([moved, restored, new, part], key=_id_of)
        assert isinstance(new, TaskView)
        assert isinstance(part, TaskView)
        assert isinstance(moved, TaskView)
        assert (part.parent, part.depends_on) == (new.id, (old.id,))
        assert (moved.id, moved.rank > new.rank) == (old.id, True)

    async def test_a_uid_that_is_taken_refuses_its_command_and_no_other(self, here: Bench, use_cases: UseCases) -> None:
        old, gone = await here.add_many(2)
        await use_cases.execute(DeleteTask(id=gone.id), workspace=here.workspace)
        commands: Commands = [
            CreateTask(title="again", uid=old.uid),
            CreateTask(title="of a deleted one", uid=gone.uid),
            CreateTask(title="new", uid=UID),
            CreateTask(title="twice", uid=UID),
        ]
        for dry_run in (True, False):
            batch = RunBatch(commands=commands, atomic=False, dry_run=dry_run)
            outcome = await use_cases.execute(batch, workspace=here.workspace)
            assert [type(result) for result in outcome.results] == [UidTaken, UidTaken, TaskView, UidTaken]
            async with refused_without_a_trace(here, BatchRefused) as caught:
                await use_cases.execute(RunBatch(commands=commands, dry_run=dry_run), workspace=here.workspace)
            assert caught.value.place == 0

    async def test_tasks_lists_and_saved_filters_change_in_one_commit(self, here: Bench, use_cases: UseCases) -> None:
        commands: Commands = [
            CreateList(name="Garden"),
            SaveFilter(name="Wet", q="rain"),
            CreateTask(title="new"),
        ]
        made, saved, task = (await use_cases.execute(RunBatch(commands=commands), workspace=here.workspace)).results
        assert isinstance(made, TaskList)
        assert isinstance(saved, SavedFilter)
        assert isinstance(task, TaskView)
        assert {made.revision, saved.revision, task.revision} == {1}
        assert await use_cases.get_list(made.id, workspace=here.workspace) == made
        assert await use_cases.search.list_saved_filters(workspace=here.workspace) == [saved]

        commands = [
            ChangeTask(id=task.id, list=made.id),
            ChangeList(id=made.id, archived=True),
            DeleteSavedFilter(name="wet"),
            ChangeList(id=made.id, name=""),
        ]
        async with refused_without_a_trace(here, BatchRefused) as caught:
            await use_cases.execute(RunBatch(commands=commands), workspace=here.workspace)
        assert caught.value.place == 3
        assert await use_cases.search.list_saved_filters(workspace=here.workspace) == [saved]
        before = await use_cases.execute(RunBatch(commands=commands[:3]), workspace=here.workspace)
        assert before.revision is not None

        commands = [DeleteList(id=made.id, delete_tasks=True), CreateTask(title="newer")]
        outcome = await use_cases.execute(RunBatch(commands=commands), workspace=here.workspace)
        assert outcome.revision == before.revision + 1
        left = (await here.page()).items
        assert task.id not in [view.id for view in left]
        assert outcome.results[1] in left
        with pytest.raises(ListNotFound):
            await use_cases.get_list(made.id, workspace=here.workspace)
