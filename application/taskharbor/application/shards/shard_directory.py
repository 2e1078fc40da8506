"""Where each workspace is, as one process knows it.

What was looked up is kept, and dropped as soon as any workspace is moved: which ones are is looked at, in one record,
before a call that comes more than a quarter of a second after the last look. A move waits for longer than that between
its announcement and its end, so nobody reads where a workspace was when it has begun to be written elsewhere. That
nobody writes there does not rest on time but on the fence.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from taskharbor.application.errors import ConcurrentUpdate, StoreNotReady
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.shards.shard_records import (
    FENCE,
    HOME,
    MOVES,
    Entry,
    entry_from,
    entry_key,
    entry_record,
    is_open,
    moving_by,
)
from taskharbor.application.store_turn import StoreTurn
from taskharbor.domain.identifiers import SERVICE_WORKSPACE, Revision, WorkspaceId

LEASE: Final = 0.25
"""Seconds for which it is relied on that no workspace has begun to be moved."""

MOST_PLACES: Final = 10_000
"""Workspaces of which it is remembered where they are; others are looked up for each call."""


@dataclass(slots=True)
class Place:
    """Where a workspace is.

    Attributes:
        storage: the store.
        entry: what the directory says.
        fence: the revision of the fence there; 0 if there is none yet, None if that has not been looked up.
        first: held by the commit that makes the fence.
    """

    storage: Storage
    entry: Entry
    fence: Revision | None = None
    first: StoreTurn = field(default_factory=StoreTurn)


class Closed(Exception):
    """The workspace is being moved, or has been: its fence is closed."""


class ShardDirectory:
    """Looks up where workspaces are.

    Args:
        stores: the stores by their names, `HOME` among them. New workspaces go to the others, if there are any.
        lease: see `LEASE`.
    """

    def __init__(self, stores: Mapping[str, Storage], *, lease: float = LEASE) -> None:
        self.stores = stores
        self.lease = lease
        self.home = stores[HOME]
        self._places: OrderedDict[WorkspaceId, Place] = OrderedDict()
        self._moving: frozenset[WorkspaceId] = frozenset()
        self._moves: Revision = -1
        self._looked_at = float("-inf")
        self._looking = StoreTurn()

    async def find(self, workspace: WorkspaceId) -> Place | None:
        """Return where a workspace is; None if nobody has written to it.

        Raises:
            StoreNotReady: if the directory names a store that is unknown here.
            StoreUnavailable: if the directory cannot be asked.
        """
        if asyncio.get_running_loop().time() >= self._looked_at + self.lease:
            await self._look_for_moves()
        known = self._places.get(workspace)
        if known is not None:
            return known
        moves = self._moves
        place = await self.look_up(workspace)
        if place is not None and moves == self._moves and workspace not in self._moving:
            # Another call may have been faster: all share what they learn of the fence.
            place = self._places.setdefault(workspace, place)
            if len(self._places) > MOST_PLACES:
                self._places.popitem(last=False)
        return place

    def known(self, workspace: WorkspaceId) -> Place | None:
        """Return where a workspace is if that can be relied on without a look."""
        is_recent = asyncio.get_running_loop().time() < self._looked_at + self.lease
        return self._places.get(workspace) if is_recent else None

    async def look_up(self, workspace: WorkspaceId) -> Place | None:
        """Return where the directory says that a workspace is; None if it says nothing."""
        key = entry_key(workspace)
        record = (await self.home.load_records(SERVICE_WORKSPACE, [key])).get(key)
        if record is None:
            return None
        entry = entry_from(record)
        return Place(self.store(entry.shard, workspace), entry)

    def store(self, name: str, workspace: WorkspaceId) -> Storage:
        """Return a store by its name.

        Raises:
            StoreNotReady: if it is unknown.
        """
        storage = self.stores.get(name)
        if storage is None:
            raise StoreNotReady(
                f"The directory says that workspace {workspace} is on the shard {name}, which is not among those named",
                remedy="name it in TASKHARBOR_SHARDS",
            )
        return storage

    async def place(self, workspace: WorkspaceId) -> Place:
        """Return where a workspace is; choose a store for one that is new.

        One that home had before there was a directory stays there.
        """
        while (found := await self.find(workspace)) is None:
            is_at_home = (await self.home.read_history_bounds(workspace)).revision > 0
            shard = HOME if is_at_home else self._chosen(workspace)
            record = entry_record(workspace, Entry(shard, has_moved=False, revision=0))
            with suppress(ConcurrentUpdate):  # another call has placed it
                await self.home.commit(Changeset(workspace=SERVICE_WORKSPACE, records=(record,)))
        return found

    async def require_fence(self, workspace: WorkspaceId, place: Place) -> Revision:
        """Return the revision of the fence there, 0 if there is none yet.

        Raises:
            Closed: if it is closed.
            StoreNotReady: if it is missing though the workspace was moved there.
        """
        record = (await place.storage.load_records(workspace, [FENCE])).get(FENCE)
        if record is None and place.entry.has_moved:
            raise StoreNotReady(
                f"Workspace {workspace} is not on the shard {place.entry.shard}, to which it was moved",
                remedy="restore the latest backup of that shard, or name its database in TASKHARBOR_SHARDS",
            )
        if record is not None and not is_open(record):
            raise Closed
        place.fence = 0 if record is None else record.revision
        return place.fence

    def forget(self, workspace: WorkspaceId) -> None:
        """Look a workspace up anew when it is asked for next."""
        self._places.pop(workspace, None)

    def clear(self) -> None:
        """Forget everything."""
        self._places.clear()
        self._looked_at = float("-inf")

    async def _look_for_moves(self) -> None:
        async with self._looking.taken():
            now = asyncio.get_running_loop().time()
            if now < self._looked_at + self.lease:
                return
            record = (await self.home.load_records(SERVICE_WORKSPACE, [MOVES])).get(MOVES)
            revision = 0 if record is None else record.revision
            if revision != self._moves:
                self._moves, self._moving = revision, frozenset(moving_by(record))
                self._places.clear()
            self._looked_at = now

    def _chosen(self, workspace: WorkspaceId) -> str:
        """Return the same store for the same name, whoever asks; few change if there is one more."""
        names = [name for name in self.stores if name != HOME] or [HOME]
        return max(names, key=lambda name: sha256(f"{name} {workspace}".encode()).digest())
