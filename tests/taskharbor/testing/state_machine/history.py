"""The rules of the state machine that read the past and take it back."""

from datetime import timedelta
from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import rule

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.history.as_of import ListTasksAsOf, SnapshotPage
from taskharbor.application.ports.task_queries import TaskPage
from taskharbor.application.search.find_tasks_as_of import FindTasksAsOf
from taskharbor.application.sync.list_changes import EVERYTHING, ChangePage, ListChanges
from taskharbor.application.tasks.list_tasks import ListTasks
from taskharbor.application.undo.undo_commit import UndoCommit, UndoOutcome
from taskharbor.domain.identifiers import Revision, TaskId, WorkspaceId
from taskharbor.domain.search.fields import Field
from taskharbor.domain.search.filter import Filter, Flag, Mentions, Not
from taskharbor.testing.state_machine.answers import Known, comparable
from taskharbor.testing.state_machine.sides import SECONDS, WORKSPACES, TwoStores

_BACK: Final = st.integers(0, 8)
"""How many commits back."""
_WANTED: Final = (Flag(Field.IS_OPEN), Flag(Field.BLOCKED), Not(Flag(Field.BLOCKED)), Mentions(("a",)))
_EVERY_COMMIT_CHANGES: Final = {"revision", "updated"}


class PastRules(TwoStores):
    """Any commit can be undone, undos included; afterwards the state before the last one is back."""

    @rule(number=WORKSPACES, back=_BACK, seconds=SECONDS)
    def undo(self, number: int, back: int, seconds: float) -> None:
        self._clock.advance(timedelta(seconds=seconds))
        workspace = self._workspaces[number]
        revision = max(self._reached(workspace) - back, 0)
        command = UndoCommit(revision=revision)
        outcome, model = self._ask(
            self._real.execute(command, workspace=workspace),
            self._model.execute(command, workspace=workspace),
        )
        if not isinstance(outcome, UndoOutcome) or not isinstance(model, UndoOutcome):
            return
        for undone in model.undone:
            if model.revision is not None:
                self._revisions[Known(workspace, undone.task, undone.task)] = model.revision
        for task_id in sorted({undone.task for undone in model.undone} | {one.task for one in model.conflicts}):
            self._look_at(Known(workspace, task_id, task_id))
        if not back and not model.conflicts and not model.record_conflicts:
            assert self._now(workspace) == self._before(revision, workspace)

    @rule(number=WORKSPACES, back=_BACK, limit=st.integers(1, 4))
    def read_the_past(self, number: int, back: int, limit: int) -> None:
        workspace = self._workspaces[number]
        query = ListTasksAsOf(as_of=max(self._reached(workspace) - back, 0), limit=limit)
        self._ask(
            self._real.history.list_tasks_as_of(query, workspace=workspace),
            self._model.history.list_tasks_as_of(query, workspace=workspace),
        )

    @rule(number=WORKSPACES, back=_BACK, limit=st.integers(1, 4), wanted=st.sampled_from(_WANTED))
    def find_in_the_past(self, number: int, back: int, limit: int, wanted: Filter) -> None:
        workspace = self._workspaces[number]
        query = FindTasksAsOf(as_of=max(self._reached(workspace) - back, 0), filter=wanted, limit=limit)
        self._ask(
            self._real.search.find_tasks_as_of(query, workspace=workspace),
            self._model.search.find_tasks_as_of(query, workspace=workspace),
        )

    def _reached(self, workspace: WorkspaceId) -> Revision:
        query = ListChanges(since=EVERYTHING, limit=1000)
        page, _ = self._ask(
            self._real.list_changes(query, workspace=workspace), self._model.list_changes(query, workspace=workspace)
        )
        assert isinstance(page, ChangePage)
        return page.revision

    def _now(self, workspace: WorkspaceId) -> dict[TaskId, object]:
        page = self._run(self._real.list_tasks(ListTasks(limit=1000), workspace=workspace))
        assert isinstance(page, TaskPage)
        return {task.id: _recorded(task) for task in page.items}

    def _before(self, revision: Revision, workspace: WorkspaceId) -> dict[TaskId, object]:
        query = ListTasksAsOf(as_of=max(revision - 1, 0), limit=1000)
        page = self._run(self._real.history.list_tasks_as_of(query, workspace=workspace))
        assert isinstance(page, SnapshotPage)
        return {task.id: _recorded(task) for task in page.items}


def _recorded(task: TaskView) -> object:
    said = comparable(task)
    assert isinstance(said, dict)
    return {name: value for name, value in said.items() if name not in _EVERY_COMMIT_CHANGES}
