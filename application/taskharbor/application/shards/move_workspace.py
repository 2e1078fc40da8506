"""Move a workspace to another store while it is used.

Its rows are copied while it is written, and again what has changed meanwhile, until that takes little time. Then its
fence is closed, so that no commit is taken any more; the rest is copied, the directory names the new place, and the
fence there is opened. That pause is all that writers notice: those who come meanwhile wait, and go to the new place.
Whatever breaks off, the directory names one place, and only there the fence can be open.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from taskharbor.application.errors import ConcurrentUpdate, WorkspaceNotFound
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.ports.workspace_copies import Fence
from taskharbor.application.shards.announcement import announced
from taskharbor.application.shards.copy_rows import ERASED_AT_ONCE, Copying, copies_of
from taskharbor.application.shards.fenced_commits import FencedCommits, write_fence
from taskharbor.application.shards.shard_directory import Place, ShardDirectory
from taskharbor.application.shards.shard_records import FENCE, Entry, entry_record
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import SERVICE_WORKSPACE, Revision, WorkspaceId

GRACE: Final = 10.0
"""Seconds after which what is left at the old place is erased: reads that began before may go on until then."""

SHORT: Final = 0.1
"""Seconds that the last copying before the pause may have taken."""

MOST_ROUNDS: Final = 100


class MoveBrokenOff(Exception):
    """The workspace stays where it is."""

    def __init__(self, workspace: WorkspaceId, reason: str) -> None:
        super().__init__(f"Workspace {workspace} stays where it is: {reason}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What a move did.

    Attributes:
        from_shard: where the workspace was.
        to_shard: where it is.
        rows: how many rows were copied, those twice that changed meanwhile.
        pause: seconds for which no commit was taken.
    """

    from_shard: str
    to_shard: str
    rows: int
    pause: float


async def move_workspace(
    workspace: WorkspaceId, to: str, directory: ShardDirectory, commits: FencedCommits, *, grace: float = GRACE
) -> Moved:
    """Move it. One that is there already is only erased in the other stores, where a move that broke off has left it.

    Args:
        workspace: the workspace.
        to: the name of the store.
        directory: of a process of its own, or of one that has taken no ids in this workspace.
        commits: on the same directory.
        grace: seconds between the move and the erasure of what it leaves behind.

    Raises:
        InvalidValue: for `shard`, if it is unknown, or for a store whose rows cannot be copied.
        WorkspaceNotFound: if nobody has written to the workspace.
        MoveBrokenOff: if it cannot be finished; then it is where it was.
        StoreUnavailable: if a store cannot be asked. Where the workspace is then, the directory says.
    """
    if to not in directory.stores:
        raise InvalidValue("shard", f"must be one of {', '.join(sorted(directory.stores))}")
    if await directory.find(workspace) is None and not (await directory.home.read_history_bounds(workspace)).revision:
        raise WorkspaceNotFound(workspace)
    placed = await directory.place(workspace)
    before = await directory.look_up(workspace) or placed
    moved = Moved(from_shard=before.entry.shard, to_shard=to, rows=0, pause=0)
    # Read before the move begins: another one may come that begins later, and is over before this one goes on.
    at_target = await _fence_of(workspace, directory.stores[to])
    try:
        async with announced(workspace, directory.home, before.entry) as yours:
            entry = yours
            if entry.shard != to:
                place = Place(before.storage, entry)
                moved, entry = await _move(workspace, at_target, moved, place, directory, commits)
    except ConcurrentUpdate:
        raise MoveBrokenOff(workspace, "another move of it has begun") from None
    if moved.from_shard != to:
        await asyncio.sleep(grace)
    with suppress(ConcurrentUpdate):  # another move to there has begun, which erases what is left
        for name, store in directory.stores.items():
            if name != to:
                await _erase(workspace, store, entry, directory)
    return moved


async def _move(
    workspace: WorkspaceId,
    at_target: Revision,
    move: Moved,
    place: Place,
    directory: ShardDirectory,
    commits: FencedCommits,
) -> tuple[Moved, Entry]:
    """Return what was done, and what the directory says now.

    Raises:
        ConcurrentUpdate: if another move has begun.
    """
    clock = asyncio.get_running_loop().time
    began = clock()
    source, target = copies_of(place.storage), directory.stores[move.to_shard]
    arrival = await write_fence(target, workspace, is_open=False, revision=at_target)
    copying = Copying(workspace, place.storage, source, copies_of(target), Fence(FENCE, arrival))
    await copying.erase()
    for _ in range(MOST_ROUNDS):
        round_began = clock()
        await copying.catch_up()
        if clock() - round_began < SHORT:
            break
    await asyncio.sleep(max(0, began + 2 * directory.lease - clock()))
    await _require_latest(workspace, place.entry, directory)
    pause_began = clock()
    closed = await write_fence(place.storage, workspace, is_open=False, revision=None)
    entry = Entry(move.to_shard, has_moved=True, revision=place.entry.revision)
    try:
        await copying.finish()
        changed = Changeset(workspace=SERVICE_WORKSPACE, records=(entry_record(workspace, entry),))
        entry = replace(entry, revision=await directory.home.commit(changed))
    except ConcurrentUpdate:
        # Another move may have begun since it was looked for; it closes the fence itself when it comes to that.
        with suppress(ConcurrentUpdate):  # it has done so, or whoever waited has opened it
            await write_fence(place.storage, workspace, is_open=True, revision=closed)
        raise MoveBrokenOff(workspace, "another move of it has begun, or this one took too long") from None
    except BaseException:
        with suppress(ConcurrentUpdate):  # the directory has been changed, or whoever waited for it has done so
            await commits.reopen(workspace, place, closed)
        raise
    with suppress(ConcurrentUpdate):  # whoever waited for it has opened it, or another move has begun from there
        await write_fence(target, workspace, is_open=True, revision=arrival)
    return replace(move, rows=copying.rows, pause=clock() - pause_began), entry


async def _require_latest(workspace: WorkspaceId, entry: Entry, directory: ShardDirectory) -> None:
    """Make sure that the directory has this entry still.

    Raises:
        ConcurrentUpdate: if another move of the workspace has begun.
    """
    latest = await directory.look_up(workspace)
    if latest is None or latest.entry != entry:
        raise ConcurrentUpdate


async def _fence_of(workspace: WorkspaceId, storage: Storage) -> Revision:
    found = (await storage.load_records(workspace, [FENCE])).get(FENCE)
    return 0 if found is None else found.revision


async def _erase(workspace: WorkspaceId, storage: Storage, entry: Entry, directory: ShardDirectory) -> None:
    """Erase what is left in a store that the workspace is not in.

    Raises:
        ConcurrentUpdate: if another move of it has begun, which may be to there.
    """
    store = copies_of(storage)
    revision = await _fence_of(workspace, storage)
    if not revision:
        return
    # In this order: a move that begins after the look at the directory writes the fence that was read.
    await _require_latest(workspace, entry, directory)
    fence = Fence(FENCE, revision)
    while await store.erase_copy(workspace, fence=fence, limit=ERASED_AT_ONCE):
        pass
