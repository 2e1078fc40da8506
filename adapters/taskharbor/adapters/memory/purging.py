"""How a workspace in memory gets rid of what is old."""

from dataclasses import replace

from taskharbor.adapters.memory.workspace import InMemoryWorkspace
from taskharbor.application.ports.housekeeping import Cutoffs, Purged
from taskharbor.application.ports.record_store import Record
from taskharbor.domain.identifiers import MAX_ID


def purge(workspace: InMemoryWorkspace, cutoffs: Cutoffs, *, limit: int) -> Purged:
    """Take away up to `limit` of each kind, the oldest first."""
    deleted = [
        task
        for task in reversed(workspace.deleted_before(None, limit=MAX_ID))
        if cutoffs.deleted and task.deleted and task.deleted < cutoffs.deleted
    ]
    extent = workspace.extent
    purged = max([extent.purged_revision, *(task.revision for task in deleted[:limit])])
    if purged != extent.purged_revision:
        last = workspace.history.of_commit(purged)
        extent = replace(extent, purged_revision=purged, purged_at=last[0].at if last else None)
    for task in deleted[:limit]:
        workspace.remove(task)
        workspace.history.forget(workspace.history.since([task.id], 0))
    by_age = sorted(
        (record for record in workspace.records.values() if _has_expired(record, cutoffs)),
        key=lambda record: record.expires or cutoffs.expired,
    )
    for record in by_age[:limit]:
        del workspace.records[record.found_by]
    old = workspace.history.older_than(cutoffs.recorded) if cutoffs.recorded else []
    for revision in old[:limit]:
        workspace.history.forget(workspace.history.of_commit(revision))
    workspace.extent = replace(extent, forgotten_revision=max([extent.forgotten_revision, *old[:limit]]))
    found = [len(deleted), len(by_age), len(old)]
    tasks, records, commits = [min(number, limit) for number in found]
    return Purged(tasks=tasks, records=records, commits=commits, more=max(found) > limit)


def _has_expired(record: Record, cutoffs: Cutoffs) -> bool:
    cutoff = cutoffs.deleted if record.document is None else cutoffs.expired
    return record.expires is not None and cutoff is not None and record.expires < cutoff
