"""Take away for good what has been kept long enough."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Final

from taskharbor.application.errors import ConcurrentUpdate
from taskharbor.application.ports.housekeeping import Cutoffs, Housekeeping, Purged
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import WorkspaceId

TRASH_RETENTION: Final = timedelta(days=30)
HISTORY_RETENTION: Final = timedelta(days=365)

AT_ONCE: Final = 200
"""How much of a kind goes in one step: those who commit wait for no longer than that takes."""

MAX_REFUSED: Final = 16
"""How many steps of one purge may be refused since something was committed at the same time."""

_WORKSPACES_AT_ONCE: Final = 100


@frozen(kw_only=True)
class Purge:
    """Purge expired records, tombstones and the history.

    Attributes:
        trash_retention: how long a deleted task can be restored; None keeps it for ever.
        history_retention: how long the history of a commit is kept; None keeps it forever.

    Raises:
        InvalidValue: if one of them is negative.
    """

    trash_retention: timedelta | None = TRASH_RETENTION
    history_retention: timedelta | None = HISTORY_RETENTION

    def __post_init__(self) -> None:
        for field in ("trash_retention", "history_retention"):
            kept: timedelta | None = getattr(self, field)
            if kept is not None and kept < timedelta(0):
                raise InvalidValue(field, "must not be negative")


async def purge(command: Purge, store: Housekeeping, workspace: WorkspaceId, *, now: datetime) -> Purged:
    """Carry out `command` in one workspace, step by step; others get their turn in between."""
    cutoffs = Cutoffs(
        deleted=_before(now, command.trash_retention), expired=now, recorded=_before(now, command.history_retention)
    )
    gone = Purged(more=True)
    refused = 0
    while gone.more:
        try:
            gone += await store.purge(workspace, cutoffs, limit=AT_ONCE)
        except ConcurrentUpdate:  # where transactions are serializable, a commit may have come between
            refused += 1
            if refused == MAX_REFUSED:
                raise
        await asyncio.sleep(0)
    return gone


async def purge_all(command: Purge, store: Housekeeping, *, now: datetime) -> Purged:
    """Carry out `command` in every workspace."""
    gone = Purged()
    async for workspace in _workspaces(store):
        gone += await purge(command, store, workspace, now=now)
    return gone


async def _workspaces(store: Housekeeping) -> AsyncIterator[WorkspaceId]:
    after = ""
    while names := await store.list_workspaces(after=after, limit=_WORKSPACES_AT_ONCE):
        for name in names:
            yield name
        after = names[-1]


def _before(now: datetime, retention: timedelta | None) -> datetime | None:
    if retention is None:
        return None
    beginning = datetime.min.replace(tzinfo=UTC)
    return now - retention if retention < now - beginning else beginning
