"""An optional port: what a store can say of other processes' commits without being asked."""

from abc import abstractmethod
from collections.abc import Callable
from typing import Protocol, runtime_checkable

from taskharbor.domain.identifiers import WorkspaceId


@runtime_checkable
class CommitHints(Protocol):
    """Hints that something was committed. The revision of a workspace is asked now and then in any case.

    A hint may come too often, or for nothing; one that is lost costs time, not a commit. A store without them is
    asked for the revision of each workspace that is watched, four times a second.
    """

    @abstractmethod
    async def hear_commits(self, hear: Callable[[WorkspaceId | None], None]) -> None:
        """Call `hear` soon after each commit that another process has made, until cancelled.

        `hear` takes the workspace, or None if it may have been any. The first call, with None, comes as soon as no
        later commit can be missed. It is called in the event loop.

        Raises:
            StoreUnavailable: if no more hints come. The caller tries again.
        """
        ...
