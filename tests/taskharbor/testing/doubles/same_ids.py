"""Two stores that give their tasks the same ids, so that what one says of a task can be compared with the other."""

from collections import deque
from typing import Any, cast

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.ports.storage import Storage
from taskharbor.domain.identifiers import TaskId, WorkspaceId


def with_same_ids(storage: Storage) -> tuple[Storage, Storage]:
    """Return `storage`, and a store in memory that gives the ids that `storage` has given: ask it second."""
    overheard = _Overheard(storage)
    return cast("Storage", overheard), _Repeating(overheard.ids)


class _Overheard:
    """Passes everything on, and takes note of each id."""

    def __init__(self, storage: Storage) -> None:
        self.ids: deque[TaskId] = deque()
        self._storage = storage

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # whatever a store has
        return getattr(self._storage, name)

    async def next_task_id(self, workspace: WorkspaceId) -> TaskId:
        task_id = await self._storage.next_task_id(workspace)
        self.ids.append(task_id)
        return task_id


class _Repeating(InMemoryStorage):
    def __init__(self, ids: deque[TaskId]) -> None:
        super().__init__()
        self._ids = ids

    async def next_task_id(self, workspace: WorkspaceId) -> TaskId:  # noqa: ARG002  # it was asked for the same one
        return self._ids.popleft()
