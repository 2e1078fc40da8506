"""What a commit did can be undone, unless it has been changed since."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskharbor.application.batch.run_batch import Command, RunBatch
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.errors import CommitNotFound, HistoryForgotten
from taskharbor.application.history.purge import Purge
from taskharbor.application.progress.change_progress import CompleteTask
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask, RestoreTask
from taskharbor.application.undo.undo_commit import UndoCommit, UndoOutcome
from taskharbor.application.undo.undo_tasks import UndoneTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import TaskharborError
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.testing.doubles.clock import FakeClock
from taskharbor.testing.doubles.uids import FakeUids
from taskharbor.testing.scenes.bench import Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.effort import PATIENCE, share_of_effort

NEVER_THE_SAME = ("updated", "revision")


class UndoContract(Contract):
    """Creating, changing, deleting, moving: each can be undone, and that be undone again."""

    async def test_undoing_a_creation_deletes_and_undoing_that_restores(self, here: Bench, use_cases: UseCases) -> None:
        task = await use_cases.execute(CreateTask(title="a task"), workspace=here.workspace)
        undone = await undo(use_cases, here, task.revision)
        assert undone == UndoOutcome(revision=2, undone=[UndoneTask(task.id, ["deleted"])], conflicts=[])
        assert await here.get(task.id) is None
        assert (await undo(use_cases, here, 2)).revision == 3
        assert said(await here.get(task.id)) == said(task)

    async def test_undoing_a_change_gives_back_just_what_it_changed(self, here: Bench, use_cases: UseCases) -> None:
        task = await use_cases.execute(CreateTask(title="one", priority=3), workspace=here.workspace)
        change = ChangeTask(id=task.id, title="two", tags=["a"], due={"date": "2026-12-01"})
        changed = await use_cases.execute(change, workspace=here.workspace)
        await use_cases.execute(ChangeTask(id=task.id, priority=5), workspace=here.workspace)
        undone = await undo(use_cases, here, changed.revision)
        assert undone.undone == [UndoneTask(task.id, ["due", "tags", "title"])]
        assert undone.conflicts == []
        now = await here.get(task.id)
        assert now is not None
        assert (now.title, now.tags, now.due, now.priority) == ("one", (), None, 5)

    async def test_what_has_been_changed_since_stays_and_is_named(self, here: Bench, use_cases: UseCases) -> None:
        task = await use_cases.execute(CreateTask(title="one"), workspace=here.workspace)
        change = ChangeTask(id=task.id, title="two", priority=2)
        changed = await use_cases.execute(change, workspace=here.workspace)
        await use_cases.execute(ChangeTask(id=task.id, title="three"), workspace=here.workspace)
        undone = await undo(use_cases, here, changed.revision)
        assert undone.undone == [UndoneTask(task.id, ["priority"])]
        assert [(one.task, one.fields, one.code) for one in undone.conflicts] == [(task.id, ["title"], "changed_since")]
        now = await here.get(task.id)
        assert now is not None
        assert (now.title, now.priority) == ("three", 0)

    async def test_a_new_task_that_has_been_changed_since_is_not_deleted(
        self, here: Bench, use_cases: UseCases
    ) -> None:
        task = await use_cases.execute(CreateTask(title="one"), workspace=here.workspace)
        await use_cases.execute(ChangeTask(id=task.id, title="two"), workspace=here.workspace)
        undone = await undo(use_cases, here, task.revision)
        assert (undone.revision, undone.undone) == (None, [])
        assert [(one.fields, one.code) for one in undone.conflicts] == [(["deleted"], "changed_since")]
        await use_cases.execute(ChangeTask(id=task.id, title="one"), workspace=here.workspace)
        assert (await undo(use_cases, here, task.revision)).conflicts == []

    async def test_progress_is_undone_as_a_whole_or_not_at_all(self, here: Bench, use_cases: UseCases) -> None:
        task = await use_cases.execute(CreateTask(title="one"), workspace=here.workspace)
        half = await use_cases.execute(ChangeTask(id=task.id, percent_complete=50), workspace=here.workspace)
        done = await use_cases.execute(CompleteTask(id=task.id), workspace=here.workspace)
        conflicts = (await undo(use_cases, here, half.revision)).conflicts
        assert [one.fields for one in conflicts] == [["percent_complete", "progress"]]
        assert (await undo(use_cases, here, done.revision)).conflicts == []
        assert said(await here.get(task.id)) == said(half)

    async def test_a_task_that_was_deleted_since_stays_deleted(self, here: Bench, use_cases: UseCases) -> None:
        task = await use_cases.execute(CreateTask(title="one"), workspace=here.workspace)
        changed = await use_cases.execute(ChangeTask(id=task.id, title="two"), workspace=here.workspace)
        await use_cases.execute(DeleteTask(id=task.id), workspace=here.workspace)
        undone = await undo(use_cases, here, changed.revision)
        assert [(one.fields, one.code) for one in undone.conflicts] == [(["title"], "deleted_since")]
        assert await here.get(task.id) is None

    async def test_undoing_twice_does_nothing_the_second_time(self, here: Bench, use_cases: UseCases) -> None:
        task = await use_cases.execute(CreateTask(title="one"), workspace=here.workspace)
        changed = await use_cases.execute(ChangeTask(id=task.id, title="two"), workspace=here.workspace)
        await undo(use_cases, here, changed.revision)
        nothing = UndoOutcome(revision=None, undone=[], conflicts=[])
        assert await undo(use_cases, here, changed.revision) == nothing

    async def test_a_commit_that_never_was_cannot_be_undone(self, here: Bench, use_cases: UseCases) -> None:
        await here.add()
        for revision in (0, -1, 2):
            with pytest.raises(CommitNotFound):
                await undo(use_cases, here, revision)

    async def test_a_commit_that_was_forgotten_cannot_be_undone(self, here: Bench, use_cases: UseCases) -> None:
        clock = FakeClock()
        use_cases = UseCases(here.storage, clock=clock, uids=FakeUids())
        for title in ("one", "two"):
            await use_cases.execute(CreateTask(title=title), workspace=here.workspace)
            clock.advance()
        await use_cases.history.purge(Purge(history_retention=timedelta(0)), workspace=here.workspace)
        with pytest.raises(HistoryForgotten):
            await undo(use_cases, here, 1)
        assert (await undo(use_cases, here, 2)).conflicts == []

    async def test_of_two_undos_at_once_one_finds_nothing_to_do(self, here: Bench, use_cases: UseCases) -> None:
        for n in range(5):
            task = await use_cases.execute(CreateTask(title=f"task {n}"), workspace=here.workspace)
            async with asyncio.timeout(PATIENCE):
                outcomes = await asyncio.gather(*[undo(use_cases, here, task.revision) for _ in range(2)])
            assert sorted(outcome.revision is None for outcome in outcomes) == [False, True]
            assert await here.get(task.id) is None

    @share_of_effort(4)
    @given(data=st.data())
    async def test_undoing_the_last_commit_gives_back_what_was_before_and_undoing_that_what_was_after(
        self, here: Bench, data: st.DataObject
    ) -> None:
        here = here.another()
        clock = FakeClock()
        use_cases = UseCases(here.storage, clock=clock, uids=FakeUids())
        ids = [task.id for task in await tree(use_cases, here)]
        for _ in range(data.draw(st.integers(1, 5), label="commands")):
            clock.advance()
            before = await everything(here)
            if await _did_something(use_cases, here, ids, data) is None:
                continue
            after = await everything(here)
            revision = (await here.storage.read_history_bounds(here.workspace)).revision
            undone = await undo(use_cases, here, revision)
            assert undone.conflicts == []
            assert await everything(here) == before
            if undone.revision is None:
                assert after == before
                continue
            redone = await undo(use_cases, here, undone.revision)
            assert redone.conflicts == []
            assert await everything(here) == after


async def undo(use_cases: UseCases, here: Bench, revision: Revision) -> UndoOutcome:
    """Undo a commit."""
    return await use_cases.execute(UndoCommit(revision=revision), workspace=here.workspace)


def said(task: TaskView | None) -> dict[str, Any] | None:
    """Return what a task says, but for what every change changes."""
    if task is None:
        return None
    return {name: getattr(task, name) for name in task.__annotations__ if name not in (*NEVER_THE_SAME, "_document")}


async def everything(here: Bench) -> dict[TaskId, dict[str, Any] | None]:
    """Return what all live tasks say."""
    return {task.id: said(task) for task in (await here.page()).items}


async def tree(use_cases: UseCases, here: Bench) -> list[TaskView]:
    """Make four tasks that hang together."""
    top = await use_cases.execute(CreateTask(title="top"), workspace=here.workspace)
    middle = await use_cases.execute(CreateTask(title="middle", parent=top.id), workspace=here.workspace)
    other = await use_cases.execute(CreateTask(title="other", parent=top.id), workspace=here.workspace)
    leaf = CreateTask(title="leaf", parent=middle.id, depends_on=[other.id])
    last = await use_cases.execute(leaf, workspace=here.workspace)
    return [top, middle, last, other]


async def _did_something(use_cases: UseCases, here: Bench, ids: list[TaskId], data: st.DataObject) -> Revision | None:
    task_id = data.draw(st.sampled_from(ids), label="task")
    other = data.draw(st.sampled_from(ids), label="other")
    commands: dict[str, Command] = {
        "create": CreateTask(title="new", parent=other),
        "title": ChangeTask(id=task_id, title=f"title {other}"),
        "parent": ChangeTask(id=task_id, parent=other),
        "top": ChangeTask(id=task_id, parent=None),
        "depends": ChangeTask(id=task_id, depends_on=[other]),
        "complete": CompleteTask(id=task_id, subtasks="complete", dependencies="ignore"),
        "reopen": ChangeTask(id=task_id, is_completed=False),
        "delete": DeleteTask(id=task_id, subtasks="delete"),
        "keep": DeleteTask(id=task_id, subtasks="keep"),
        "restore": RestoreTask(id=task_id),
    }
    chosen = data.draw(st.lists(st.sampled_from(sorted(commands)), min_size=1, max_size=3), label="commands")
    batch = RunBatch(commands=[commands[name] for name in chosen], atomic=False)
    try:
        outcome = await use_cases.execute(batch, workspace=here.workspace)
    except TaskharborError:
        return None
    ids += [one.id for one in outcome.results if isinstance(one, TaskView) and one.id not in ids]
    return outcome.revision
