"""Rows of one workspace in memory, as they come from another store and go there."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

from taskharbor.adapters.memory.workspace import InMemoryWorkspace
from taskharbor.application.errors import ConcurrentUpdate
from taskharbor.application.ports.record_store import Record, RecordKey
from taskharbor.application.ports.workspace_copies import CopiedRows, Fence, WorkspaceHead
from taskharbor.domain.identifiers import Revision


def head_of(workspace: InMemoryWorkspace) -> WorkspaceHead:
    """Return what the workspace is as a whole."""
    latest: datetime | None = None
    set_back = timedelta(0)
    for at in workspace.history.times():
        latest = at if latest is None else max(latest, at)
        set_back = max(set_back, latest - at)
    return WorkspaceHead(
        bounds=workspace.extent, next_task_id=workspace.last_id + 1, latest_at=latest, set_back=set_back
    )


def records_since(workspace: InMemoryWorkspace, since: Revision, after: RecordKey | None, limit: int) -> list[Record]:
    """Return records by their keys, removed ones too."""
    keys = sorted(key for key in workspace.records if after is None or key > after)
    return list(islice((record for key in keys if (record := workspace.records[key]).revision > since), limit))


def write_copy(workspace: InMemoryWorkspace, copy: CopiedRows, fence: Fence) -> None:
    """Put the rows in their places."""
    require(workspace, fence)
    for task in copy.rows.tasks:
        workspace.replace(task)
    for record in copy.rows.records:
        workspace.records[record.found_by] = record
    for entry in copy.rows.history:
        workspace.history.put(entry)
    if copy.head is not None:
        bounds, now = copy.head.bounds, workspace.extent
        workspace.extent = replace(
            bounds,
            revision=max(bounds.revision, now.revision),
            purged_revision=max(bounds.purged_revision, now.purged_revision),
            forgotten_revision=max(bounds.forgotten_revision, now.forgotten_revision),
        )
        workspace.last_id = max(workspace.last_id, copy.head.next_task_id - 1)


def emptied(workspace: InMemoryWorkspace, fence: Fence) -> InMemoryWorkspace:
    """Return what is to take its place: only the fence, the bounds and the ids that were given out are left."""
    require(workspace, fence)
    empty = InMemoryWorkspace()
    empty.extent, empty.last_id = workspace.extent, workspace.last_id
    empty.records = {key: record for key, record in workspace.records.items() if key == fence.key}
    return empty


def require(workspace: InMemoryWorkspace, fence: Fence) -> None:
    """Make sure that the fence is as it was read.

    Raises:
        ConcurrentUpdate: if it is not.
    """
    record = workspace.records.get(fence.key)
    if (0 if record is None else record.revision) != fence.revision:
        raise ConcurrentUpdate
