"""The port that a storage engine implements as a whole: what a database URL opens."""

from abc import abstractmethod
from types import TracebackType
from typing import Protocol, Self

from taskharbor.application.ports.change_feed import ChangeFeed
from taskharbor.application.ports.housekeeping import Housekeeping
from taskharbor.application.ports.record_store import RecordStore
from taskharbor.application.ports.task_history import TaskHistory
from taskharbor.application.ports.task_queries import TaskQueries
from taskharbor.application.ports.task_relations import TaskRelations
from taskharbor.application.ports.task_search import TaskSearch
from taskharbor.application.ports.task_store import TaskStore
from taskharbor.application.ports.task_trash import TaskTrash


class Storage(
    TaskStore,
    TaskRelations,
    RecordStore,
    TaskQueries,
    TaskSearch,
    TaskHistory,
    TaskTrash,
    ChangeFeed,
    Housekeeping,
    Protocol,
):
    """Where the tasks of all workspaces are kept.

    Made closed and cheap. Entering it as an asynchronous context manager opens it, leaving it closes it.
    """

    @abstractmethod
    async def open(self) -> None:
        """Connect, and make sure that the schema can be used.

        Raises:
            StoreUnavailable: if it cannot be reached.
            StoreNotReady: if it can be reached and must not be used as it is.
        """
        ...

    @abstractmethod
    async def aclose(self) -> None:
        """Finish what has been sent and let go of every resource. Closing twice is allowed."""
        ...

    @abstractmethod
    async def ping(self) -> None:
        """Make one round trip.

        Raises:
            StoreUnavailable: if the store does not answer.
        """
        ...

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()
