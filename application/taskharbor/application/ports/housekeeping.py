"""The port for taking away what nobody needs any more."""

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from taskharbor.domain.identifiers import WorkspaceId


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutoffs:
    """What is old enough to go. All are aware, in UTC.

    Attributes:
        deleted: tasks that were deleted before, and removed records that expired before; None to keep all.
        expired: records with a document that expired before.
        told: what the history tells of commits before; None to keep all.
    """

    deleted: datetime | None
    expired: datetime
    told: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Purged:
    """What has been taken away.

    Attributes:
        tasks: how many tombstones.
        records: how many records.
        commits: of how many commits the history tells no longer.
        more: whether there may be more that could go at once.
    """

    tasks: int = 0
    records: int = 0
    commits: int = 0
    more: bool = False

    def __add__(self, other: "Purged") -> "Purged":
        """Return what has been taken away by both, and whether the other left more."""
        return Purged(
            tasks=self.tasks + other.tasks,
            records=self.records + other.records,
            commits=self.commits + other.commits,
            more=other.more,
        )


class Housekeeping(Protocol):
    """Takes away what is old, a little at a time."""

    @abstractmethod
    async def list_workspaces(self, *, after: WorkspaceId, limit: int) -> Sequence[WorkspaceId]:
        """Return up to `limit` names of workspaces that come after `after` by their bytes, in that order.

        Raises:
            StoreUnavailable: if the store cannot be asked.
        """
        ...

    @abstractmethod
    async def purge(self, workspace: WorkspaceId, cutoffs: Cutoffs, *, limit: int) -> Purged:
        """Take away up to `limit` of each kind, the oldest first, in one atomic step that takes no revision.

        * A tombstone goes with its history. Its uid is free then; its id never is. The workspace's `purged_revision`
          becomes the revision of the tombstone, unless it is higher already.
        * A record goes by when it expired: with a document by `expired`, without one by `deleted`.
        * The history goes commit by commit, up to, and without, the last commit that is older than the cutoff: it says
          what was so when the rest begins. The workspace's `forgotten_revision` becomes that of the last one gone.

        A unit of work that has read any of it is refused at its commit, as if somebody had changed it.

        Raises:
            StoreUnavailable: if the store cannot be asked.
        """
        ...
