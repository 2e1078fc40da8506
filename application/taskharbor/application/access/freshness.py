"""How long what is remembered of the directory is believed."""

import asyncio
import logging
from collections.abc import Callable
from time import monotonic
from typing import Final

from taskharbor.application.errors import StoreUnavailable
from taskharbor.application.ports.task_history import TaskHistory
from taskharbor.domain.identifiers import SERVICE_WORKSPACE, Revision

RENEWED_AFTER: Final = 2.0
"""Seconds after which the store is asked whether the directory has changed, while what is remembered is still used."""

STALE_AFTER: Final = 5.0
"""Seconds after which nothing is used that was not confirmed since: no change takes longer to be noticed."""

_LOG: Final = logging.getLogger("taskharbor.access")


class Freshness:
    """Knows whether the directory has changed, by its revision, without a round trip for each request.

    Attributes:
        generation: counts the changes that were noticed. What was read before one must not be kept after it.
    """

    def __init__(
        self, store: TaskHistory, forget: Callable[[], None], *, clock: Callable[[], float] = monotonic
    ) -> None:
        self._store = store
        self._forget = forget
        self._clock = clock
        self._confirmed = float("-inf")
        self._revision: Revision | None = None
        self._renewal: asyncio.Task[None] | None = None
        self.generation = 0

    def is_certain(self) -> bool:
        """Return whether what is remembered can be used right now; have it confirmed beside that if it gets old."""
        age = self._clock() - self._confirmed
        if age > RENEWED_AFTER and age <= STALE_AFTER:
            self._renew()
        return age <= STALE_AFTER

    async def confirm(self) -> None:
        """Ask the store, and wait for its answer.

        Raises:
            StoreUnavailable: if it does not give one.
        """
        await asyncio.shield(self._renew())

    def doubt(self) -> None:
        """Believe nothing of what is remembered until the store has been asked: this process has changed something."""
        self._confirmed = float("-inf")
        self._renewal = self._revision = None
        self.generation += 1
        self._forget()

    def _renew(self) -> asyncio.Task[None]:
        if self._renewal is None or self._renewal.done():
            self._renewal = asyncio.create_task(self._ask())
            self._renewal.add_done_callback(_note_failure)
        return self._renewal

    async def _ask(self) -> None:
        began, generation = self._clock(), self.generation
        revision = (await self._store.read_history_bounds(SERVICE_WORKSPACE)).revision
        if generation != self.generation:
            return  # it was asked before this process changed something
        if revision != self._revision:
            self._revision = revision
            self.generation += 1
            self._forget()
        self._confirmed = began


def _note_failure(renewal: asyncio.Task[None]) -> None:
    if not renewal.cancelled() and isinstance(error := renewal.exception(), Exception):
        # Those who need the answer wait for another one, and are told.
        level = logging.WARNING if isinstance(error, StoreUnavailable) else logging.ERROR
        _LOG.log(level, "the directory could not be read: %s", error)
