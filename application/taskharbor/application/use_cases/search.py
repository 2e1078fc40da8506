"""The use cases that look for tasks, as one object, ready to call."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar, Unpack

from taskharbor.application.calls import CallContext
from taskharbor.application.ports.clock import Clock
from taskharbor.application.ports.filter_parser import FilterParser
from taskharbor.application.ports.storage import Storage
from taskharbor.application.saved_filters.manage_saved_filters import (
    ChangeSavedFilter,
    DeleteSavedFilter,
    GetSavedFilter,
    SaveFilter,
    change_saved_filter,
    delete_saved_filter,
    get_saved_filter,
    list_saved_filters,
    save_filter,
)
from taskharbor.application.saved_filters.saved_filter import SavedFilter
from taskharbor.application.search.change_matching import (
    ChangeMatching,
    Handler,
    MatchingOutcome,
    change_matching_alone,
)
from taskharbor.application.search.count_tasks import CountFacets, CountTasks, Facets, count_facets, count_tasks
from taskharbor.application.search.cursors import Cursors
from taskharbor.application.search.find_tasks import FindTasks, FoundTasks, find_tasks
from taskharbor.application.search.find_tasks_as_of import FindTasksAsOf, find_tasks_as_of
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.identifiers import WorkspaceId
from taskharbor.domain.search.urgency import UrgencyWeights

R = TypeVar("R")


class Transact(Protocol):
    """Runs work in a unit of work, and again if somebody else committed first."""

    def __call__(
        self, work: Callable[[UnitOfWork], Awaitable[R]], command: object, context: CallContext, /
    ) -> Awaitable[R]:
        """Return what `work` returns, which carries out `command` and commits."""
        ...


class SearchUseCases:
    """Finds, counts and changes the tasks that a filter is after, and keeps filters under names.

    What each raises is said by the function of the same name; all raise `StoreUnavailable` when the store cannot be
    asked.
    """

    def __init__(
        self,
        storage: Storage,
        *,
        clock: Clock,
        reader: FilterParser,
        cursors: Cursors,
        weights: UrgencyWeights,
        transact: Transact,
        handle: Handler,
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._reader = reader
        self._cursors = cursors
        self._weights = weights
        self._transact = transact
        self._handle = handle

    async def find_tasks(self, query: FindTasks, *, workspace: WorkspaceId) -> FoundTasks:
        """Return a page of tasks."""
        return await find_tasks(
            query,
            self._storage,
            workspace,
            reader=self._reader,
            cursors=self._cursors,
            weights=self._weights,
            now=self._clock.now(),
        )

    async def find_tasks_as_of(self, query: FindTasksAsOf, *, workspace: WorkspaceId) -> FoundTasks:
        """Return a page of tasks as they were."""
        return await find_tasks_as_of(
            query, self._storage, workspace, reader=self._reader, cursors=self._cursors, now=self._clock.now()
        )

    async def count_tasks(self, query: CountTasks, *, workspace: WorkspaceId) -> int:
        """Return how many tasks there are."""
        return await count_tasks(query, self._storage, workspace, reader=self._reader, now=self._clock.now())

    async def count_facets(self, query: CountFacets, *, workspace: WorkspaceId) -> Facets:
        """Return how many tasks there are of each sort."""
        return await count_facets(query, self._storage, workspace, reader=self._reader, now=self._clock.now())

    async def change_matching(self, command: ChangeMatching, **context: Unpack[CallContext]) -> MatchingOutcome:
        """Change all tasks that match."""
        return await self._transact(
            lambda uow: change_matching_alone(command, uow, self._storage, reader=self._reader, handle=self._handle),
            command,
            context,
        )

    async def save_filter(self, command: SaveFilter, **context: Unpack[CallContext]) -> SavedFilter:
        """Keep a new filter."""
        return await self._change_filter(lambda uow: save_filter(command, uow, reader=self._reader), command, context)

    async def change_saved_filter(self, command: ChangeSavedFilter, **context: Unpack[CallContext]) -> SavedFilter:
        """Change a saved filter."""
        return await self._change_filter(
            lambda uow: change_saved_filter(command, uow, reader=self._reader), command, context
        )

    async def delete_saved_filter(self, command: DeleteSavedFilter, **context: Unpack[CallContext]) -> SavedFilter:
        """Forget a saved filter; return it with the revision in which it was forgotten."""
        return await self._change_filter(lambda uow: delete_saved_filter(command, uow), command, context)

    async def get_saved_filter(self, query: GetSavedFilter, *, workspace: WorkspaceId) -> SavedFilter:
        """Return one saved filter."""
        return await get_saved_filter(query, self._storage, workspace)

    async def list_saved_filters(self, *, workspace: WorkspaceId) -> Sequence[SavedFilter]:
        """Return all saved filters, in the order of their names."""
        return await list_saved_filters(self._storage, workspace)

    async def _change_filter(
        self, work: Callable[[UnitOfWork], Awaitable[SavedFilter]], command: object, context: CallContext
    ) -> SavedFilter:
        async def whole(uow: UnitOfWork) -> SavedFilter:
            saved = await work(uow)
            revision = await uow.commit()
            return saved if revision is None else replace(saved, revision=revision)

        return await self._transact(whole, command, context)
