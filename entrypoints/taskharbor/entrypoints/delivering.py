"""What a server does beside answering: it delivers to webhooks."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from taskharbor.application.use_cases.webhooks import WebhookUseCases

_LOG = logging.getLogger("taskharbor.webhooks")


@asynccontextmanager
async def delivering(webhooks: WebhookUseCases, *, enabled: bool) -> AsyncIterator[None]:
    """Deliver for the length of an `async with` block, in which the store is open.

    Several processes may do so at the same time: each endpoint is called by one of them.
    """
    if not enabled:
        yield
        return
    delivery = asyncio.create_task(webhooks.deliver())
    delivery.add_done_callback(_note_failure)
    try:
        yield
    finally:
        delivery.cancel()
        with suppress(asyncio.CancelledError):
            await delivery


def _note_failure(delivery: asyncio.Task[None]) -> None:
    if not delivery.cancelled() and (error := delivery.exception()) is not None:
        _LOG.error("webhooks are delivered no more", exc_info=error)
