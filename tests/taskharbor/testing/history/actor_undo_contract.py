"""Undoing all that one actor did: the latest first, in one commit, except what others have changed since."""

from datetime import timedelta

import pytest

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.lists.manage_lists import CreateList
from taskharbor.application.ports.storage import Storage
from taskharbor.application.progress.change_progress import CompleteTask
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask
from taskharbor.application.undo import undo_actor as undoing
from taskharbor.application.undo.undo_actor import ActorUndoOutcome, UndoActor
from taskharbor.application.undo.undo_commit import UndoCommit
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import TaskNotFound
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.testing.doubles.clock import FakeClock
from taskharbor.testing.doubles.occurrences import FakeOccurrences
from taskharbor.testing.doubles.uids import FakeUids
from taskharbor.testing.scenes.bench import Bench
from taskharbor.testing.scenes.contract import Contract
from taskharbor.testing.scenes.desk import Desk
from taskharbor.testing.scenes.races import refused_at


class ActorUndoContract(Contract):
    """A bot has done something in between."""

    @pytest.fixture
    def shared(self, storage: Storage, here: Bench) -> "Shared":
        """A workspace in which several actors work."""
        return Shared(storage, here)

    async def test_all_that_one_has_done_is_undone_in_one_commit_and_what_others_did_stays(
        self, shared: "Shared"
    ) -> None:
        kept = await shared.create_as("ada", "kept")
        other = await shared.create_as("ada", "other")
        made = await shared.create_as("bot", "made by the bot")
        await shared.change_as("bot", kept.id, title="renamed")
        await shared.change_as("bot", kept.id, title="renamed again", priority=1)
        await shared.change_as("ada", other.id, priority=3)
        await shared.use_cases.execute(CompleteTask(id=made.id), workspace=shared.workspace, actor="bot")
        await shared.use_cases.execute(DeleteTask(id=other.id), workspace=shared.workspace, actor="bot")
        before = await shared.last()
        outcome = await shared.undo("bot", since=2)
        assert (outcome.conflicts, outcome.refused) == ([], [])
        assert outcome.commits == sorted(outcome.commits, reverse=True)
        assert len(outcome.commits) == 5
        assert outcome.revision == before + 1 == await shared.last()
        assert (await shared.get(kept.id)).title == "kept"
        assert ((await shared.get(other.id)).title, (await shared.get(other.id)).priority) == ("other", 3)
        with pytest.raises(TaskNotFound):
            await shared.get(made.id)
        redo = await shared.use_cases.execute(UndoCommit(revision=before + 1), workspace=shared.workspace)
        assert redo.conflicts == []
        assert (await shared.get(kept.id)).title == "renamed again"

    async def test_what_others_have_changed_since_stays_and_is_named(self, shared: "Shared") -> None:
        task = await shared.create_as("ada", "a task")
        await shared.change_as("bot", task.id, title="renamed", priority=1)
        await shared.change_as("ada", task.id, title="named by ada")
        outcome = await shared.undo("bot", since=1)
        assert [(one.task, one.fields) for one in outcome.undone] == [(task.id, ["priority"])]
        assert [(one.task, one.fields, one.code) for one in outcome.conflicts] == [
            (task.id, ["title"], "changed_since")
        ]

    async def test_only_what_lies_between_the_two_is_undone(self, shared: "Shared") -> None:
        task = await shared.create_as("bot", "a task")
        shared.clock.advance(timedelta(hours=1))
        begin = shared.clock.now()
        shared.clock.advance(timedelta(hours=1))
        await shared.change_as("bot", task.id, priority=1)
        end = shared.clock.now()
        shared.clock.advance(timedelta(hours=1))
        await shared.change_as("bot", task.id, title="renamed")
        outcome = await shared.undo("bot", since=begin, until=end)
        assert outcome.commits == [2]
        undone = await shared.get(task.id)
        assert (undone.priority, undone.title) == (0, "renamed")

    async def test_a_dry_run_says_the_same_and_does_nothing(self, shared: "Shared") -> None:
        task = await shared.create_as("ada", "a task")
        await shared.change_as("bot", task.id, title="renamed")
        tried = await shared.undo("bot", since=0, dry_run=True)
        assert (tried.revision, await shared.last()) == (None, 2)
        done = await shared.undo("bot", since=0)
        assert (done.undone, done.commits, done.revision) == (tried.undone, tried.commits, 3)
        nothing = await shared.undo("nobody", since=0)
        assert (nothing.commits, nothing.revision) == ([], None)

    async def test_a_commit_that_cannot_be_undone_is_named_and_the_others_are(self, shared: "Shared") -> None:
        task = await shared.create_as("ada", "a task")
        made = await shared.use_cases.execute(CreateList(name="a list"), workspace=shared.workspace, actor="bot")
        await shared.change_as("bot", task.id, title="renamed")
        outcome = await shared.undo("bot", since=0)
        assert [one.revision for one in outcome.refused] == [made.revision]
        assert (await shared.get(task.id)).title == "a task"

    async def test_one_that_takes_too_long_ends_early_and_says_where_to_go_on(
        self, shared: "Shared", monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(undoing, "PATIENCE", -1)
        kept = [await shared.create_as("ada", "kept")] + [await shared.create_as("bot", "made") for _ in range(22)]
        outcome = await shared.undo("bot", since=0)
        assert (outcome.commits, outcome.continue_until) == (list(range(23, 3, -1)), 3)
        outcome = await shared.undo("bot", since=0, until=3)
        assert (outcome.commits, outcome.continue_until) == ([3, 2], None)
        assert await shared.titles() == [kept[0].title]

    async def test_only_so_many_are_undone_at_once(self, shared: "Shared", monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(undoing, "MAX_UNDONE", 2)
        for actor in ("bot", "ada", "bot", "ada", "bot"):
            await shared.create_as(actor, f"of {actor}")
        outcome = await shared.undo("bot", since=0)
        assert (outcome.commits, outcome.continue_until) == ([5, 3], 2)
        outcome = await shared.undo("bot", since=0, until=2)
        assert (outcome.commits, outcome.continue_until) == ([1], None)
        assert await shared.titles() == ["of ada", "of ada"]

    async def test_what_is_wrong_is_refused(self, shared: "Shared") -> None:
        await shared.create_as("ada", "a task")
        await refused_at("actor", shared.undo("", since=0))
        await refused_at("since", shared.undo("bot", since=99))
        await refused_at("until", shared.undo("bot", since=0, until="tomorrow"))


class Shared(Desk):
    """A workspace in which several actors work."""

    def __init__(self, storage: Storage, here: Bench) -> None:
        self.clock = FakeClock()
        use_cases = UseCases(storage, clock=self.clock, uids=FakeUids(), occurrences=FakeOccurrences())
        super().__init__(use_cases, here)
        self._bench = here

    async def create_as(self, actor: str, title: str) -> TaskView:
        """Make a task as an actor."""
        return await self.use_cases.execute(CreateTask(title=title), workspace=self.workspace, actor=actor)

    async def change_as(self, actor: str, task_id: TaskId, **fields: object) -> TaskView:
        """Change a task as an actor."""
        command = ChangeTask(id=task_id, **fields)  # type: ignore[arg-type]  # any of its fields
        return await self.use_cases.execute(command, workspace=self.workspace, actor=actor)

    async def undo(self, actor: str, **between: object) -> ActorUndoOutcome:
        """Undo what an actor did."""
        command = UndoActor(actor=actor, **between)  # type: ignore[arg-type]  # since, until, dry_run
        return await self.use_cases.execute(command, workspace=self.workspace, actor="ada")

    async def titles(self) -> list[str]:
        """Return the titles of all live tasks."""
        tasks = await self._bench.storage.scan_tasks(self.workspace, after=0, limit=100)
        return [task.title for task in tasks if not task.is_deleted]

    async def last(self) -> Revision:
        """Return the last revision."""
        return (await self._bench.storage.read_history_bounds(self.workspace)).revision
