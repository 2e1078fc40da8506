"""One replica: whether it answers, and how far it has come."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final, TypeVar

from taskharbor.application.errors import ConcurrentUpdate, QueryTooExpensive, StoreNotReady, StoreUnavailable
from taskharbor.application.ports.storage import Storage
from taskharbor.domain.identifiers import Revision, WorkspaceId

T = TypeVar("T")

ANSWERS_WITHIN: Final = 0.25
"""Seconds that a replica has to say how far it is, if the last answer was an error."""

AWAY_FOR: Final = 1.0
"""Seconds for which one that does not answer is not asked again."""

MOST_WORKSPACES: Final = 10_000
"""Of so many it is remembered how far a replica has come; of others it is asked."""

_FAILURES: Final = (StoreUnavailable, StoreNotReady, ConcurrentUpdate, TimeoutError)
"""A conflict is one with the recovery of a standby: the primary has removed rows that a read of ours still saw."""


class Unanswered(Exception):
    """A replica has not answered, or not far enough: another store must."""


class Replica:
    """Reads from a store that follows the primary, in the order of its commits.

    Args:
        storage: the store, not yet opened; it must be one server, not several in turn.
    """

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._reached: OrderedDict[WorkspaceId, Revision] = OrderedDict()
        self._opening: asyncio.Task[None] | None = None
        self._is_open = self._is_in_doubt = False
        self._away_until = 0.0

    async def open(self) -> None:
        """Open the store if it can be."""
        self._begin_to_open()
        if self._opening is not None:
            await asyncio.shield(self._opening)

    async def aclose(self) -> None:
        """Close the store."""
        if self._opening is not None:
            await asyncio.wait({self._opening})
        self._is_open = False
        self._reached.clear()
        await self._storage.aclose()

    async def has_reached(self, workspace: WorkspaceId, revision: Revision) -> bool:
        """Return whether the replica answers and has this revision, which it is asked if it is not known to."""
        if asyncio.get_running_loop().time() < self._away_until:
            return False
        if not self._is_open:
            self._begin_to_open()  # nobody waits for that
            return False
        if not self._is_in_doubt and self._reached.get(workspace, 0) >= revision:
            return True
        try:
            async with asyncio.timeout(ANSWERS_WITHIN):
                reached = await self._revision(workspace)
        except _FAILURES:
            self._note_away()
            return False
        self._is_in_doubt = False
        return reached >= revision

    async def read(
        self, workspace: WorkspaceId, at_least: Revision, ask: Callable[[Storage], Awaitable[T]]
    ) -> tuple[T, Revision]:
        """Return an answer, and a revision that is not before anything that the answer shows.

        Raises:
            Unanswered: if it fails, or the replica has gone back behind `at_least`: another server is in its place.
            QueryTooExpensive: if it takes too long, as it would elsewhere.
        """
        try:
            answer = await ask(self._storage)
            revision = await self._revision(workspace)
        except _FAILURES as failure:
            self._is_in_doubt = True
            if isinstance(failure, QueryTooExpensive):
                raise
            raise Unanswered from failure
        if revision < at_least:
            raise Unanswered
        return answer, revision

    async def _revision(self, workspace: WorkspaceId) -> Revision:
        revision = (await self._storage.read_history_bounds(workspace)).revision
        self._reached[workspace] = revision
        self._reached.move_to_end(workspace)
        if len(self._reached) > MOST_WORKSPACES:
            self._reached.popitem(last=False)
        return revision

    def _begin_to_open(self) -> None:
        if not self._is_open and self._opening is None:
            self._opening = asyncio.create_task(self._open())

    async def _open(self) -> None:
        try:
            await self._storage.open()
            self._is_open = True
        except (StoreUnavailable, StoreNotReady):
            self._note_away()
            with suppress(StoreUnavailable):
                await self._storage.aclose()
        finally:
            self._opening = None

    def _note_away(self) -> None:
        self._is_in_doubt = True
        self._away_until = asyncio.get_running_loop().time() + AWAY_FOR
