"""Wakes those who wait for commits, also for those of other processes."""

import asyncio
import logging
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from contextvars import Context
from dataclasses import dataclass
from typing import Any, Final

from taskharbor.application.errors import StoreNotReady, StoreUnavailable
from taskharbor.application.ports.commit_hints import CommitHints
from taskharbor.application.ports.task_history import TaskHistory
from taskharbor.application.unit_of_work.commit_signals import CommitSignals
from taskharbor.domain.identifiers import Revision, WorkspaceId

DEFAULT_POLL: Final = 0.25
"""Seconds after which the revision of a watched workspace is looked up again."""

_POLL_WITH_HINTS: Final = 5.0
"""The same while the store gives hints."""

_BEFORE_RETRY: Final = 1.0

_LOG: Final = logging.getLogger("taskharbor.watches")


@dataclass(slots=True)
class _Watch:
    watchers: int
    task: asyncio.Task[None]


class Watches:
    """One task for each workspace that is watched, and one for the hints of the store; none if nothing is watched.

    Attributes:
        signals: of the commits of this process.
    """

    def __init__(self, store: TaskHistory, signals: CommitSignals) -> None:
        self._store = store
        self.signals = signals
        self._watches: dict[tuple[WorkspaceId, float], _Watch] = {}
        self._hints: asyncio.Task[None] | None = None
        self._is_hinted = False

    @contextmanager
    def listening(self, workspace: WorkspaceId, *, poll: float | None = DEFAULT_POLL) -> Iterator[asyncio.Event]:
        """Yield an event that is set after each commit, of this process at once, until the block is left.

        `poll` is how many seconds later at most it is set after those of others, where the store gives no hints; None
        leaves these out.
        """
        with self.signals.listening(workspace) as heard:
            if poll is None:
                yield heard
                return
            self._begin(workspace, poll)
            try:
                yield heard
            finally:
                self._end(workspace, poll)

    def _begin(self, workspace: WorkspaceId, poll: float) -> None:
        watch = self._watches.get((workspace, poll))
        if watch is not None:
            watch.watchers += 1
            return
        self._watches[workspace, poll] = _Watch(1, _begun(self._look(workspace, poll)))
        if self._hints is None and isinstance(self._store, CommitHints):
            self._hints = _begun(self._take_hints(self._store))

    def _end(self, workspace: WorkspaceId, poll: float) -> None:
        watch = self._watches[workspace, poll]
        watch.watchers -= 1
        if watch.watchers:
            return
        del self._watches[workspace, poll]
        watch.task.cancel()
        if not self._watches and self._hints is not None:
            self._hints.cancel()
            self._hints = None
            self._is_hinted = False

    async def _look(self, workspace: WorkspaceId, poll: float) -> None:
        """Look at the revision, which is one small read, again and again."""
        seen: Revision | None = None
        while True:
            try:
                revision = (await self._store.read_history_bounds(workspace)).revision
                if revision != seen:  # the first time too: a commit may have come between the caller's look and ours
                    self.signals.ring(workspace)
                seen = revision
            except (StoreNotReady, StoreUnavailable):
                pass  # whoever is woken next says so
            except Exception:  # noqa: BLE001  # nobody would ever be woken again
                _LOG.exception("the revision of the workspace %s cannot be looked at", workspace)
            await asyncio.sleep(max(poll, _POLL_WITH_HINTS) if self._is_hinted else poll)

    async def _take_hints(self, store: CommitHints) -> None:
        while True:
            try:
                await store.hear_commits(self._hear)
            except (StoreNotReady, StoreUnavailable):
                pass
            except Exception:  # noqa: BLE001  # the revision is looked at all the same
                _LOG.exception("hints of commits cannot be heard")
            if self._is_hinted:
                self._is_hinted = False
                for (workspace, poll), watch in self._watches.items():  # they would look only much later
                    watch.task.cancel()
                    watch.task = _begun(self._look(workspace, poll))
            await asyncio.sleep(_BEFORE_RETRY)

    def _hear(self, workspace: WorkspaceId | None) -> None:
        self._is_hinted = True
        for watched in [workspace] if workspace is not None else {watched for watched, _ in self._watches}:
            self.signals.ring(watched)


def _begun(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """Begin what belongs to no caller, though the first one made it necessary: not to its trace, nor its log lines."""
    return asyncio.create_task(work, context=Context())
