"""List what has changed since a token: the read side of sync."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final, Self

from taskharbor.application.errors import TokenExpired
from taskharbor.application.pagination import require_limit
from taskharbor.application.ports.change_feed import Change, ChangeFeed, Position
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import MAX_ID, Revision, WorkspaceId

EVERYTHING: Final = "*"
"""The token of a client that has seen nothing yet."""

DEFAULT_CHANGES: Final = 100

_TOKEN = re.compile(r"(0|[1-9][0-9]{0,15})(?:\.([1-9][0-9]{0,15})(?:~(0|[1-9][0-9]{0,15}))?)?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListChanges:
    """Ask for up to `limit` changes after those that led to the token `since`.

    Raises:
        InvalidValue: if the limit is out of its range, or `since` is not a token.
    """

    since: str = EVERYTHING
    limit: int = DEFAULT_CHANGES

    def __post_init__(self) -> None:
        require_limit(self.limit)
        if self.since != EVERYTHING and not _TOKEN.fullmatch(self.since):
            raise InvalidValue("since", f"must be {EVERYTHING} or the `next` of an earlier response")


@dataclass(slots=True, kw_only=True)
class ChangePage:
    """Some changes, in the order in which they were committed.

    Attributes:
        items: each changed task once, as it is now, or its tombstone: a list, or what is equal to one.
        next: the token to go on with, now if there is `more`, or whenever something may have changed.
        more: whether there were more changes. If not, a client that has applied every page has an exact copy
            of the workspace as it was at the revision that `next` names. `blocked` of a task in the feed is always
            false: it changes when other tasks do, and follows from `depends_on` and the tasks of the copy.
        begun: the revision at which the full copy was begun that it is a part of, or None if it is of no full copy.
    """

    items: Sequence[Change]
    next: str
    more: bool
    begun: Revision | None = field(default=None, compare=False, repr=False)

    def by_commit(self) -> list["ChangePage"]:
        """Return a page for each commit that left items, with a token after each; the last ends where this one does."""
        commits = [list(items) for _, items in groupby(self.items, key=lambda change: change.revision)]
        pages = [
            ChangePage(items=items, next=token_after(items[-1], self.begun), more=True, begun=self.begun)
            for items in commits[:-1]
        ]
        return [*pages, ChangePage(items=commits[-1] if commits else [], next=self.next, more=self.more)]


async def list_changes(query: ListChanges, feed: ChangeFeed, workspace: WorkspaceId) -> ChangePage:
    """Answer `query`.

    Raises:
        InvalidValue: if the token names a revision that the workspace has not reached.
        TokenExpired: if deletions since then have been purged, so that they could not be reported.
    """
    token = _Token.from_text(query.since)
    found = await feed.list_changes(workspace, after=token.position, limit=query.limit + 1)
    newest = max(token.position.revision, token.begun or 0)
    if newest > found.revision:
        # The token is another workspace's, or the store was put back to an earlier state: going on from it would
        # skip what is committed until then.
        raise InvalidValue("since", f"is of revision {newest}, but the workspace is at revision {found.revision}")
    if query.since != EVERYTHING and found.purged_revision > token.knows_deletions_until:
        raise TokenExpired
    items = found.items[: query.limit]
    begun = found.revision if query.since == EVERYTHING else token.begun
    if len(found.items) > query.limit:
        return ChangePage(items=items, next=token_after(items[-1], begun), more=True, begun=begun)
    return ChangePage(items=items, next=str(found.revision), more=False, begun=begun)


async def latest_token(feed: ChangeFeed, workspace: WorkspaceId) -> str:
    """Return the token of whoever has seen everything up to now."""
    return str((await feed.list_changes(workspace, after=Position(MAX_ID), limit=1)).revision)


def position_of(token: str) -> Position:
    """Return up to where the holder of a token has seen everything."""
    return _Token.from_text(token).position


def token_after(item: Change, begun: Revision | None) -> str:
    """Return the token of whoever has seen everything up to this item, in a full copy begun then or in none."""
    return f"{item.revision}.{item.id}" + ("" if begun is None else f"~{begun}")


@dataclass(frozen=True, slots=True)
class _Token:
    """What a token says: `7`, or in the midst of pages `7.42`, or in those of a full copy `7.42~9`.

    Attributes:
        position: up to where the caller has seen everything.
        begun: the revision at which a full copy was begun, or None if it is no full copy.
    """

    position: Position
    begun: Revision | None

    @classmethod
    def from_text(cls, text: str) -> Self:
        found = _TOKEN.fullmatch(text)
        if found is None:
            return cls(Position(0), None)
        revision, task_id, begun = found.groups()
        return cls(Position(int(revision), int(task_id) if task_id else None), int(begun) if begun else None)

    @property
    def knows_deletions_until(self) -> Revision:
        """The revision up to which the caller needs no tombstones: it never had the tasks, or knows.

        A client that copies everything has never seen a task that was deleted before it began.
        """
        if self.begun is not None:
            return self.begun
        return self.position.revision if self.position.task_id is None else self.position.revision - 1
