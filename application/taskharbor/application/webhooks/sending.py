"""How many endpoints are called at the same time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final
from weakref import WeakValueDictionary

from taskharbor.domain.identifiers import WorkspaceId

MOST_AT_ONCE: Final = 64
"""By a process; as many again of those that failed last."""

MOST_OF_ONE: Final = 8
"""Of one workspace; as many again of those that failed last."""


class Sending:
    """Gives turns, so that neither one workspace nor endpoints that hang keep others waiting.

    An endpoint that failed last has its turn among its like: a call that hangs takes a turn for 15 seconds.
    """

    def __init__(self, *, at_once: int = MOST_AT_ONCE, of_one: int = MOST_OF_ONE) -> None:
        self._all = {fails: asyncio.Semaphore(at_once) for fails in (False, True)}
        self._of_one = of_one
        self._of: WeakValueDictionary[tuple[WorkspaceId, bool], asyncio.Semaphore] = WeakValueDictionary()

    @asynccontextmanager
    async def turn(self, workspace: WorkspaceId, *, fails: bool) -> AsyncIterator[None]:
        """Wait for a turn, and have it for the length of the block."""
        of_workspace = self._of.get((workspace, fails))
        if of_workspace is None:
            of_workspace = self._of[workspace, fails] = asyncio.Semaphore(self._of_one)
        async with of_workspace, self._all[fails]:
            yield
