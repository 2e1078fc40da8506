"""The use cases that look for tasks, as one object, ready to call."""

from collections.abc import Sequence

from taskharbor.application.ports.clock import Clock
from taskharbor.application.ports.filter_parser import FilterParser
from taskharbor.application.ports.storage import Storage
from taskharbor.application.saved_filters.manage_saved_filters import get_saved_filter, list_saved_filters
from taskharbor.application.saved_filters.saved_filter import SavedFilter
from taskharbor.application.search.count_tasks import CountFacets, CountTasks, Facets, count_facets, count_tasks
from taskharbor.application.search.cursor_key import CursorKey
from taskharbor.application.search.find_tasks import FindTasks, FoundTasks, find_tasks
from taskharbor.application.search.find_tasks_as_of import FindTasksAsOf, find_tasks_as_of
from taskharbor.domain.identifiers import WorkspaceId
from taskharbor.domain.search.urgency_weights import UrgencyWeights


class SearchUseCases:
    """Finds and counts the tasks that match a filter, and reads saved filters.

    What each raises is said by the function of the same name; all raise `StoreUnavailable` when the store cannot be
    asked.
    """

    def __init__(
        self,
        storage: Storage,
        *,
        clock: Clock,
        reader: FilterParser,
        cursor_key: CursorKey,
        weights: UrgencyWeights,
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._reader = reader
        self._cursor_key = cursor_key
        self._weights = weights

    async def find_tasks(self, query: FindTasks, *, workspace: WorkspaceId) -> FoundTasks:
        """Return a page of tasks."""
        return await find_tasks(
            query,
            self._storage,
            workspace,
            reader=self._reader,
            cursor_key=self._cursor_key,
            weights=self._weights,
            now=self._clock.now(),
        )

    async def find_tasks_as_of(self, query: FindTasksAsOf, *, workspace: WorkspaceId) -> FoundTasks:
        """Return a page of tasks as they were."""
        return await find_tasks_as_of(
            query, self._storage, workspace, reader=self._reader, cursor_key=self._cursor_key, now=self._clock.now()
        )

    async def count_tasks(self, query: CountTasks, *, workspace: WorkspaceId) -> int:
        """Return how many tasks there are."""
        return await count_tasks(query, self._storage, workspace, reader=self._reader, now=self._clock.now())

    async def count_facets(self, query: CountFacets, *, workspace: WorkspaceId) -> Facets:
        """Return how many tasks there are of each sort."""
        return await count_facets(query, self._storage, workspace, reader=self._reader, now=self._clock.now())

    async def get_saved_filter(self, name: str, *, workspace: WorkspaceId) -> SavedFilter:
        """Return one saved filter."""
        return await get_saved_filter(name, self._storage, workspace)

    async def list_saved_filters(self, *, workspace: WorkspaceId) -> Sequence[SavedFilter]:
        """Return all saved filters, in the order of their names."""
        return await list_saved_filters(self._storage, workspace)
