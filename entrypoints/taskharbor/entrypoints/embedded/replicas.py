"""Reads from replicas."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from taskharbor.application.replicas.seen import Seen, seeing
from taskharbor.domain.identifiers import MAX_ID, Revision, WorkspaceId
from taskharbor.domain.values.primitives import integer_from
from taskharbor.entrypoints.embedded.scope import HarborScope


class Reading:
    """What has been seen of a workspace, so that whoever reads next need not see less."""

    def __init__(self, seen: Seen, workspace: WorkspaceId) -> None:
        self._seen = seen
        self._workspace = workspace

    @property
    def revision(self) -> Revision | None:
        """The last revision that was seen, once the block has been left; None if nothing was read from replicas."""
        return self._seen.meanwhile.get(self._workspace, self._seen.revision)


class ReplicaCalls(HarborScope):
    """Whether replicas may answer."""

    @asynccontextmanager
    async def reading(self, *, at_least_revision: Revision | None = None) -> AsyncIterator[Reading]:
        """Let replicas answer the queries in an `async with` block, if they have reached this revision.

        Within the block nothing goes back behind what it has shown already. Without a revision, or once the block
        changes something, the primary answers. Where there are no replicas this does nothing.

        Raises:
            InvalidValue: if `at_least_revision` is not 0 or a revision.
        """
        if at_least_revision is not None:
            integer_from("at_least_revision", at_least_revision, least=0, most=MAX_ID)
        seen = Seen(at_least_revision)
        with seeing(seen):
            yield Reading(seen, self._workspace)
            await seen.settle()
