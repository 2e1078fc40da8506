"""A turn at a store that may not answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from taskharbor.application.errors import StoreUnavailable


class StoreTurn:
    """Lets one call after the other ask a store for what serves them all.

    If it is away for one, it is for those who wait: else each would wait for its own time-out after that of the others.
    """

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._failures = 0
        self._reason = ""

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        """Wait for the turn, and hold it.

        Raises:
            StoreUnavailable: if the store was away for a call that began to hold it while this one waited.
        """
        failures = self._failures
        async with self._lock:
            if failures != self._failures:
                raise StoreUnavailable(self._reason)
            try:
                yield
            except StoreUnavailable as error:
                self._failures += 1
                self._reason = error.reason
                raise
