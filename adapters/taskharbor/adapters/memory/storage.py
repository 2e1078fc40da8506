"""The store in memory: the specification of the others."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from taskharbor.adapters.memory.workspace import InMemoryWorkspace
from taskharbor.application.ports.change_feed import ChangeSlice, Position, change_of
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_queries import TaskPage
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.task_view import TaskView
from taskharbor.domain.identifiers import Revision, TaskId, WorkspaceId
from taskharbor.domain.task import Task


class InMemoryStorage(Storage):
    """Keeps tasks in this process until it is closed. For one event loop, as all of asyncio."""

    def __init__(self) -> None:
        self._workspaces: defaultdict[WorkspaceId, InMemoryWorkspace] = defaultdict(InMemoryWorkspace)

    async def open(self) -> None:
        """Do nothing: memory is always there."""

    async def aclose(self) -> None:
        """Forget everything."""
        self._workspaces.clear()

    async def ping(self) -> None:
        """Do nothing: memory always answers."""

    async def next_task_id(self, workspace: WorkspaceId) -> TaskId:
        """Return the next number of the workspace."""
        return self._workspaces[workspace].next_task_id()

    async def load_tasks(self, workspace: WorkspaceId, ids: Collection[TaskId]) -> Mapping[TaskId, Task]:
        """Return those of the tasks that exist."""
        tasks = self._workspaces[workspace].tasks
        return {id_: tasks[id_] for id_ in ids if id_ in tasks}

    async def commit(self, changes: Changeset) -> Revision:
        """Write everything in `changes`, or nothing."""
        return self._workspaces[changes.workspace].commit(changes)

    async def get_task(self, workspace: WorkspaceId, task_id: TaskId) -> TaskView | None:
        """Return the live task, or None."""
        task = self._workspaces[workspace].tasks.get(task_id)
        return None if task is None or task.is_deleted else TaskView.of(task)

    async def list_tasks(self, workspace: WorkspaceId, *, after: TaskId, skip: int, limit: int) -> TaskPage:
        """Return a page of live tasks."""
        found = self._workspaces[workspace].live_after(after, skip=skip, limit=limit + 1)
        return TaskPage.of([TaskView.of(task) for task in found], limit)

    async def list_changes(self, workspace: WorkspaceId, *, after: Position, limit: int) -> ChangeSlice:
        """Return tasks and tombstones in the order in which they last changed."""
        found = self._workspaces[workspace]
        items = [change_of(task) for task in found.changed_after(after, limit=limit)]
        return ChangeSlice(items=items, revision=found.revision)
