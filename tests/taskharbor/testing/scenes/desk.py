"""The use cases on one workspace, with short names for what is done all the time."""

from collections.abc import Iterable
from typing import Any

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.lists.manage_lists import ChangeList, CreateList
from taskharbor.application.ports.task_relations import InList, Relation
from taskharbor.application.progress.change_progress import CompleteTask, ReopenTask
from taskharbor.application.relations.move_task import MoveTask
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask, RestoreTask
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.identifiers import INBOX, ListId, TaskId
from taskharbor.domain.lists.task_list import TaskList
from taskharbor.testing.scenes.bench import Bench


class Desk:
    """A user of the workspace of a bench."""

    def __init__(self, use_cases: UseCases, here: Bench) -> None:
        self.use_cases = use_cases
        self.workspace = here.workspace
        self._here = here

    async def create(self, title: str = "a task", **fields: Any) -> TaskView:  # noqa: ANN401  # values of any field
        """Make a task."""
        return await self.use_cases.execute(CreateTask(title=title, **fields), workspace=self.workspace)

    async def create_some(self, number: int, **fields: Any) -> list[TaskView]:  # noqa: ANN401
        """Make so many tasks, in order."""
        return [await self.create(f"task {n}", **fields) for n in range(number)]

    async def change(self, task_id: TaskId, **fields: Any) -> TaskView:  # noqa: ANN401
        """Change a task."""
        return await self.use_cases.execute(ChangeTask(id=task_id, **fields), workspace=self.workspace)

    async def complete(self, task_id: TaskId, **rules: Any) -> TaskView:  # noqa: ANN401
        """Mark a task as done."""
        return await self.use_cases.execute(CompleteTask(id=task_id, **rules), workspace=self.workspace)

    async def reopen(self, task_id: TaskId) -> TaskView:
        """Make a task need action again."""
        return await self.use_cases.execute(ReopenTask(id=task_id), workspace=self.workspace)

    async def delete(self, task_id: TaskId, **rules: Any) -> TaskView:  # noqa: ANN401
        """Delete a task."""
        return await self.use_cases.execute(DeleteTask(id=task_id, **rules), workspace=self.workspace)

    async def restore(self, task_id: TaskId) -> TaskView:
        """Bring a task back."""
        return await self.use_cases.execute(RestoreTask(id=task_id), workspace=self.workspace)

    async def move(self, task_id: TaskId, **place: Any) -> TaskView:  # noqa: ANN401
        """Move a task."""
        return await self.use_cases.execute(MoveTask(id=task_id, **place), workspace=self.workspace)

    async def get(self, task_id: TaskId) -> TaskView:
        """Return a live task."""
        return await self.use_cases.get_task(task_id, workspace=self.workspace)

    async def counts(self, task_id: TaskId) -> tuple[int, int]:
        """Return how many subtasks a task says that it has, and how many open ones."""
        task = await self.get(task_id)
        return task.subtask_count, task.open_subtask_count

    async def new_list(self, name: str = "a list") -> TaskList:
        """Make a list."""
        return await self.use_cases.execute(CreateList(name=name), workspace=self.workspace)

    async def archive(self, list_id: ListId, *, archived: bool = True) -> TaskList:
        """Put a list away, or take it out again."""
        return await self.use_cases.execute(ChangeList(id=list_id, archived=archived), workspace=self.workspace)

    async def in_order(self, relation: Relation | None = None) -> list[TaskId]:
        """Return the ids of the tasks of the inbox, or of another relation, by rank."""
        found = await self._here.storage.list_related(self.workspace, relation or InList(INBOX), limit=10_000)
        return [one.id for one in found]

    async def revision(self) -> int:
        """Return the last revision of the workspace."""
        return (await self._here.changes(limit=1)).revision


def ids_of(tasks: Iterable[TaskView]) -> list[TaskId]:
    """Return the ids of tasks."""
    return [task.id for task in tasks]
