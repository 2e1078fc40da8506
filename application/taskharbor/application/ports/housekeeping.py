"""The port for purging old data."""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import WorkspaceId


@frozen(kw_only=True)
class Cutoffs:
    """What is old enough to be purged. All instants are aware, in UTC.

    Attributes:
        deleted: tasks that were deleted before, and removed records that expired before; None to keep all.
        expired: records with a document that expired before.
        recorded: history of commits made before; None to keep all.
    """

    deleted: datetime | None
    expired: datetime
    recorded: datetime | None


@frozen(kw_only=True)
class Purged:
    """What has been purged.

    Attributes:
        tasks: how many tombstones.
        records: how many records.
        commits: of how many commits the history is gone.
        more: whether more could be purged right away.
    """

    tasks: int = 0
    records: int = 0
    commits: int = 0
    more: bool = False

    def __add__(self, other: "Purged") -> "Purged":
        """Return the sum of both, and whether the other left more."""
        return Purged(
            tasks=self.tasks + other.tasks,
            records=self.records + other.records,
            commits=self.commits + other.commits,
            more=other.more,
        )


class Housekeeping(Protocol):
    """Purges old data, a little at a time."""

    @abstractmethod
    async def list_workspaces(self, *, after: WorkspaceId, limit: int) -> Sequence[WorkspaceId]:
        """Return up to `limit` names of workspaces that come after `after` by their bytes, in that order.

        Raises:
            StoreUnavailable: if the store cannot be asked.
        """
        ...

    @abstractmethod
    async def purge(self, workspace: WorkspaceId, cutoffs: Cutoffs, *, limit: int) -> Purged:
        """Purge up to `limit` of each kind, oldest first, in one atomic step that takes no revision.

        * A tombstone is purged with its history. Its uid becomes free; its id never does. The workspace's
          `purged_revision` becomes the revision of the tombstone, unless it is higher already, and `purged_at` when
          that commit was made.
        * A record is purged by when it expired: with a document by `expired`, without one by `deleted`.
        * The history is purged commit by commit, up to but excluding the last commit older than the cutoff, which says
          what the state was when the rest begins. The workspace's `forgotten_revision` becomes that of the last one
          purged.

        A unit of work that has read any of it is refused at its commit, as if it had been changed.

        Raises:
            StoreUnavailable: if the store cannot be asked.
        """
        ...
