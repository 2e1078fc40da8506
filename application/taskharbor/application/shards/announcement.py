"""Tells all processes that a workspace is being moved, so that they look up where it is for each call."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace

from taskharbor.application.errors import ConcurrentUpdate
from taskharbor.application.ports.record_store import Record
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.shards.shard_records import (
    MOVES,
    Entry,
    entry_key,
    entry_record,
    moves_record,
    moving_by,
)
from taskharbor.domain.identifiers import SERVICE_WORKSPACE, Revision, WorkspaceId


@asynccontextmanager
async def announced(workspace: WorkspaceId, home: Storage, entry: Entry) -> AsyncIterator[Entry]:
    """Name the workspace among those that are being moved until the block is left, or another move of it begins.

    Its entry gets another revision in the same step: a move that began before cannot change the entry any more, and
    whoever has this one back knows whether another move has begun since.

    Raises:
        ConcurrentUpdate: if the directory has another entry.
    """
    yours = await _begin(workspace, home, entry)
    try:
        yield yours
    finally:
        await _end(workspace, home, entry.revision)


async def _begin(workspace: WorkspaceId, home: Storage, entry: Entry) -> Entry:
    key = entry_key(workspace)
    while True:
        found = await home.load_records(SERVICE_WORKSPACE, [MOVES, key])
        if key not in found or found[key].revision != entry.revision:
            raise ConcurrentUpdate
        moves = found.get(MOVES)
        changed = _moves({**moving_by(moves), workspace: entry.revision}, moves)
        try:
            revision = await home.commit(
                Changeset(workspace=SERVICE_WORKSPACE, records=(changed, entry_record(workspace, entry)))
            )
        except ConcurrentUpdate:
            continue
        return replace(entry, revision=revision)


async def _end(workspace: WorkspaceId, home: Storage, began_with: Revision) -> None:
    while True:
        moves = (await home.load_records(SERVICE_WORKSPACE, [MOVES])).get(MOVES)
        moving = dict(moving_by(moves))
        if moving.get(workspace) != began_with:
            return  # it is named for another move
        del moving[workspace]
        try:
            await home.commit(Changeset(workspace=SERVICE_WORKSPACE, records=(_moves(moving, moves),)))
        except ConcurrentUpdate:
            continue
        return


def _moves(moving: Mapping[WorkspaceId, Revision], before: Record | None) -> Record:
    return moves_record(moving, 0 if before is None else before.revision)
