"""Any store against the store in memory: a Hypothesis state machine over the use cases."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final, TypeAlias
from uuid import UUID, uuid4

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from taskharbor.application.history.list_changes import EVERYTHING, ChangePage, ListChanges
from taskharbor.application.lists.change_list import ChangeList, CreateList
from taskharbor.application.lists.delete_list import DeleteList
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_queries import TaskPage
from taskharbor.application.progress.skip_occurrence import SkipOccurrence
from taskharbor.application.progress.task_progress import CancelTask, CompleteTask, ReopenTask, StartTask
from taskharbor.application.run_batch import BatchOutcome
from taskharbor.application.structure.move_task import MoveTask
from taskharbor.application.task_view import TaskView
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask, RestoreTask
from taskharbor.application.tasks.get_task import GetTask
from taskharbor.application.tasks.list_tasks import ListTasks
from taskharbor.application.tasks.task_comments import AddComment, CommentView, DeleteComment
from taskharbor.application.use_cases import UseCases
from taskharbor.domain.identifiers import INBOX, MAX_ID, Revision, WorkspaceId
from taskharbor.domain.progress import Progress
from taskharbor.domain.task_list import TaskList
from taskharbor.testing.clock import FakeClock
from taskharbor.testing.effort import share_of_effort
from taskharbor.testing.occurrences import FakeOccurrences
from taskharbor.testing.same_ids import with_same_ids
from taskharbor.testing.state_machine_answers import Known, comparable, outcome_of
from taskharbor.testing.state_machine_batches import BatchPlan, batch_plans
from taskharbor.testing.strategies import fields, titles
from taskharbor.testing.uids import FakeUids

Run: TypeAlias = Callable[[Coroutine[Any, Any, Any]], Any]
"""Runs a coroutine in the event loop that the store lives in, from outside of it; returns the result."""

_PROGRESS_COMMANDS: Final[dict[type[Any], Callable[..., Awaitable[TaskView]]]] = {
    CompleteTask: UseCases.complete_task,
    SkipOccurrence: UseCases.skip_occurrence,
    ReopenTask: UseCases.reopen_task,
    StartTask: UseCases.start_task,
    CancelTask: UseCases.cancel_task,
}
_WORKSPACES: Final = st.sampled_from([0, 0, 1])
_UIDS: Final = [UUID(int=number) for number in range(2)]  # so few that they are often taken
_MATCHES: Final = st.sampled_from(["anything", "current", "stale"])
_PLACES: Final = st.sampled_from(["parent", "parent", "no parent", "needed", "free"])
_SECONDS: Final = st.sampled_from([0.0, 0.000001, 60.0, -3600.0])  # a clock can be set back
_TITLED: Final = st.builds(
    lambda values, title: values | title, fields(), st.just({}) | titles().map(lambda title: {"title": title})
)


class StorageMachine(RuleBasedStateMachine):
    """Does the same to a store and to the model of all stores: each answer and each refusal must be the same.

    As some stores leave gaps between ids, the model takes the ids of the store.
    """

    known = Bundle("known")
    deleted = Bundle("deleted")

    def __init__(self, storage: Storage, run: Run) -> None:
        super().__init__()
        self._run = run
        self._clock = FakeClock()
        real, model = with_same_ids(storage)
        self._real = UseCases(real, clock=self._clock, uids=FakeUids(), occurrences=FakeOccurrences())
        self._model = UseCases(model, clock=self._clock, uids=FakeUids(), occurrences=FakeOccurrences())
        self._workspaces = [f"kit-{uuid4()}" for _ in range(2)]
        self._revisions: dict[Known, Revision] = {}
        self._tokens: dict[WorkspaceId, tuple[str, str]] = {}

    @initialize(target=known)
    def begin_with_some_tasks_and_one_that_never_was(self) -> Any:  # noqa: ANN401  # Hypothesis' own, without a public type
        workspace = self._workspaces[0]
        created = [self._create(workspace, CreateTask(title=f"uid {uid}", uid=uid)) for uid in _UIDS]
        created += [self._create(workspace, CreateTask(title="another"))]
        return multiple(Known(workspace, MAX_ID, MAX_ID), *filter(None, created))

    @rule(
        target=known,
        number=_WORKSPACES,
        title=titles(),
        values=fields(),
        uid=st.none() | st.sampled_from(_UIDS),
        seconds=_SECONDS,
    )
    def create(self, number: int, title: str, values: dict[str, Any], uid: UUID | None, seconds: float) -> Any:  # noqa: ANN401  # the same
        self._clock.advance(timedelta(seconds=seconds))
        command = CreateTask(title=title, uid=uid, **values)
        return self._create(self._workspaces[number], command) or multiple()

    @rule(task=known, values=_TITLED, match=_MATCHES, seconds=_SECONDS)
    def change(self, task: Known, values: dict[str, Any], match: str, seconds: float) -> None:
        self._command(ChangeTask, UseCases.change_task, task, match, seconds, values)

    @rule(task=known, command=st.sampled_from(list(_PROGRESS_COMMANDS)), match=_MATCHES, seconds=_SECONDS)
    def move_along(self, task: Known, command: type[Any], match: str, seconds: float) -> None:
        self._command(command, _PROGRESS_COMMANDS[command], task, match, seconds)

    @rule(target=deleted, task=known, match=_MATCHES, seconds=_SECONDS)
    def delete(self, task: Known, match: str, seconds: float) -> Known:
        self._command(DeleteTask, UseCases.delete_task, task, match, seconds)
        return task

    @rule(task=deleted | known, match=_MATCHES, seconds=_SECONDS)
    def restore(self, task: Known, match: str, seconds: float) -> None:
        self._command(RestoreTask, UseCases.restore_task, task, match, seconds)

    @rule(task=known, other=known, third=known, where=_PLACES, match=_MATCHES)
    def place(self, task: Known, other: Known, third: Known, where: str, match: str) -> None:
        places: dict[str, dict[str, Any]] = {
            "parent": {"parent": other.real},
            "no parent": {"parent": None, "list": INBOX},
            "needed": {"depends_on": [other.real, third.real]},
            "free": {"depends_on": []},
        }
        self._command(ChangeTask, UseCases.change_task, task, match, 0.0, places[where])

    @rule(
        task=known, other=known, where=st.sampled_from(["before", "after", "first", "last", "parent"]), match=_MATCHES
    )
    def move(self, task: Known, other: Known, where: str, match: str) -> None:
        place = {where: True if where in {"first", "last"} else other.real}
        self._command(MoveTask, UseCases.move_task, task, match, 0.0, place)

    @rule(task=known, subtasks=st.sampled_from(["complete", "leave"]), match=_MATCHES, seconds=_SECONDS)
    def complete_all_the_same(self, task: Known, subtasks: str, match: str, seconds: float) -> None:
        rules = {"subtasks": subtasks, "dependencies": "ignore"}
        self._command(CompleteTask, UseCases.complete_task, task, match, seconds, rules)

    @rule(target=deleted, task=known, subtasks=st.sampled_from(["delete", "keep"]), match=_MATCHES)
    def delete_all_the_same(self, task: Known, subtasks: str, match: str) -> Known:
        self._command(DeleteTask, UseCases.delete_task, task, match, 0.0, {"subtasks": subtasks})
        return task

    @rule(task=known, text=titles(), match=_MATCHES, seconds=_SECONDS)
    def comment(self, task: Known, text: str, match: str, seconds: float) -> None:
        self._command(AddComment, UseCases.add_comment, task, match, seconds, {"text": text})

    @rule(task=known, number=st.integers(1, 3), match=_MATCHES)
    def delete_a_comment(self, task: Known, number: int, match: str) -> None:
        self._command(DeleteComment, UseCases.delete_comment, task, match, 0.0, {"comment_id": number})

    @rule(number=_WORKSPACES, task=known, name=titles(), fate=st.sampled_from(["keep", "archive", "move", "delete"]))
    def use_a_list(self, number: int, task: Known, name: str, fate: str) -> None:
        workspace, command = self._workspaces[number], CreateList(name=name)
        made, _ = self._ask(
            self._real.create_list(command, workspace=workspace), self._model.create_list(command, workspace=workspace)
        )
        assert isinstance(made, TaskList)
        self._command(MoveTask, UseCases.move_task, task, "anything", 0.0, {"list": made.id})
        if fate == "archive":
            change = ChangeList(id=made.id, archived=True)
            self._ask(
                self._real.change_list(change, workspace=workspace),
                self._model.change_list(change, workspace=workspace),
            )
        elif fate != "keep":
            gone = DeleteList(id=made.id, delete_tasks=fate == "delete", move_to=INBOX if fate == "move" else None)
            self._ask(
                self._real.delete_list(gone, workspace=workspace), self._model.delete_list(gone, workspace=workspace)
            )

    @rule(number=_WORKSPACES, skip=st.integers(0, 4), limit=st.integers(1, 4))
    def list_by_skipping(self, number: int, skip: int, limit: int) -> None:
        query, workspace = ListTasks(skip=skip, limit=limit), self._workspaces[number]
        self._ask(self._real.list_tasks(query, workspace=workspace), self._model.list_tasks(query, workspace=workspace))

    @rule(task=known, limit=st.integers(1, 4))
    def list_after(self, task: Known, limit: int) -> None:
        self._ask(
            self._real.list_tasks(ListTasks(after=task.real, limit=limit), workspace=task.workspace),
            self._model.list_tasks(ListTasks(after=task.model, limit=limit), workspace=task.workspace),
        )

    @rule(number=_WORKSPACES, limit=st.integers(1, 4))
    def follow_the_changes(self, number: int, limit: int) -> None:
        workspace = self._workspaces[number]
        real, model = self._tokens.get(workspace, (EVERYTHING, EVERYTHING))
        pages = self._ask(
            self._real.list_changes(ListChanges(since=real, limit=limit), workspace=workspace),
            self._model.list_changes(ListChanges(since=model, limit=limit), workspace=workspace),
        )
        real_page, model_page = pages
        assert isinstance(real_page, ChangePage)
        assert isinstance(model_page, ChangePage)
        self._tokens[workspace] = real_page.next, model_page.next

    @rule(number=_WORKSPACES, revision=st.integers(0, 40), limit=st.integers(1, 1000))
    def list_changes_since(self, number: int, revision: Revision, limit: int) -> None:
        query, workspace = ListChanges(since=str(revision), limit=limit), self._workspaces[number]
        self._ask(
            self._real.list_changes(query, workspace=workspace), self._model.list_changes(query, workspace=workspace)
        )

    @rule(target=known, number=_WORKSPACES, plan=batch_plans(known, _MATCHES, _UIDS), seconds=_SECONDS)
    def run_a_batch(self, number: int, plan: BatchPlan, seconds: float) -> Any:  # noqa: ANN401  # the same
        self._clock.advance(timedelta(seconds=seconds))
        workspace = self._workspaces[number]
        batch = plan.batch("model", workspace, self._if_match)
        real, model = self._ask(
            self._real.run_batch(plan.batch("real", workspace, self._if_match), workspace=workspace),
            self._model.run_batch(batch, workspace=workspace),
        )
        if plan.dry_run or not isinstance(real, BatchOutcome) or not isinstance(model, BatchOutcome):
            return multiple()
        created: list[Known] = []
        for command, one, other in zip(batch.commands, real.results, model.results, strict=True):
            if isinstance(one, TaskView) and isinstance(other, TaskView):
                task = Known(workspace, one.id, other.id)
                self._revisions[task] = other.revision
                created += [task] * isinstance(command, CreateTask)
        return multiple(*created)

    @invariant()
    def both_hold_the_same(self) -> None:
        for workspace in self._workspaces:
            everything = ListTasks(limit=1000)
            page, _ = self._ask(
                self._real.list_tasks(everything, workspace=workspace),
                self._model.list_tasks(everything, workspace=workspace),
            )
            assert isinstance(page, TaskPage)
            for task in page.items:
                below = [one for one in page.items if one.parent == task.id]
                is_open = [one.progress in {Progress.NEEDS_ACTION, Progress.IN_PROCESS} for one in below]
                assert (task.subtask_count, task.open_subtask_count) == (len(below), sum(is_open))
                assert all(one.list == task.list for one in below)
            assert {task.parent for task in page.items} - {None} <= {task.id for task in page.items}

    def _create(self, workspace: WorkspaceId, command: CreateTask) -> Known | None:
        real, model = self._ask(
            self._real.create_task(command, workspace=workspace), self._model.create_task(command, workspace=workspace)
        )
        if not isinstance(real, TaskView) or not isinstance(model, TaskView):
            return None
        task = Known(workspace, real.id, model.id)
        self._revisions[task] = model.revision
        return task

    def _command(
        self,
        command: type[Any],
        use_case: Callable[..., Awaitable[TaskView | CommentView]],
        task: Known,
        match: str,
        seconds: float,
        fields: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        self._clock.advance(timedelta(seconds=seconds))
        fields = {**fields, "if_match": self._if_match(task, match)}
        _, answer = self._ask(
            use_case(self._real, command(id=task.real, **fields), workspace=task.workspace),
            use_case(self._model, command(id=task.model, **fields), workspace=task.workspace),
        )
        if isinstance(answer, TaskView | CommentView):
            self._revisions[task] = answer.revision
        self._ask(
            self._real.get_task(GetTask(id=task.real), workspace=task.workspace),
            self._model.get_task(GetTask(id=task.model), workspace=task.workspace),
        )

    def _if_match(self, task: Known, match: str) -> Revision | None:
        if match == "anything":
            return None
        revision = self._revisions.get(task, 1)
        return revision if match == "current" else revision - 1

    def _ask(self, real: Awaitable[object], model: Awaitable[object]) -> tuple[object, object]:
        async def ask() -> tuple[object, object]:
            return await outcome_of(real), await outcome_of(model)

        outcomes: tuple[object, object] = self._run(ask())
        assert comparable(outcomes[0]) == comparable(outcomes[1])
        return outcomes


def storage_machine(open_storage: Callable[[], Storage]) -> type[StorageMachine]:
    """Return a state machine that tests a new store in each of its runs, in an event loop of its own.

    `open_storage` makes the store, not yet opened. The machine's `TestCase` is collected by pytest.
    """

    class OwnLoopMachine(StorageMachine):
        def __init__(self) -> None:
            self._runner = asyncio.Runner()
            self._storage = open_storage()
            self._runner.run(self._storage.open())
            super().__init__(self._storage, self._runner.run)

        def teardown(self) -> None:
            self._runner.run(self._storage.aclose())
            self._runner.close()

    OwnLoopMachine.TestCase.settings = share_of_effort(3)
    return OwnLoopMachine
