"""Any store against the store in memory: a Hypothesis state machine over the use cases."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final, TypeAlias
from uuid import UUID, uuid4

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.change_task import ChangeTask
from taskharbor.application.create_task import CreateTask
from taskharbor.application.delete_task import DeleteTask, RestoreTask
from taskharbor.application.errors import PreconditionFailed
from taskharbor.application.get_task import GetTask
from taskharbor.application.list_tasks import ListTasks
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_queries import TaskPage
from taskharbor.application.task_progress import CancelTask, CompleteTask, ReopenTask, StartTask
from taskharbor.application.task_view import TaskView
from taskharbor.application.use_cases import UseCases
from taskharbor.domain.errors import TaskharborError
from taskharbor.domain.identifiers import MAX_ID, Revision, TaskId, WorkspaceId
from taskharbor.domain.progress import Progress
from taskharbor.testing.clock import FakeClock
from taskharbor.testing.effort import share_of_effort
from taskharbor.testing.strategies import descriptions, titles
from taskharbor.testing.uids import FakeUids

Run: TypeAlias = Callable[[Coroutine[Any, Any, Any]], Any]
"""Runs a coroutine in the event loop that the store lives in, from outside of it; returns the result."""

_PROGRESS_COMMANDS: Final[dict[type[Any], Callable[..., Awaitable[TaskView]]]] = {
    CompleteTask: UseCases.complete_task,
    ReopenTask: UseCases.reopen_task,
    StartTask: UseCases.start_task,
    CancelTask: UseCases.cancel_task,
}
_WORKSPACES: Final = st.sampled_from([0, 0, 1])
_UIDS: Final = [UUID(int=number) for number in range(2)]  # so few that they are often taken
_MATCHES: Final = st.sampled_from(["anything", "current", "stale"])
_SECONDS: Final = st.sampled_from([0.0, 0.000001, 60.0, -3600.0])  # a clock can be set back
_PROGRESS: Final = st.one_of(
    st.just({}),
    st.fixed_dictionaries({"progress": st.sampled_from(Progress)}),
    st.fixed_dictionaries({"is_completed": st.booleans()}),
)


@dataclass(frozen=True, slots=True)
class _Known:
    """One task, under the id that each of the stores gave it."""

    workspace: WorkspaceId
    real: TaskId
    model: TaskId


class StorageMachine(RuleBasedStateMachine):
    """Does the same to a store and to the model of all stores: each answer and each refusal must be the same.

    Just the ids may differ, as some stores leave gaps; their order may not.
    """

    known = Bundle("known")
    deleted = Bundle("deleted")

    def __init__(self, storage: Storage, run: Run) -> None:
        super().__init__()
        self._run = run
        self._clock = FakeClock()
        self._real = UseCases(storage, clock=self._clock, uids=FakeUids())
        self._model = UseCases(InMemoryStorage(), clock=self._clock, uids=FakeUids())
        self._workspaces = [f"kit-{uuid4()}" for _ in range(2)]
        self._revisions: dict[_Known, Revision] = {}

    @initialize(target=known)
    def begin_with_some_tasks_and_one_that_never_was(self) -> Any:  # noqa: ANN401  # Hypothesis' own, without a public type
        workspace = self._workspaces[0]
        created = [self._create(workspace, CreateTask(title=f"uid {uid}", uid=uid)) for uid in _UIDS]
        created += [self._create(workspace, CreateTask(title="another"))]
        return multiple(_Known(workspace, MAX_ID, MAX_ID), *filter(None, created))

    @rule(
        target=known,
        number=_WORKSPACES,
        title=titles(),
        description=descriptions(),
        uid=st.none() | st.sampled_from(_UIDS),
        seconds=_SECONDS,
    )
    def create(self, number: int, title: str, description: str | None, uid: UUID | None, seconds: float) -> Any:  # noqa: ANN401  # the same
        self._clock.advance(timedelta(seconds=seconds))
        command = CreateTask(title=title, description=description, uid=uid)
        return self._create(self._workspaces[number], command) or multiple()

    @rule(
        task=known,
        title=st.none() | titles(),
        description=st.just("unchanged") | descriptions(),
        progress=_PROGRESS,
        match=_MATCHES,
        seconds=_SECONDS,
    )
    def change(
        self,
        task: _Known,
        title: str | None,
        description: str | None,
        progress: dict[str, Any],
        match: str,
        seconds: float,
    ) -> None:
        fields = dict(progress)
        if title is not None:
            fields["title"] = title
        if description != "unchanged":
            fields["description"] = description
        self._command(ChangeTask, UseCases.change_task, task, match, seconds, fields)

    @rule(task=known, command=st.sampled_from(list(_PROGRESS_COMMANDS)), match=_MATCHES, seconds=_SECONDS)
    def move_along(self, task: _Known, command: type[Any], match: str, seconds: float) -> None:
        self._command(command, _PROGRESS_COMMANDS[command], task, match, seconds)

    @rule(target=deleted, task=known, match=_MATCHES, seconds=_SECONDS)
    def delete(self, task: _Known, match: str, seconds: float) -> _Known:
        self._command(DeleteTask, UseCases.delete_task, task, match, seconds)
        return task

    @rule(task=deleted | known, match=_MATCHES, seconds=_SECONDS)
    def restore(self, task: _Known, match: str, seconds: float) -> None:
        self._command(RestoreTask, UseCases.restore_task, task, match, seconds)

    @rule(number=_WORKSPACES, skip=st.integers(0, 4), limit=st.integers(1, 4))
    def list_by_skipping(self, number: int, skip: int, limit: int) -> None:
        query, workspace = ListTasks(skip=skip, limit=limit), self._workspaces[number]
        self._ask(self._real.list_tasks(query, workspace=workspace), self._model.list_tasks(query, workspace=workspace))

    @rule(task=known, limit=st.integers(1, 4))
    def list_after(self, task: _Known, limit: int) -> None:
        self._ask(
            self._real.list_tasks(ListTasks(after=task.real, limit=limit), workspace=task.workspace),
            self._model.list_tasks(ListTasks(after=task.model, limit=limit), workspace=task.workspace),
        )

    @invariant()
    def both_hold_the_same(self) -> None:
        for workspace in self._workspaces:
            everything = ListTasks(limit=1000)
            self._ask(
                self._real.list_tasks(everything, workspace=workspace),
                self._model.list_tasks(everything, workspace=workspace),
            )

    def _create(self, workspace: WorkspaceId, command: CreateTask) -> _Known | None:
        real, model = self._ask(
            self._real.create_task(command, workspace=workspace), self._model.create_task(command, workspace=workspace)
        )
        if not isinstance(real, TaskView) or not isinstance(model, TaskView):
            return None
        task = _Known(workspace, real.id, model.id)
        self._revisions[task] = model.revision
        return task

    def _command(
        self,
        command: type[Any],
        use_case: Callable[..., Awaitable[TaskView]],
        task: _Known,
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
        if isinstance(answer, TaskView):
            self._revisions[task] = answer.revision
        self._ask(
            self._real.get_task(GetTask(id=task.real), workspace=task.workspace),
            self._model.get_task(GetTask(id=task.model), workspace=task.workspace),
        )

    def _if_match(self, task: _Known, match: str) -> Revision | None:
        if match == "anything":
            return None
        revision = self._revisions.get(task, 1)
        return revision if match == "current" else revision - 1

    def _ask(self, real: Awaitable[object], model: Awaitable[object]) -> tuple[object, object]:
        async def ask() -> tuple[object, object]:
            return await _outcome(real), await _outcome(model)

        outcomes: tuple[object, object] = self._run(ask())
        assert _comparable(outcomes[0]) == _comparable(outcomes[1])
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


async def _outcome(answer: Awaitable[object]) -> object:
    try:
        return await answer
    except TaskharborError as refusal:
        return refusal


def _comparable(outcome: object) -> object:
    match outcome:
        case TaskView():
            return replace(outcome, id=0)
        case TaskPage(items=items, next_after=next_after):
            assert [view.id for view in items] == sorted({view.id for view in items})
            assert next_after is None or next_after == items[-1].id
            return [_comparable(view) for view in items], next_after is None
        case PreconditionFailed(expected=expected, current=current):
            return PreconditionFailed, expected, current
        case _:
            return type(outcome)
