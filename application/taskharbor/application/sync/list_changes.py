"""List what has changed since a token: the read side of sync."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import Final

from taskharbor.application.documents.encoded_tasks import EncodedTasks
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.errors import TokenExpired
from taskharbor.application.pagination import require_limit
from taskharbor.application.ports.change_feed import Change, ChangeFeed, Position
from taskharbor.application.sync.commit_marks import CommitMark, read_mark
from taskharbor.application.sync.sync_tokens import SyncToken
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import Revision, WorkspaceId

EVERYTHING: Final = "*"
"""The token of a client that has seen nothing yet."""

DEFAULT_CHANGES: Final = 100


@frozen(kw_only=True)
class ListChanges:
    """Ask for up to `limit` changes after those that led to the token `since`.

    Raises:
        InvalidValue: if the limit is out of its range, or `since` is not a token.
    """

    since: str = EVERYTHING
    limit: int = DEFAULT_CHANGES

    def __post_init__(self) -> None:
        require_limit(self.limit)
        _token_of(self.since)


@dataclass(slots=True, kw_only=True)
class ChangePage:
    """Some changes, in the order in which they were committed.

    Attributes:
        items: each changed task once, as it is now, or its tombstone: a list, or what is equal to one. `blocked` is not
            told (None): it changes when other tasks do, and follows from `depends_on` and the tasks of the copy.
        next: the token to go on with, now if there is `more`, or whenever something may have changed.
        more: whether there were more changes. If not, a client that has applied every page has an exact copy
            of the workspace as it was at `revision`.
        revision: the last revision of the workspace when the page was read.
        begun: the revision at which the full copy was begun that it is a part of, or None if it is of no full copy.
        since: the last revision at which nothing was left to be told.
        mark: what tokens say of the last commit when the page was read.
    """

    items: Sequence[Change]
    next: str
    more: bool
    revision: Revision
    begun: Revision | None = field(default=None, compare=False, repr=False)
    since: Revision | None = field(default=None, compare=False, repr=False)
    mark: str = field(default="", compare=False, repr=False)

    def token_after(self, item: Change) -> str:
        """Return the token of whoever has seen everything up to this item."""
        return str(_token_at(item, self.begun, self.since, CommitMark.from_text(self.mark)))

    def by_commit(self) -> list["ChangePage"]:
        """Return a page for each commit that left items, with a token after each; the last ends where this one does."""
        commits = [list(items) for _, items in groupby(self.items, key=lambda change: change.revision)]
        pages = [replace(self, items=items, next=self.token_after(items[-1]), more=True) for items in commits[:-1]]
        return [*pages, replace(self, items=commits[-1] if commits else [])]


async def list_changes(query: ListChanges, feed: ChangeFeed, workspace: WorkspaceId) -> ChangePage:
    """Answer `query`.

    Raises:
        InvalidValue: if the token names a revision that the workspace has not reached.
        TokenExpired: if deletions since then have been purged, so that they could not be reported; if the commit that
            the token names was lost in a restore, or was so long ago that nothing tells that any more.
    """
    token = _token_of(query.since)
    found = await feed.list_changes(workspace, after=token.position, limit=query.limit + 1)
    if token.newest > found.revision:
        # The token is another workspace's, or the store was put back to an earlier state: going on from it would
        # skip what is committed until then.
        raise InvalidValue("since", f"is of revision {token.newest}, but the workspace is at revision {found.revision}")
    if token.mark is not None and not token.mark.is_in(found):
        raise TokenExpired
    if query.since != EVERYTHING and found.purged_revision > token.knows_deletions_until:
        raise TokenExpired
    items = _as_told(found.items[: query.limit])
    more = len(found.items) > query.limit
    begun = found.revision if query.since == EVERYTHING else token.begun
    since = token.position.told_from if begun is None else begun
    mark = CommitMark.of(found)
    next_ = _token_at(items[-1], begun, since, mark) if more else SyncToken(Position(found.revision), begun, mark)
    return ChangePage(
        items=items, next=str(next_), more=more, revision=found.revision, begun=begun, since=since, mark=str(mark)
    )


async def latest_token(feed: ChangeFeed, workspace: WorkspaceId) -> str:
    """Return the token of whoever has seen everything up to now."""
    mark = await read_mark(feed, workspace)
    return str(SyncToken(Position(mark.revision), None, mark))


def position_of(token: str) -> Position:
    """Return up to where the holder of a token has seen everything."""
    return _token_of(token).position


def time_of(token: str) -> datetime | None:
    """Return when the last commit was made that there was when the token was; None if it does not say."""
    mark = _token_of(token).mark
    return None if mark is None else mark.at


def _token_at(item: Change, begun: Revision | None, since: Revision | None, mark: CommitMark | None) -> SyncToken:
    place = Position(item.revision, item.id)
    if since is not None and since < place.complete_until:
        place = replace(place, since=since)
    return SyncToken(place, begun, mark)


def _as_told(items: Sequence[Change]) -> Sequence[Change]:
    if isinstance(items, EncodedTasks):
        return items.without_blocked()
    return [item.without_blocked() if isinstance(item, TaskView) else item for item in items]


def _token_of(since: str) -> SyncToken:
    if since == EVERYTHING:
        return SyncToken(Position(0), begun=None, mark=None)
    try:
        return SyncToken.from_text(since)
    except ValueError:
        raise InvalidValue("since", f"must be {EVERYTHING} or the `next` of an earlier response") from None
