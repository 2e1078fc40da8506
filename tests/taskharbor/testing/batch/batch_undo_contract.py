"""A commit is undone as a part of a batch."""

from typing import Any

import pytest

from taskharbor.application.batch.run_batch import BatchOutcome, BatchResult, ByName, Command, RunBatch
from taskharbor.application.errors import BatchRefused, CommitNotFound
from taskharbor.application.lists.delete_list import DeleteList
from taskharbor.application.lists.manage_lists import ChangeList, CreateList
from taskharbor.application.saved_filters.manage_saved_filters import SaveFilter
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask, RestoreTask
from taskharbor.application.undo.undo_commit import UndoCommit, Undone
from taskharbor.application.undo.undo_records import UndoneRecord
from taskharbor.application.undo.undo_tasks import UndoneTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import InvalidValue, ListNotFound
from taskharbor.domain.identifiers import INBOX
from taskharbor.testing.scenes.bench import Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.desk import Desk
from taskharbor.testing.scenes.refusals import refused_without_a_trace


class BatchUndoContract(Contract):
    """What the commands before it did counts as done since; those after it see what it undid."""

    @pytest.fixture
    def desk(self, use_cases: UseCases, here: Bench) -> Desk:
        """One user of the store."""
        return Desk(use_cases, here)

    async def test_an_undo_in_a_batch_undoes_what_has_not_been_changed_since(self, desk: Desk, here: Bench) -> None:
        task = await desk.create("one")
        changed = await desk.change(task.id, title="two", priority=2, tags=["a"])
        outcome = await _run(
            desk,
            ChangeTask(id=task.id, title="three"),
            UndoCommit(revision=changed.revision),
            ChangeTask(id=task.id, priority=5),
            UndoCommit(revision=changed.revision),
        )
        first, second = _undone(outcome.results[1]), _undone(outcome.results[3])
        assert first.undone == [UndoneTask(task.id, ["priority", "tags"])]
        assert [(one.fields, one.code) for one in first.conflicts] == [(["title"], "changed_since")]
        assert (second.undone, [one.fields for one in second.conflicts]) == ([], [["priority", "title"]])
        now = await desk.get(task.id)
        assert (now.title, now.priority, now.tags, now.revision) == ("three", 5, (), outcome.revision)
        (entry,) = await here.history(task.id, limit=1)
        assert entry.revision == outcome.revision

    async def test_a_new_task_is_deleted_unless_a_command_before_has_changed_it(self, desk: Desk, here: Bench) -> None:
        made = await _run(desk, CreateTask(title="one"), CreateTask(title="two"))
        assert made.revision is not None
        one, two = await here.live_ids()
        outcome = await _run(desk, ChangeTask(id=one, priority=1), UndoCommit(revision=made.revision))
        found = _undone(outcome.results[1])
        assert found.undone == [UndoneTask(two, ["deleted"])]
        assert [(each.task, each.code) for each in found.conflicts] == [(one, "changed_since")]
        assert await here.live_ids() == [one]

    async def test_a_task_that_a_command_before_has_deleted_stays_deleted(self, desk: Desk) -> None:
        task = await desk.create("one")
        changed = await desk.change(task.id, title="two")
        outcome = await _run(
            desk, DeleteTask(id=task.id), UndoCommit(revision=changed.revision), RestoreTask(id=task.id)
        )
        assert [one.code for one in _undone(outcome.results[1]).conflicts] == ["deleted_since"]
        assert (await desk.get(task.id)).title == "two"

    async def test_a_deleted_list_comes_back_and_is_used_by_the_commands_after(self, desk: Desk, here: Bench) -> None:
        made = await desk.new_list("Garden")
        task = await desk.create(list=made.id)
        await desk.use_cases.execute(DeleteList(id=made.id, move_to=INBOX), workspace=desk.workspace)
        deleted = await desk.revision()
        new = ByName(list="garden", command=CreateTask(title="new"))
        outcome = await _run(desk, SaveFilter(name="Wet", q="rain"), UndoCommit(revision=deleted), new)
        found = _undone(outcome.results[1])
        assert found.records == [UndoneRecord("list", str(made.id), "restored")]
        assert found.undone == [UndoneTask(task.id, ["list"])]
        assert outcome.revision == deleted + 1
        assert [view.list for view in (await here.page()).items] == [made.id, made.id]

    async def test_a_list_that_would_go_while_others_use_it_is_not_undone_in_a_batch(
        self, desk: Desk, here: Bench
    ) -> None:
        made = await desk.new_list("a list")
        async with refused_without_a_trace(here, BatchRefused) as caught:
            await _run(desk, CreateTask(title="new"), UndoCommit(revision=made.revision))
        refusal = caught.value.refusal
        assert isinstance(refusal, InvalidValue)
        assert (caught.value.place, refusal.field) == (1, "revision")
        closed = ChangeList(id=made.id, archived=True)
        found = _undone((await _run(desk, closed, UndoCommit(revision=made.revision))).results[1])
        assert [one.code for one in found.record_conflicts] == ["changed_since"]
        put_away = await desk.use_cases.execute(CreateList(name="x", archived=True), workspace=desk.workspace)
        found = _undone((await _run(desk, UndoCommit(revision=put_away.revision))).results[0])
        assert found.records == [UndoneRecord("list", str(put_away.id), "removed")]
        with pytest.raises(ListNotFound):
            await desk.use_cases.get_list(put_away.id, workspace=desk.workspace)

    async def test_a_list_that_only_the_batch_archives_does_not_go(self, desk: Desk) -> None:
        made = await desk.use_cases.execute(CreateList(name="x", archived=True), workspace=desk.workspace)
        opened = await desk.archive(made.id, archived=False)
        undos = [UndoCommit(revision=opened.revision), UndoCommit(revision=made.revision)]
        outcome = await _run(desk, *undos, atomic=False)
        assert _undone(outcome.results[0]).records == [UndoneRecord("list", str(made.id), "changed")]
        assert isinstance(outcome.results[1], InvalidValue)
        left = await desk.use_cases.get_list(made.id, workspace=desk.workspace)
        assert left.archived

    async def test_a_batch_with_an_undo_is_refused_tried_out_and_repeated_like_any_other(
        self, desk: Desk, here: Bench
    ) -> None:
        task = await desk.create("one")
        async with refused_without_a_trace(here, BatchRefused) as caught:
            await _run(desk, UndoCommit(revision=task.revision), UndoCommit(revision=999))
        assert isinstance(caught.value.refusal, CommitNotFound)
        tried = await _run(desk, UndoCommit(revision=task.revision), dry_run=True)
        assert _undone(tried.results[0]).undone == [UndoneTask(task.id, ["deleted"])]
        assert task.id in await here.live_ids()
        batch = RunBatch(commands=[UndoCommit(revision=task.revision), CreateTask(title="new")])
        first = await desk.use_cases.execute(batch, workspace=desk.workspace, idempotency_key="k")
        assert await desk.use_cases.execute(batch, workspace=desk.workspace, idempotency_key="k") == first
        assert task.id not in await here.live_ids()


async def _run(desk: Desk, *commands: Command | ByName, **options: Any) -> BatchOutcome:  # noqa: ANN401  # of a batch
    return await desk.use_cases.execute(RunBatch(commands=commands, **options), workspace=desk.workspace)


def _undone(result: BatchResult) -> Undone:
    assert isinstance(result, Undone)
    return result
