"""The feed of changes, for a copy that holds nothing but some lists."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from taskharbor.application.narrowing.first_shown import AT_ONCE
from taskharbor.application.narrowing.narrowed_history import NarrowedHistory
from taskharbor.application.ports.change_feed import Change, ChangeSlice, Position, Tombstone
from taskharbor.application.ports.storage import Storage
from taskharbor.domain.identifiers import ListId, Revision, TaskId, WorkspaceId


class NarrowedChanges:
    """Reads what changed in the lists. A task that has gone out of them is a tombstone, as if it had been deleted."""

    def __init__(self, storage: Storage, lists: Collection[ListId], history: NarrowedHistory) -> None:
        self._storage = storage
        self._lists = lists
        self._history = history

    async def after(self, workspace: WorkspaceId, position: Position, limit: int) -> ChangeSlice:
        """Return what `ChangeFeed.list_changes` says.

        That a task went out is known from the history. So what is older than the history counts as purged.
        """
        items: list[Change] = []
        here, purged = position, 0
        first: ChangeSlice | None = None
        while True:
            found = await self._storage.list_changes(workspace, after=here, limit=AT_ONCE)
            first = first or found
            shown, missed = await self._shown(workspace, found.items, position)
            items += shown
            purged = max(purged, missed)
            if len(items) >= limit or len(found.items) < AT_ONCE:
                break
            here = Position(found.items[-1].revision, found.items[-1].id, position.seen)
        bounds = await self._storage.read_history_bounds(workspace)
        purged = max(purged, found.purged_revision, bounds.forgotten_revision)
        return replace(found, items=items[:limit], purged_revision=purged, seen_at=first.seen_at)

    async def _shown(
        self, workspace: WorkspaceId, changes: Sequence[Change], position: Position
    ) -> tuple[list[Change], Revision]:
        """Return what is shown of the changes, and the revision of the last tombstone that was purged meanwhile."""
        dead = [change.id for change in changes if isinstance(change, Tombstone)]
        trash = await self._storage.load_tasks(workspace, dead) if dead else {}
        list_of: Mapping[TaskId, ListId | None] = {
            change.id: (task.list if (task := trash.get(change.id)) else None)
            if isinstance(change, Tombstone)
            else change.list
            for change in changes
        }
        elsewhere = [change.id for change in changes if list_of[change.id] not in self._lists]
        left = await self._left(workspace, elsewhere, position)
        shown: list[Change] = []
        for change in changes:
            if change.id in left:
                shown.append(Tombstone(change.id, change.uid, change.revision, left[change.id]))
            elif list_of[change.id] in self._lists:
                shown.append(change)
        return shown, max((change.revision for change in changes if list_of[change.id] is None), default=0)

    async def _left(
        self, workspace: WorkspaceId, task_ids: Sequence[TaskId], position: Position
    ) -> Mapping[TaskId, datetime]:
        """Return when those of the tasks last went out of the lists that did so after `position`."""
        if not task_ids or not position.revision:
            return {}
        entries = await self._storage.list_history_since(workspace, task_ids, after=position.told_from)
        return {entry.task_id: entry.at for entry in reversed(entries) if self._history.goes_out(entry)}
