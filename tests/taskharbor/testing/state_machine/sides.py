"""What the rules of the state machine share: two stores, of which whatever is asked must be answered alike."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final, TypeAlias
from uuid import UUID, uuid4

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.ports.storage import Storage
from taskharbor.application.tasks.comments import CommentView
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.identifiers import Revision, WorkspaceId
from taskharbor.testing.doubles.clock import FakeClock
from taskharbor.testing.doubles.occurrences import FakeOccurrences
from taskharbor.testing.doubles.same_ids import with_same_ids
from taskharbor.testing.doubles.uids import FakeUids
from taskharbor.testing.state_machine.answers import Known, comparable, outcome_of

Run: TypeAlias = Callable[[Coroutine[Any, Any, Any]], Any]
"""Runs a coroutine in the event loop that the store lives in, from outside of it; returns the result."""

KNOWN: Final = Bundle("known")
DELETED: Final = Bundle("deleted")
WORKSPACES: Final = st.sampled_from([0, 0, 1])
UIDS: Final = [UUID(int=number) for number in range(2)]  # so few that they are often taken
MATCHES: Final = st.sampled_from(["anything", "current", "stale"])
SECONDS: Final = st.sampled_from([0.0, 0.000001, 60.0, -3600.0])  # a clock can be set back


class TwoStores(RuleBasedStateMachine):
    """A store and the model of all stores.

    As some stores leave gaps between ids, the model takes the ids of the store.
    """

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

    def _create(self, workspace: WorkspaceId, command: CreateTask) -> Known | None:
        real, model = self._ask(
            self._real.execute(command, workspace=workspace), self._model.execute(command, workspace=workspace)
        )
        if not isinstance(real, TaskView) or not isinstance(model, TaskView):
            return None
        task = Known(workspace, real.id, model.id)
        self._revisions[task] = model.revision
        return task

    def _command(
        self,
        command: type[Any],
        task: Known,
        match: str,
        seconds: float,
        fields: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        self._clock.advance(timedelta(seconds=seconds))
        fields = {**fields, "if_match": self._if_match(task, match)}
        _, answer = self._ask(
            self._real.execute(command(id=task.real, **fields), workspace=task.workspace),
            self._model.execute(command(id=task.model, **fields), workspace=task.workspace),
        )
        if isinstance(answer, TaskView | CommentView):
            self._revisions[task] = answer.revision
        self._look_at(task)

    def _look_at(self, task: Known) -> None:
        self._ask(
            self._real.get_task(task.real, workspace=task.workspace),
            self._model.get_task(task.model, workspace=task.workspace),
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
