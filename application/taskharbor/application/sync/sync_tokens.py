"""Tokens of the change feed: up to where the caller has seen everything, and which commit that was."""

import re
from typing import Final, Self

from taskharbor.application.ports.change_feed import Position
from taskharbor.application.sync.commit_marks import MARK, CommitMark
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import Revision

_NUMBER: Final = "0|[1-9][0-9]{0,15}"
_TOKEN: Final = re.compile(
    rf"(?P<mark>{MARK})"
    rf"|(?P<revision>{_NUMBER})"
    rf"(?:\.(?P<task>[1-9][0-9]{{0,15}})(?:~(?P<begun>{_NUMBER})|-(?P<since>{_NUMBER}))?(?:_(?P<seen>{MARK}))?)?",
    re.ASCII,
)


@frozen
class SyncToken:
    """What a token says.

    `7-64fd1a` is revision 7, whose commit was made then. In the midst of pages it is `7.42_9-64fd2b`, with what the
    last revision was when the page was read, and in those of a full copy `7.42~8_9-64fd2b`; it is `7.42-4_9-64fd2b` if
    nothing was left to be told at revision 4. A plain revision, `7`, is one that the caller vouches for.

    Attributes:
        position: up to where the caller has seen everything.
        begun: the revision at which a full copy was begun, or None if it is no full copy.
        mark: the last commit when the token was made; None if it does not say.
    """

    position: Position
    begun: Revision | None
    mark: CommitMark | None

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read a token.

        Raises:
            ValueError: if it is none.
        """
        found = _TOKEN.fullmatch(text)
        if found is None:
            raise ValueError("no token")
        mark = CommitMark.from_text(found["mark"] or found["seen"] or "")
        revision, task, begun = found["revision"], found["task"], found["begun"]
        if revision is None:
            revision, _, _ = text.partition("-")
        since = found["since"] if begun is None else begun
        position = Position(
            int(revision),
            None if task is None else int(task),
            seen=None if mark is None else mark.revision,
            since=None if since is None else int(since),
        )
        return cls(position, None if begun is None else int(begun), mark)

    def __str__(self) -> str:
        """Return its text."""
        if self.position.task_id is None:
            return str(self.position.revision if self.mark is None else self.mark)
        begun = "" if self.position.since is None else f"-{self.position.since}"
        if self.begun is not None:
            begun = f"~{self.begun}"
        seen = "" if self.mark is None or self.mark.microseconds is None else f"_{self.mark}"
        return f"{self.position.revision}.{self.position.task_id}{begun}{seen}"

    @property
    def newest(self) -> Revision:
        """The highest revision that it names."""
        return max(self.position.revision, self.position.since or 0, self.position.seen or 0)

    @property
    def knows_deletions_until(self) -> Revision:
        """The revision up to which the caller needs no tombstones: it never had the tasks, or knows.

        A client that copies everything has never seen a task that was deleted before it began.
        """
        return self.position.told_from
