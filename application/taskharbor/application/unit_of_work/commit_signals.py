"""Signals the waiting calls that this process has changed a workspace."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from taskharbor.domain.identifiers import WorkspaceId


class CommitSignals:
    """Wakes the listeners of a workspace.

    Attributes:
        commits: how many this process has made.
        retries: how often it ran a piece of business again, since another commit had come first.
    """

    def __init__(self) -> None:
        self.commits = 0
        self.retries = 0
        self._listeners: dict[WorkspaceId, list[asyncio.Event]] = {}

    @contextmanager
    def listening(self, workspace: WorkspaceId) -> Iterator[asyncio.Event]:
        """Yield an event that is set by each commit until the block is left."""
        heard = asyncio.Event()
        listeners = self._listeners.setdefault(workspace, [])
        listeners.append(heard)
        try:
            yield heard
        finally:
            listeners.remove(heard)
            if not listeners:
                del self._listeners[workspace]

    def committed(self, workspace: WorkspaceId) -> None:
        """Count a commit of this process, and set the events of those who listen to the workspace."""
        self.commits += 1
        self.ring(workspace)

    def ring(self, workspace: WorkspaceId) -> None:
        """Set the events of those who listen to the workspace."""
        for heard in self._listeners.get(workspace, ()):
            heard.set()
