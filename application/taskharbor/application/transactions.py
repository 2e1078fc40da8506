"""How each piece of business gets a unit of work of its own, and another one if it lost a race."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

from taskharbor.application.call_options import CallOptions
from taskharbor.application.errors import ConcurrentUpdate
from taskharbor.application.ports.clock import Clock
from taskharbor.application.ports.storage import Storage
from taskharbor.application.unit_of_work import UnitOfWork
from taskharbor.domain.actor import actor_from
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE

MAX_ATTEMPTS: Final = 16
"""How often a use case is run before its `ConcurrentUpdate` reaches the caller."""

_LONGEST_PAUSE: Final = 0.064
"""Seconds."""

R = TypeVar("R")


class Transactions:
    """Runs work in a unit of work, and again if somebody else committed first."""

    def __init__(self, storage: Storage, *, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock

    async def run(
        self,
        work: Callable[[UnitOfWork], Awaitable[R]],
        command: object,  # noqa: ARG002  # will tell one request from another
        about: CallOptions,
    ) -> R:
        """Return what `work` returns, which carries out `command` and commits.

        Raises:
            ConcurrentUpdate: if it lost 16 races in a row.
            InvalidValue: for `actor`.
        """
        workspace = about.get("workspace", DEFAULT_WORKSPACE)
        actor = actor_from(about.get("actor"))
        for attempt in range(1, MAX_ATTEMPTS + 1):
            try:
                async with UnitOfWork(self._storage, workspace=workspace, now=self._clock.now(), actor=actor) as uow:
                    return await work(uow)
            except ConcurrentUpdate:
                if attempt == MAX_ATTEMPTS:
                    raise
            # Losers of one race who come back at the same moment would only race again.
            await asyncio.sleep(random.uniform(0, min(_LONGEST_PAUSE, 0.001 * 2**attempt)))  # noqa: S311
        raise AssertionError("the last attempt returns or raises")
