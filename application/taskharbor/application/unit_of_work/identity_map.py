"""The committed tasks that a unit of work has read: Fowler's Identity Map, so that a second look finds the same."""

from collections.abc import Collection

from taskharbor.application.ports.task_store import TaskStore
from taskharbor.domain.identifiers import TaskId, WorkspaceId, is_task_id
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.uid import Uid


class IdentityMap:
    """Remembers what the store answered, also that there is no such task.

    Args:
        store: is asked.
        workspace: where.
        tasks: is given what was read, deleted tasks too.
    """

    def __init__(self, store: TaskStore, workspace: WorkspaceId, tasks: dict[TaskId, Task]) -> None:
        self._store = store
        self._workspace = workspace
        self._tasks = tasks
        self._absent: set[TaskId] = set()
        self._holders: dict[Uid, TaskId | None] = {}

    async def read(self, task_ids: Collection[TaskId]) -> None:
        """Read those of the tasks that have not been read yet, at once."""
        unasked = {id_ for id_ in task_ids if id_ not in self._tasks and id_ not in self._absent and is_task_id(id_)}
        if unasked:
            found = await self._store.load_tasks(self._workspace, unasked)
            self._tasks.update(found)
            self._absent |= unasked - found.keys()

    async def find_uids(self, uids: Collection[Uid]) -> dict[Uid, TaskId]:
        """Return the ids of those of the tasks that are there, deleted ones too."""
        unasked = {uid for uid in uids if uid not in self._holders}
        if unasked:
            found = await self._store.find_uids(self._workspace, unasked)
            self._holders.update({uid: found.get(uid) for uid in unasked})
        return {uid: task_id for uid in uids if (task_id := self._holders[uid]) is not None}
