"""The use cases that deal with what was, as one object, ready to call."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Final

from taskharbor.application.access.purge_workspaces import purge_deleted_workspaces
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.history.as_of import (
    GetTaskAsOf,
    ListTasksAsOf,
    SnapshotPage,
    get_task_as_of,
    list_tasks_as_of,
)
from taskharbor.application.history.list_history import HistoryPage, ListHistory, list_history
from taskharbor.application.history.purge import Purge, purge, purge_all
from taskharbor.application.history.trash import ListTrash, TrashPage, list_trash
from taskharbor.application.lists.list_records import LIST
from taskharbor.application.ports.clock import Clock
from taskharbor.application.ports.housekeeping import Purged
from taskharbor.application.ports.storage import Storage
from taskharbor.application.reminders.schedule_stored import forget_rules
from taskharbor.application.saved_filters.saved_filter import KIND as FILTER
from taskharbor.application.sync.follow_changes import FollowChanges, follow_changes
from taskharbor.application.sync.list_changes import ChangePage
from taskharbor.application.sync.watches import Watches
from taskharbor.application.webhooks.forget_webhooks import forget_webhooks
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE, WorkspaceId

LASTING_KINDS: Final = (LIST, FILTER)
"""The kinds of records that do not expire, and have to go with their workspace."""


class HistoryUseCases:
    """Reads past states, undoes commits and purges.

    What each raises is said by the function of the same name; all raise `StoreUnavailable` when the store cannot be
    asked.
    """

    def __init__(self, storage: Storage, *, clock: Clock, watches: Watches) -> None:
        self._storage = storage
        self._clock = clock
        self._watches = watches

    async def list_history(self, query: ListHistory, *, workspace: WorkspaceId = DEFAULT_WORKSPACE) -> HistoryPage:
        """Return what was done to a task."""
        return await list_history(query, self._storage, workspace)

    async def get_task_as_of(self, query: GetTaskAsOf, *, workspace: WorkspaceId = DEFAULT_WORKSPACE) -> TaskView:
        """Return a task as it was."""
        return await get_task_as_of(query, self._storage, workspace, now=self._clock.now())

    async def list_tasks_as_of(
        self, query: ListTasksAsOf, *, workspace: WorkspaceId = DEFAULT_WORKSPACE
    ) -> SnapshotPage:
        """Return a page of tasks as they were."""
        return await list_tasks_as_of(query, self._storage, workspace, now=self._clock.now())

    async def list_trash(self, query: ListTrash, *, workspace: WorkspaceId = DEFAULT_WORKSPACE) -> TrashPage:
        """Return a page of deleted tasks."""
        return await list_trash(query, self._storage, workspace)

    def follow_changes(
        self, query: FollowChanges, *, workspace: WorkspaceId = DEFAULT_WORKSPACE
    ) -> AsyncIterator[ChangePage]:
        """Yield what has changed since a token, and what changes from now on."""
        return follow_changes(query, self._storage, self._watches, workspace)

    async def purge(self, command: Purge, *, workspace: WorkspaceId | None = None) -> Purged:
        """Take away for good what has been kept long enough, in one workspace or in all; and all of deleted ones."""
        now = self._clock.now()
        if workspace is None:
            deleted = await purge_deleted_workspaces(self._storage, LASTING_KINDS, forget=_forget, now=now)
            return deleted + await purge_all(command, self._storage, now=now)
        return await purge(command, self._storage, workspace, now=now)


async def _forget(workspace: WorkspaceId, store: Storage, *, now: datetime) -> None:
    await forget_webhooks(workspace, store, now=now)
    await forget_rules(workspace, store, now=now)
