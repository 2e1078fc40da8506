"""The rules of the state machine that read, and what must hold whenever it is read."""

from graphlib import TopologicalSorter

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from taskharbor.application.ports.task_queries import TaskPage
from taskharbor.application.sync.list_changes import EVERYTHING, ChangePage, ListChanges
from taskharbor.application.tasks.list_tasks import ListTasks
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.domain.tasks.progress import Progress
from taskharbor.testing.state_machine.answers import Known
from taskharbor.testing.state_machine.sides import KNOWN, WORKSPACES, TwoStores


class ReadingRules(TwoStores):
    """Pages of tasks and of changes."""

    @rule(number=WORKSPACES, skip=st.integers(0, 4), limit=st.integers(1, 4))
    def list_by_skipping(self, number: int, skip: int, limit: int) -> None:
        query, workspace = ListTasks(skip=skip, limit=limit), self._workspaces[number]
        self._ask(self._real.list_tasks(query, workspace=workspace), self._model.list_tasks(query, workspace=workspace))

    @rule(task=KNOWN, limit=st.integers(1, 4))
    def list_after(self, task: Known, limit: int) -> None:
        self._ask(
            self._real.list_tasks(ListTasks(after=task.real, limit=limit), workspace=task.workspace),
            self._model.list_tasks(ListTasks(after=task.model, limit=limit), workspace=task.workspace),
        )

    @rule(number=WORKSPACES, limit=st.integers(1, 4))
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

    @rule(number=WORKSPACES, revision=st.integers(0, 40), limit=st.integers(1, 1000))
    def list_changes_since(self, number: int, revision: Revision, limit: int) -> None:
        query, workspace = ListChanges(since=str(revision), limit=limit), self._workspaces[number]
        self._ask(
            self._real.list_changes(query, workspace=workspace), self._model.list_changes(query, workspace=workspace)
        )

    @invariant()
    def both_hold_the_same(self) -> None:
        for workspace in self._workspaces:
            everything = ListTasks(limit=1000)
            page, _ = self._ask(
                self._real.list_tasks(everything, workspace=workspace),
                self._model.list_tasks(everything, workspace=workspace),
            )
            assert isinstance(page, TaskPage)
            waits_for: dict[TaskId, set[TaskId]] = {}
            for task in page.items:
                below = [one for one in page.items if one.parent == task.id]
                is_open = [one.progress in {Progress.NEEDS_ACTION, Progress.IN_PROCESS} for one in below]
                assert (task.subtask_count, task.open_subtask_count) == (len(below), sum(is_open))
                assert all(one.list == task.list for one in below)
                waits_for[task.id] = {*task.depends_on, *(one.id for one in below)}
            TopologicalSorter(waits_for).prepare()  # raises if any of them waits for itself
            assert {task.parent for task in page.items} - {None} <= {task.id for task in page.items}
