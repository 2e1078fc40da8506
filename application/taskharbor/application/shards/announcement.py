"""Tells all processes that a workspace is being moved, so that they look up where it is for each call."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from taskharbor.application.errors import ConcurrentUpdate
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_store import Changeset
from taskharbor.application.shards.shard_records import MOVES, moves_record, moving_by
from taskharbor.domain.identifiers import SERVICE_WORKSPACE, WorkspaceId


@asynccontextmanager
async def announced(workspace: WorkspaceId, home: Storage) -> AsyncIterator[None]:
    """Name the workspace among those that are being moved until the block is left."""
    await _announce(workspace, home, is_moving=True)
    try:
        yield
    finally:
        await _announce(workspace, home, is_moving=False)


async def _announce(workspace: WorkspaceId, home: Storage, *, is_moving: bool) -> None:
    while True:
        record = (await home.load_records(SERVICE_WORKSPACE, [MOVES])).get(MOVES)
        moving = moving_by(record) - {workspace} | ({workspace} if is_moving else set())
        changed = moves_record(moving, 0 if record is None else record.revision)
        try:
            await home.commit(Changeset(workspace=SERVICE_WORKSPACE, records=(changed,)))
        except ConcurrentUpdate:
            continue
        return
