"""Commits that are taken only where the workspace is."""

import asyncio
from contextlib import suppress
from functools import partial
from typing import Final

from taskharbor.application.errors import ConcurrentUpdate, StoreUnavailable
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.shards.handed_ids import HandedIds
from taskharbor.application.shards.shard_directory import Closed, Place, ShardDirectory
from taskharbor.application.shards.shard_records import FENCE, entry_record, fence_record
from taskharbor.domain.fast_replace import replace
from taskharbor.domain.identifiers import SERVICE_WORKSPACE, Revision, WorkspaceId

LOOK_AGAIN: Final = 0.01
"""Seconds between two looks at a fence that is closed."""

PATIENCE: Final = 5.0
"""Seconds for which a fence may be closed; then the move is taken to be broken off, and whoever waits ends it."""


class FencedCommits:
    """Has each commit guard the fence of its workspace, so that it is refused if that has moved."""

    def __init__(self, directory: ShardDirectory, ids: HandedIds, *, patience: float = PATIENCE) -> None:
        self._directory = directory
        self._ids = ids
        self._patience = patience
        self._running = 0
        self._idle = asyncio.Event()
        self._waits: dict[WorkspaceId, asyncio.Task[None]] = {}

    async def commit(self, changes: Changeset) -> Revision:
        """Commit where the workspace is.

        Raises:
            ConcurrentUpdate: as any store does, or since the workspace has moved; then it is at its new place.
            StoreUnavailable: if the store, or the directory, cannot be asked.
        """
        self._running += 1
        try:
            place = await self._directory.place(changes.workspace)
            if changes.added:
                ids = [task.id for task in changes.added]
                if not self._ids.are_usable(changes.workspace, place.entry.shard, ids):
                    raise ConcurrentUpdate  # a retry takes others
            return await self._commit(changes, place)
        except Closed:
            await self._open_somewhere(changes.workspace)
            raise ConcurrentUpdate from None
        finally:
            self._running -= 1
            if not self._running:
                self._idle.set()

    def begin_where_known(self, changes: Changeset) -> asyncio.Future[Revision] | None:
        """Begin a commit at once if it is known where and behind which fence; None if `commit` is to find that out.

        One that is refused has what is known forgotten, so that the next try looks whether the workspace has moved.
        """
        workspace = changes.workspace
        place = self._directory.known(workspace)
        if place is None or not place.fence:
            return None
        ids = [task.id for task in changes.added]
        if ids and not self._ids.are_usable(workspace, place.entry.shard, ids):
            return None
        guards = {**changes.guarded_records, FENCE: place.fence}
        try:
            outcome = place.storage.begin_commit(replace(changes, guarded_records=guards))
        except ConcurrentUpdate:
            self._directory.forget(workspace)
            raise
        if outcome.done():  # whoever awaits it goes on at once
            self._note(workspace, outcome)
        else:
            outcome.add_done_callback(partial(self._note, workspace))
        return outcome

    def _note(self, workspace: WorkspaceId, outcome: asyncio.Future[Revision]) -> None:
        if not outcome.cancelled() and isinstance(outcome.exception(), ConcurrentUpdate):
            self._directory.forget(workspace)

    async def join(self) -> None:
        """Wait until all that was sent has ended."""
        while self._running:
            self._idle.clear()
            await self._idle.wait()

    async def reopen(self, workspace: WorkspaceId, place: Place, closed: Revision) -> None:
        """Have commits be taken where the directory says, in spite of a fence that was read there as closed.

        The directory is written first: whoever is about to move the workspace cannot name another place any more.

        Raises:
            ConcurrentUpdate: if somebody else has changed the directory, or the fence.
        """
        entry = entry_record(workspace, place.entry)
        await self._directory.home.commit(Changeset(workspace=SERVICE_WORKSPACE, records=(entry,)))
        await write_fence(place.storage, workspace, is_open=True, revision=closed)

    async def _commit(self, changes: Changeset, place: Place) -> Revision:
        workspace = changes.workspace
        while not (fence := await self._fence_of(workspace, place)):
            async with place.first.taken():
                if place.fence == 0:
                    return await self._first_commit(changes, place)
        guards = {**changes.guarded_records, FENCE: fence}
        try:
            return await place.storage.commit(replace(changes, guarded_records=guards))
        except ConcurrentUpdate:
            # If the fence has another revision it was closed in the meantime, and is open again: the next try has it.
            await self._directory.require_fence(workspace, place)
            raise

    async def _fence_of(self, workspace: WorkspaceId, place: Place) -> Revision:
        return await self._directory.require_fence(workspace, place) if place.fence is None else place.fence

    async def _first_commit(self, changes: Changeset, place: Place) -> Revision:
        fence = fence_record(is_open=True, revision=0)
        place.fence = None  # if it is not known how this ends, it is looked up
        try:
            place.fence = await place.storage.commit(replace(changes, records=(*changes.records, fence)))
        except ConcurrentUpdate:
            if await self._directory.require_fence(changes.workspace, place) == 0:
                raise
            return await self._commit(changes, place)  # another process has made it
        return place.fence

    async def _open_somewhere(self, workspace: WorkspaceId) -> None:
        """Return when the fence is open where the directory says. Many callers wait as one."""
        waiting = self._waits.get(workspace)
        if waiting is None:
            waiting = self._waits[workspace] = asyncio.create_task(self._wait(workspace))
            waiting.add_done_callback(partial(self._waited, workspace))
        await asyncio.shield(waiting)

    def _waited(self, workspace: WorkspaceId, waiting: asyncio.Task[None]) -> None:
        self._waits.pop(workspace, None)
        if not waiting.cancelled():
            waiting.exception()  # everybody who waited has it, if anybody still does

    async def _wait(self, workspace: WorkspaceId) -> None:
        clock = asyncio.get_running_loop().time
        began = clock()
        has_tried = False
        while True:
            self._directory.forget(workspace)
            place = await self._directory.look_up(workspace)
            if place is None:
                return
            try:
                await self._directory.require_fence(workspace, place)
            except Closed:
                pass
            else:
                return
            waited = clock() - began
            if has_tried and waited > 2 * self._patience:
                raise StoreUnavailable(f"workspace {workspace} is being moved")
            if waited > self._patience:
                await self._end_move(workspace, place)
                has_tried = True
            else:
                await asyncio.sleep(LOOK_AGAIN)

    async def _end_move(self, workspace: WorkspaceId, place: Place) -> None:
        fence = (await place.storage.load_records(workspace, [FENCE])).get(FENCE)
        latest = await self._directory.look_up(workspace)
        if fence is None or latest is None or latest.entry != place.entry:
            return
        with suppress(ConcurrentUpdate):  # whoever was faster has a reason
            await self.reopen(workspace, place, fence.revision)


async def write_fence(
    storage: Storage, workspace: WorkspaceId, *, is_open: bool, revision: Revision | None
) -> Revision:
    """Write the fence of a workspace in a store; return its revision.

    Args:
        storage: the store.
        workspace: the workspace.
        is_open: whether commits are taken there.
        revision: at which the fence was read; None if it may be any.

    Raises:
        ConcurrentUpdate: if it has another one.
    """
    if revision is None:
        found = (await storage.load_records(workspace, [FENCE])).get(FENCE)
        revision = 0 if found is None else found.revision
    record = fence_record(is_open=is_open, revision=revision)
    return await storage.commit(Changeset(workspace=workspace, records=(record,)))
