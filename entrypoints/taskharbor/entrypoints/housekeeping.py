"""What a server does beside answering: it takes away what has been kept long enough."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from taskharbor.application.errors import StoreUnavailable
from taskharbor.application.use_cases.history import HistoryUseCases
from taskharbor.entrypoints.settings.settings import Settings

_LOG = logging.getLogger("taskharbor.housekeeping")


@asynccontextmanager
async def housekeeping(past: HistoryUseCases, settings: Settings) -> AsyncIterator[None]:
    """Purge at once and then periodically for the length of an `async with` block, in which the store is open.

    Several processes may do so at the same time: it goes in small steps, and each takes what is left.
    """
    purging = asyncio.create_task(_purge_again_and_again(past, settings))
    try:
        yield
    finally:
        purging.cancel()
        with suppress(asyncio.CancelledError):
            await purging


async def _purge_again_and_again(past: HistoryUseCases, settings: Settings) -> None:
    while True:
        try:
            gone = await past.purge(settings.purge_command())
            if gone.tasks or gone.records or gone.commits:
                _LOG.info(
                    "purged %d deleted tasks, %d expired records and the history of %d commits",
                    gone.tasks,
                    gone.records,
                    gone.commits,
                )
        except StoreUnavailable as unavailable:
            _LOG.warning("nothing was purged, for now: %s", unavailable)
        except Exception:  # noqa: BLE001  # a purge that fails must not be the last one
            _LOG.exception("nothing was purged, for now")
        await asyncio.sleep(settings.purge_interval)
