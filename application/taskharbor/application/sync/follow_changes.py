"""Follow what changes, as it does."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from taskharbor.application.pagination import MAX_LIMIT
from taskharbor.application.ports.change_feed import ChangeFeed
from taskharbor.application.sync.list_changes import EVERYTHING, ChangePage, ListChanges, list_changes
from taskharbor.application.unit_of_work.commit_signals import CommitSignals
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import WorkspaceId

DEFAULT_POLL: Final = 1.0
"""Seconds after which the store is asked what other processes have committed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowChanges:
    """Ask for all changes after those that led to the token `since`, and for those that are still to come.

    Attributes:
        since: the `next` of an earlier page, or `*` for everything.
        poll: seconds after which to look for what other processes have committed; None never looks.
        page_size: how many changes a page has at most.

    Raises:
        InvalidValue: if a number is out of its range, or `since` is not a token.
    """

    since: str = EVERYTHING
    poll: float | None = DEFAULT_POLL
    page_size: int = MAX_LIMIT

    def __post_init__(self) -> None:
        ListChanges(since=self.since, limit=self.page_size)
        if self.poll is not None and not self.poll > 0:
            raise InvalidValue("poll", "must be more than 0 seconds, or None")


async def follow_changes(
    query: FollowChanges, feed: ChangeFeed, signals: CommitSignals, workspace: WorkspaceId
) -> AsyncIterator[ChangePage]:
    """Yield pages that have changes, for ever; each one's `next` goes on after it. Nothing is held in between.

    Raises:
        InvalidValue: if the token names a revision that the workspace has not reached.
        TokenExpired: if deletions since then have been purged.
    """
    since = query.since
    with signals.listening(workspace) as heard:
        while True:
            heard.clear()  # before looking: a commit that comes meanwhile is heard
            page = await list_changes(ListChanges(since=since, limit=query.page_size), feed, workspace)
            since = page.next
            if page.items:
                yield page
            if not page.more:
                with suppress(TimeoutError):
                    async with asyncio.timeout(query.poll):
                        await heard.wait()
