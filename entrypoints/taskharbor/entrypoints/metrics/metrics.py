"""What an app reports about itself, whatever counts it."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from taskharbor.application.ports.storage import Storage
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.identifiers import WorkspaceId


class WatchedLane(Protocol):
    """Requests that take turns."""

    @property
    def running(self) -> int:
        """How many are at work."""
        ...

    @property
    def waiting(self) -> int:
        """How many wait for a turn."""
        ...


class Metrics(Protocol):
    """Counts what happens in one process."""

    def watch_lane(self, name: str, lane: WatchedLane) -> None:
        """Look at this lane now and then."""
        ...

    def waited(self, lane: str, seconds: float) -> None:
        """Note how long a request waited for its turn."""
        ...

    def sampling(
        self, use_cases: UseCases, storage: Storage, workspace: WorkspaceId
    ) -> AbstractAsyncContextManager[None]:
        """Look at the lanes, the use cases, the store, the loop and the process now and then, for the block.

        `workspace` is the one of which the revision is told.
        """
        ...

    def answered(self, *, route: str, method: str, status: str, seconds: float) -> None:
        """Count a request. Each text is one of a few, whatever clients send."""
        ...

    def refused(self) -> None:
        """Count a request that was refused since it would have had to wait too long."""
        ...

    def stream_opened(self) -> None:
        """Count a stream of events."""
        ...

    def stream_closed(self) -> None:
        """Count it no more."""
        ...
