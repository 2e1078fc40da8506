"""The port for tasks that were deleted and can still be restored."""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from taskharbor.domain.identifiers import TaskId, WorkspaceId
from taskharbor.domain.tasks.task import Task


class DeletedPosition(NamedTuple):
    """A position in the trash: that of a task deleted at this instant.

    Attributes:
        deleted: when; aware, in UTC.
        task_id: its id.
    """

    deleted: datetime
    task_id: TaskId


class TaskTrash(Protocol):
    """Deleted tasks with all their values."""

    @abstractmethod
    async def list_deleted(
        self, workspace: WorkspaceId, *, before: DeletedPosition | None, limit: int
    ) -> Sequence[Task]:
        """Return up to `limit` deleted tasks, the one deleted last first; of one instant, the highest id first.

        With `before` only those that come after that place in this order.

        Raises:
            StoreUnavailable: if the store cannot be asked.
        """
        ...
