"""The port for relations between tasks: the tasks of a list, the subtasks of a task, the tasks that wait for it."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import NamedTuple, Protocol, TypeAlias

from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import ListId, TaskId, WorkspaceId
from taskharbor.domain.tasks.rank import Rank
from taskharbor.domain.tasks.task import Task


@frozen
class InList:
    """All tasks of a list, subtasks too."""

    list: ListId

    def holds(self, task: Task) -> bool:
        """Return whether `task` is one of them, if it is live."""
        return task.list == self.list


@frozen
class SubtasksOf:
    """The tasks whose parent is this one."""

    parent: TaskId

    def holds(self, task: Task) -> bool:
        """Return whether `task` is one of them, if it is live."""
        return task.parent == self.parent


@frozen
class WaitingFor:
    """The open tasks that depend on this one."""

    needed: TaskId

    def holds(self, task: Task) -> bool:
        """Return whether `task` is one of them, if it is live."""
        return task.is_open and self.needed in task.depends_on


Relation: TypeAlias = InList | SubtasksOf | WaitingFor


class RankedTask(NamedTuple):
    """A task and its rank."""

    rank: Rank
    id: TaskId


class TaskRelations(Protocol):
    """Committed tasks by their relation to a list or another task."""

    @abstractmethod
    async def list_related(
        self,
        workspace: WorkspaceId,
        relation: Relation,
        *,
        beyond: Rank | None = None,
        backwards: bool = False,
        limit: int,
    ) -> Sequence[RankedTask]:
        """Return up to `limit` live tasks for which `relation` holds, by ascending rank, or `backwards` descending.

        Ranks compare like the bytes of their text. With `beyond` only those are returned whose rank is greater than
        that, or less if it goes `backwards`.

        Raises:
            StoreUnavailable: if the store cannot be asked.
        """
        ...
