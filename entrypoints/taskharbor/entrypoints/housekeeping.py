"""What a server does beside answering: it takes away what has been kept long enough."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from taskharbor.application.errors import StoreNotReady, StoreUnavailable
from taskharbor.application.use_cases.history import HistoryUseCases
from taskharbor.domain.errors import counted
from taskharbor.entrypoints.background import in_background
from taskharbor.entrypoints.settings.settings import Settings

_LOG = logging.getLogger("taskharbor.housekeeping")


@asynccontextmanager
async def housekeeping(past: HistoryUseCases, settings: Settings) -> AsyncIterator[None]:
    """Purge at once and then periodically for the length of an `async with` block, in which the store is open.

    Several processes may do so at the same time: it goes in small steps, and each takes what is left.
    """
    async with in_background(_purge_again_and_again(past, settings)):
        yield


async def _purge_again_and_again(past: HistoryUseCases, settings: Settings) -> None:
    while True:
        try:
            gone = await past.purge(settings.purge_command())
            if gone.tasks or gone.records or gone.commits:
                _LOG.info(
                    "purged %s, %s and the history of %s",
                    counted(gone.tasks, "deleted task"),
                    counted(gone.records, "expired record"),
                    counted(gone.commits, "commit"),
                )
        except (StoreNotReady, StoreUnavailable) as unavailable:
            _LOG.warning("the purge failed and will be repeated: %s", unavailable)
        except Exception:  # noqa: BLE001  # a purge that fails must not be the last one
            _LOG.exception("the purge failed and will be repeated")
        await asyncio.sleep(settings.purge_interval)
