"""The port for searching tasks."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Protocol

from taskharbor.application.documents.task_view import TaskView
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import ListId, WorkspaceId
from taskharbor.domain.search.due_buckets import DueBuckets
from taskharbor.domain.search.filter import Filter
from taskharbor.domain.search.order import BY_ID, Order, OrderValue, names_urgency
from taskharbor.domain.search.urgency import UrgencyScale
from taskharbor.domain.tasks.progress import Progress


@frozen(kw_only=True)
class TaskQuery:
    """Which live tasks, in which order, and how many of them.

    Attributes:
        filter: which tasks (`taskharbor.domain.search.matching`); None for all.
        order: how they are sorted (`taskharbor.domain.search.order`); its last key is that of the id.
        after: only those that come after a task with these values of the keys of the order; None for all.
        skip: how many of them to skip first.
        limit: how many of them at most.
        urgency: the scale on which the answer says how urgent each task is; None to leave that out. An order that
            names urgency needs it.

    Raises:
        ValueError: if the order names urgency and there is no scale.
    """

    filter: Filter | None = None
    order: Order = BY_ID
    after: tuple[OrderValue, ...] | None = None
    skip: int = 0
    limit: int
    urgency: UrgencyScale | None = None

    def __post_init__(self) -> None:
        if self.urgency is None and names_urgency(self.order):
            raise ValueError("an order by urgency needs a scale")


@frozen(kw_only=True)
class TaskFacets:
    """How many tasks there are of each kind, without zeros.

    Attributes:
        progress: by progress.
        lists: by the list that they are in.
        tags: by tag as it is spelled; one tag can occur in several spellings.
        due: by the bucket that they are in.
    """

    progress: Mapping[Progress, int]
    lists: Mapping[ListId, int]
    tags: Mapping[str, int]
    due: Mapping[str, int]


class TaskSearch(Protocol):
    """Finds live tasks. Each result is one snapshot of committed data.

    `taskharbor.domain.search` is the specification: `matching.matches`, `order` and `urgency`.
    """

    @abstractmethod
    async def find_tasks(self, workspace: WorkspaceId, query: TaskQuery) -> Sequence[TaskView]:
        """Return the tasks that `query` asks for, in its order.

        `MarkedTasks` also say what the last commit was, which a cursor needs, and spare it a read.

        Raises:
            StoreUnavailable: if the store cannot be asked.
        """
        ...

    @abstractmethod
    async def count_tasks(self, workspace: WorkspaceId, filter: Filter | None) -> int:
        """Return how many tasks match a filter.

        Raises:
            StoreUnavailable: if the store cannot be asked.
        """
        ...

    @abstractmethod
    async def count_facets(self, workspace: WorkspaceId, filter: Filter | None, buckets: DueBuckets) -> TaskFacets:
        """Return how many of the tasks that match a filter there are of each kind.

        A task is in the first of the buckets that is a filter for it.

        Raises:
            StoreUnavailable: if the store cannot be asked.
        """
        ...
