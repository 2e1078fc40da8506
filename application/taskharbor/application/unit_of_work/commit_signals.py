"""Signals the waiting calls that this process has changed a workspace."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from taskharbor.domain.identifiers import WorkspaceId


class CommitSignals:
    """Wakes the listeners of a workspace.

    Attributes:
        commits: how many this process has made, by the name of the command.
        retries: how often it ran a piece of business again, by the code of the error that was the cause.
    """

    def __init__(self) -> None:
        self.commits: Counter[str] = Counter()
        self.retries: Counter[str] = Counter()
        self._listeners: dict[WorkspaceId, list[asyncio.Event]] = {}

    @property
    def watchers(self) -> int:
        """How many wait for commits: streams, webhooks and waiting claims."""
        return sum(map(len, self._listeners.values()))

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

    def committed(self, workspace: WorkspaceId, command: str) -> None:
        """Count a commit of this process, and set the events of those who listen to the workspace."""
        self.commits[command] += 1
        self.ring(workspace)

    def ring(self, workspace: WorkspaceId) -> None:
        """Set the events of those who listen to the workspace."""
        for heard in self._listeners.get(workspace, ()):
            heard.set()
