"""Which ids of tasks a process has been given, and by which store."""

from collections.abc import Iterable
from dataclasses import dataclass

from taskharbor.domain.identifiers import TaskId, WorkspaceId


@dataclass(slots=True)
class _Handed:
    shard: str
    last: TaskId = 0
    floor: TaskId = 0


class HandedIds:
    """Keeps ids of a store that a workspace has left from being written in the next one, which may give them again.

    Ids from after a move are greater than all that this process was given before, so one number tells them apart.
    """

    def __init__(self) -> None:
        self._workspaces: dict[WorkspaceId, _Handed] = {}

    def hand_out(self, workspace: WorkspaceId, shard: str, task_id: TaskId) -> bool:
        """Return whether this id of the shard can be used, and note it."""
        handed = self._at(workspace, shard)
        if task_id <= handed.floor:
            return False
        handed.last = max(handed.last, task_id)
        return True

    def are_usable(self, workspace: WorkspaceId, shard: str, ids: Iterable[TaskId]) -> bool:
        """Return whether none of the ids comes from a store that the workspace has left."""
        floor = self._at(workspace, shard).floor
        return not floor or all(task_id > floor for task_id in ids)

    def _at(self, workspace: WorkspaceId, shard: str) -> _Handed:
        handed = self._workspaces.get(workspace)
        if handed is None:
            handed = self._workspaces[workspace] = _Handed(shard)
        elif handed.shard != shard:
            handed.shard, handed.floor = shard, handed.last
        return handed
