"""Which commit a revision was, so that one that a restore from a backup has undone is not taken for another."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final, Self

from taskharbor.application.ports.change_feed import ChangeFeed, ChangeSlice, Position
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import MAX_ID, Revision, WorkspaceId

MARK: Final = "(?:0|[1-9][0-9]{0,15})-(?:-?[0-9a-f]{1,16})"
"""The text of a mark with a known commit: the revision and, in hexadecimal, the microseconds since 1970."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TICK: Final = timedelta(microseconds=1)
_MARK: Final = re.compile("(0|[1-9][0-9]{0,15})(?:-(-?[0-9a-f]{1,16}))?", re.ASCII)


@frozen
class CommitMark:
    """A revision, and when the last commit up to it was made.

    After a restore, other commits get the numbers of those that were lost, but they are made at other times.

    Attributes:
        revision: of the workspace.
        microseconds: since 1970; None if no commit up to there is known, as in a new workspace.
    """

    revision: Revision
    microseconds: int | None

    @classmethod
    def of(cls, found: ChangeSlice) -> Self:
        """Return the mark of the last commit."""
        return cls(found.revision, _microseconds(found.at))

    @classmethod
    def from_text(cls, text: str) -> Self | None:
        """Return the mark of a text; None if it is no mark."""
        found = _MARK.fullmatch(text)
        if found is None:
            return None
        return cls(int(found[1]), None if found[2] is None else int(found[2], 16))

    def __str__(self) -> str:
        """Return its text."""
        return str(self.revision) if self.microseconds is None else f"{self.revision}-{self.microseconds:x}"

    @property
    def at(self) -> datetime | None:
        """When the last commit up to it was made; None if none is known."""
        return None if self.microseconds is None else _EPOCH + self.microseconds * _TICK

    def is_in(self, found: ChangeSlice) -> bool:
        """Return whether the workspace has this commit still; `found` was read with a position that has seen it."""
        return self.revision <= found.revision and self.microseconds == _microseconds(found.seen_at)


class CommitLost(Exception):
    """The workspace does not have a commit."""


async def read_mark(feed: ChangeFeed, workspace: WorkspaceId, earlier: CommitMark | None = None) -> CommitMark:
    """Return the mark of the last commit.

    Raises:
        CommitLost: if the workspace does not have the commit of the earlier mark.
        StoreUnavailable: if the store cannot be asked.
    """
    end = Position(MAX_ID, seen=None if earlier is None else earlier.revision)
    found = await feed.list_changes(workspace, after=end, limit=1)
    if earlier is not None and not earlier.is_in(found):
        raise CommitLost
    return CommitMark.of(found)


def _microseconds(at: datetime | None) -> int | None:
    return None if at is None else (at - _EPOCH) // _TICK
