"""What a server does beside answering: it delivers to webhooks."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from taskharbor.application.use_cases.webhooks import WebhookUseCases
from taskharbor.entrypoints.background import in_background


@asynccontextmanager
async def delivering(webhooks: WebhookUseCases, *, enabled: bool) -> AsyncIterator[None]:
    """Deliver for the length of an `async with` block, in which the store is open.

    Several processes may do so at the same time: each endpoint is called by one of them.
    """
    if not enabled:
        yield
        return
    async with in_background(webhooks.deliver()):
        yield
