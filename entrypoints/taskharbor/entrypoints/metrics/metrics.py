"""What an app reports about itself, whatever counts it."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from taskharbor.application.unit_of_work.commit_signals import CommitSignals


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

    def sampling(self, signals: CommitSignals) -> AbstractAsyncContextManager[None]:
        """Look at the lanes, the commits, the loop and the process now and then, for the length of the block."""
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
