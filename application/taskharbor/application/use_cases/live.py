"""The use cases that watch commits, as one object, ready to call."""

from collections.abc import AsyncGenerator

from taskharbor.application.live.commit_event import CommitBatch
from taskharbor.application.live.read_commits import WatchedCommits, read_commits
from taskharbor.application.ports.clock import Clock
from taskharbor.application.ports.filter_parser import FilterParser
from taskharbor.application.ports.storage import Storage
from taskharbor.application.sync.list_changes import latest_token
from taskharbor.application.sync.watches import Watches
from taskharbor.domain.identifiers import WorkspaceId


class LiveUseCases:
    """Watches commits.

    All raise `StoreUnavailable` when the store cannot be asked; the rest is said by `read_commits`.
    """

    def __init__(self, storage: Storage, *, clock: Clock, reader: FilterParser, watches: Watches) -> None:
        self._storage = storage
        self._clock = clock
        self._reader = reader
        self._watches = watches

    async def latest_token(self, workspace: WorkspaceId) -> str:
        """Return the token with which only what is still to come is told."""
        return await latest_token(self._storage, workspace)

    async def read(self, asked: WatchedCommits, since: str, workspace: WorkspaceId) -> CommitBatch:
        """Return the next commits after a token."""
        return await read_commits(asked, since, self._storage, workspace, reader=self._reader, now=self._clock.now())

    async def follow(
        self, asked: WatchedCommits, since: str | None, workspace: WorkspaceId
    ) -> AsyncGenerator[CommitBatch, None]:
        """Yield what is committed after a token, for ever; without one, only what is still to come. Nothing is held.

        Batches without events are yielded, too: they have a later token.
        """
        since = await self.latest_token(workspace) if since is None else since
        with self._watches.listening(workspace) as heard:
            while True:
                heard.clear()  # before looking: a commit that comes meanwhile is heard
                batch = await self.read(asked, since, workspace)
                if batch.next != since:
                    since = batch.next
                    yield batch
                if not batch.more:
                    await heard.wait()
