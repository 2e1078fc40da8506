"""The port for reads of single tasks and pages."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Protocol, Self

from taskharbor.application.documents.encoded_tasks import last_id_of
from taskharbor.application.documents.task_view import TaskView
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import TaskId, WorkspaceId


@frozen(kw_only=True)
class TaskPage:
    """Some tasks in order.

    Attributes:
        items: the tasks: a list, or what is equal to one, such as `EncodedTasks`.
        next_after: pass it as `after` for the next page; None on the last page.
    """

    items: Sequence[TaskView]
    next_after: TaskId | None

    @classmethod
    def of(cls, found: Sequence[TaskView], limit: int) -> Self:
        """Make a page of at most `limit` of the tasks found; one more than that means that there is a next page."""
        items = found[:limit]
        return cls(items=items, next_after=last_id_of(items) if len(found) > limit else None)


class TaskQueries(Protocol):
    """Reads of live tasks, outside of any unit of work. Each result is one snapshot of committed data."""

    @abstractmethod
    async def get_task(self, workspace: WorkspaceId, task_id: TaskId) -> TaskView | None:
        """Return the task, or None if there is none or it is deleted.

        Raises:
            StoreUnavailable: if the store cannot be asked.
        """
        ...

    @abstractmethod
    async def list_tasks(self, workspace: WorkspaceId, *, after: TaskId, skip: int, limit: int) -> TaskPage:
        """Return up to `limit` live tasks in ascending order of id, from those with an id greater than `after`.

        The first `skip` of them are skipped. Following `next_after` visits each task that exists throughout exactly
        once, even under concurrent writes.

        Raises:
            StoreUnavailable: if the store cannot be asked.
        """
        ...
