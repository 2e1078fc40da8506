"""How far a caller has seen the workspaces that it reads."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final

from taskharbor.domain.identifiers import Revision, WorkspaceId


@dataclass(slots=True)
class Seen:
    """What a caller has seen before, and sees meanwhile.

    Attributes:
        revision: what it has seen of whatever workspace it reads; None if that is not known.
        before: what it has seen of some workspaces.
        may_read_replicas: whether replicas may answer. Not to a command, whose commit is checked by the primary, nor to
            a caller of whom nothing is known.
        meanwhile: the last revision of each workspace of which an answer may have shown something.
    """

    revision: Revision | None = None
    before: Mapping[WorkspaceId, Revision] = field(default_factory=dict[WorkspaceId, Revision])
    may_read_replicas: bool = True
    meanwhile: dict[WorkspaceId, Revision] = field(default_factory=dict[WorkspaceId, Revision])
    _unsettled: dict[WorkspaceId, Callable[[], Awaitable[Revision]]] = field(
        default_factory=dict[WorkspaceId, Callable[[], Awaitable[Revision]]]
    )

    def needed(self, workspace: WorkspaceId) -> Revision | None:
        """Return the revision that a replica must have reached; None if only the primary will do."""
        if not self.may_read_replicas or workspace in self._unsettled:
            return None
        known = self.revision, self.before.get(workspace), self.meanwhile.get(workspace)
        return max((revision for revision in known if revision is not None), default=None)

    def saw(self, workspace: WorkspaceId, revision: Revision) -> None:
        """Note an answer that shows nothing later than this revision."""
        self.meanwhile[workspace] = max(revision, self.meanwhile.get(workspace, 0))

    def committed(self, workspace: WorkspaceId, revision: Revision) -> None:
        """Note a commit: whatever was read for it is older."""
        self._unsettled.pop(workspace, None)
        self.saw(workspace, revision)

    def saw_last(self, workspace: WorkspaceId, revision_of: Callable[[], Awaitable[Revision]]) -> None:
        """Note an answer of the primary; `revision_of` asks it how far that can have been."""
        self._unsettled[workspace] = revision_of

    async def settle(self) -> Mapping[WorkspaceId, Revision]:
        """Return what has been seen of each workspace, once the primary has been asked where that is not known.

        Raises:
            StoreUnavailable: if it cannot be asked.
        """
        while self._unsettled:
            workspace, revision_of = self._unsettled.popitem()
            try:
                self.saw(workspace, await revision_of())
            except BaseException:
                self._unsettled[workspace] = revision_of
                raise
        return self.meanwhile


_SEEN: Final[ContextVar[Seen | None]] = ContextVar("taskharbor_seen", default=None)


def current_seen() -> Seen | None:
    """Return what the caller has seen; None if nobody wants to know, and the primary is to answer."""
    return _SEEN.get()


@contextmanager
def seeing(seen: Seen) -> Iterator[Seen]:
    """Have what is read in the block count as read by a caller who has seen this."""
    token = _SEEN.set(seen)
    try:
        yield seen
    finally:
        _SEEN.reset(token)
