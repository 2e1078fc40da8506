"""Sync as plain calls on one workspace."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from taskharbor.application.live.commit_event import CommitEvent
from taskharbor.application.live.read_commits import WatchedCommits
from taskharbor.application.pagination import MAX_LIMIT
from taskharbor.application.ports.change_feed import Change
from taskharbor.application.sync.list_changes import DEFAULT_CHANGES, EVERYTHING, ChangePage, ListChanges
from taskharbor.domain.search.filter import Filter
from taskharbor.entrypoints.embedded.scope import HarborScope


class SyncCalls(HarborScope):
    """Changes in commit order."""

    async def list_changes(self, since: str = EVERYTHING, *, limit: int = DEFAULT_CHANGES) -> ChangePage:
        """Return up to `limit` changes since a token: the `next` of an earlier page, or `*` for all.

        Raises:
            InvalidValue: if `since` is not a token of this workspace, or the limit is out of its range.
        """
        return await self._use_cases.list_changes(ListChanges(since=since, limit=limit), workspace=self._workspace)

    async def iter_changes(self, since: str = EVERYTHING, *, page_size: int = MAX_LIMIT) -> AsyncIterator[Change]:
        """Iterate over all changes since a token, a page at a time, until there are no more.

        A loop that runs to the end has missed nothing, and can continue later with the revision of the last
        change as the token: `since=str(change.revision)`. Nothing is held between pages.

        Raises:
            InvalidValue: if `since` is not a token of this workspace, or the page size is out of its range.
        """
        more = True
        while more:
            page = await self.list_changes(since, limit=page_size)
            for change in page.items:
                yield change
            since, more = page.next, page.more

    async def follow_commits(
        self,
        since: str | None = None,
        filter: str | Filter | None = None,
        *,
        q: str | None = None,
        saved: str | None = None,
        time_zone: str | None = None,
        lists: bool = False,
    ) -> AsyncGenerator[CommitEvent, None]:
        """Yield commits after a token, and continue forever with new ones; by default only those to come.

        The criteria are those of `find_tasks`: commits are told that change a task that matches, or did before. A task
        that no longer matches is a `NoLongerMatching`. With `lists` those that change lists are told, too. Nothing is
        held in between.

        Raises:
            InvalidValue: if `since` is not a token of this workspace, or the filter asks for `blocked`.
            FilterNotFound: if there is no such saved filter.
            TokenExpired: if deletions since then, or the history of lists, have been purged: begin a new copy.
        """
        asked = WatchedCommits(filter=filter, q=q, saved=saved, time_zone=time_zone, lists=lists)
        async with aclosing(self._use_cases.live.follow(asked, since, self._workspace)) as batches:
            async for batch in batches:
                for event in batch.events:
                    yield event
