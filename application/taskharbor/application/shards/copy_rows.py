"""Copies the rows of a workspace from one store to another, while they change."""

from collections.abc import AsyncIterator, Sequence
from typing import Final

from taskharbor.application.errors import ConcurrentUpdate
from taskharbor.application.ports.change_feed import Position
from taskharbor.application.ports.record_store import Record, RecordKey
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_history import OF_RECORDS, HistoryEntry
from taskharbor.application.ports.workspace_copies import CopiedRows, Fence, WorkspaceCopies, WorkspaceRows
from taskharbor.application.shards.shard_records import FENCE
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import MAX_ID, Revision, WorkspaceId

AT_ONCE: Final = 200
"""Tasks, records and entries of one step."""

ERASED_AT_ONCE: Final = 2_000


def copies_of(storage: Storage) -> WorkspaceCopies:
    """Return a store as one whose rows can be copied.

    Raises:
        InvalidValue: for `shard`, if they cannot.
    """
    if not isinstance(storage, WorkspaceCopies):
        raise InvalidValue("shard", "must be a store whose workspaces can be moved, such as PostgreSQL")
    return storage


class Copying:
    """Knows how far it has come.

    Args:
        workspace: the workspace.
        source: where it is.
        rows_of_source: the same store.
        target: where it goes.
        fence: that of the workspace there, which tells this move from another one.

    Attributes:
        rows: how many rows were written.
    """

    def __init__(
        self,
        workspace: WorkspaceId,
        source: Storage,
        rows_of_source: WorkspaceCopies,
        target: WorkspaceCopies,
        fence: Fence,
    ) -> None:
        self._workspace = workspace
        self._source = source
        self._rows_of_source = rows_of_source
        self._target = target
        self._fence = fence
        self._begun: Revision | None = None
        self._done: Revision = 0
        self.rows = 0

    async def erase(self) -> None:
        """Take away what an earlier stay, or an earlier move, has left at the target."""
        while await self._target.erase_copy(self._workspace, fence=self._fence, limit=ERASED_AT_ONCE):
            pass

    async def catch_up(self) -> None:
        """Copy what the commits since the last time have changed; the first time, everything."""
        reached = (await self._source.read_history_bounds(self._workspace)).revision
        if self._begun is None:
            self._begun = reached
        async for rows in self._changed():
            self.rows += len(rows.tasks) + len(rows.records) + len(rows.history)
            await self._target.write_copy(self._workspace, CopiedRows(rows=rows), fence=self._fence)
        self._done = reached

    async def finish(self) -> None:
        """Copy the rest of a workspace that takes no commits any more.

        Raises:
            ConcurrentUpdate: if tasks have been purged that were deleted meanwhile: copies of them may be left.
        """
        await self.catch_up()
        head = await self._rows_of_source.read_head(self._workspace)
        if head.bounds.purged_revision > (self._begun or 0):
            raise ConcurrentUpdate
        await self._target.write_copy(self._workspace, CopiedRows(head=head), fence=self._fence)

    async def _changed(self) -> AsyncIterator[WorkspaceRows]:
        here = Position(self._done)
        while True:
            changes = (await self._source.list_changes(self._workspace, after=here, limit=AT_ONCE)).items
            if changes:
                ids = [change.id for change in changes]
                tasks = await self._source.load_tasks(self._workspace, ids)
                entries = await self._source.list_history_since(self._workspace, ids, after=self._done)
                yield WorkspaceRows(tasks=[*tasks.values()], history=entries[::-1])
                here = Position(changes[-1].revision, changes[-1].id)
            if len(changes) < AT_ONCE:
                break
        async for entries in self._of_records():
            yield WorkspaceRows(history=entries)
        async for records in self._records():
            yield WorkspaceRows(records=records)

    async def _of_records(self) -> AsyncIterator[Sequence[HistoryEntry]]:
        before = MAX_ID
        while True:
            found = await self._source.list_history(self._workspace, OF_RECORDS, before=before, limit=AT_ONCE)
            new = [entry for entry in found if entry.revision > self._done]
            if new:
                yield new[::-1]
                before = new[-1].revision
            if len(new) < AT_ONCE:
                return

    async def _records(self) -> AsyncIterator[Sequence[Record]]:
        after: RecordKey | None = None
        while True:
            found = await self._rows_of_source.scan_records(
                self._workspace, since=self._done, after=after, limit=AT_ONCE
            )
            if copied := [record for record in found if record.found_by != FENCE]:
                yield copied
            if len(found) < AT_ONCE:
                return
            after = found[-1].found_by
