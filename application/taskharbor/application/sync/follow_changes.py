"""Follow what changes, as it does."""

from collections.abc import AsyncIterator

from taskharbor.application.pagination import MAX_LIMIT
from taskharbor.application.ports.change_feed import ChangeFeed
from taskharbor.application.sync.list_changes import EVERYTHING, ChangePage, ListChanges, list_changes
from taskharbor.application.sync.watches import DEFAULT_POLL, Watches
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import WorkspaceId


@frozen(kw_only=True)
class FollowChanges:
    """Ask for all changes after those that led to the token `since`, and for those that are still to come.

    Attributes:
        since: the `next` of an earlier page, or `*` for everything.
        poll: seconds after which to look for what other processes have committed, if the store gives no hints; None
            never looks.
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
    query: FollowChanges, feed: ChangeFeed, watches: Watches, workspace: WorkspaceId
) -> AsyncIterator[ChangePage]:
    """Yield pages that have changes, for ever; each one's `next` goes on after it. Nothing is held in between.

    Raises:
        InvalidValue: if the token names a revision that the workspace has not reached.
        TokenExpired: if deletions since then have been purged.
    """
    since = query.since
    with watches.listening(workspace, poll=query.poll) as heard:
        while True:
            heard.clear()  # before looking: a commit that comes meanwhile is heard
            page = await list_changes(ListChanges(since=since, limit=query.page_size), feed, workspace)
            since = page.next
            if page.items:
                yield page
            if not page.more:
                await heard.wait()
