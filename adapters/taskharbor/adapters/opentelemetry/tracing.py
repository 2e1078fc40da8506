"""Everything that makes spans, by one provider."""

import asyncio
from contextlib import suppress
from importlib.metadata import version
from threading import Thread
from typing import Final

from opentelemetry.sdk.trace import TracerProvider

from taskharbor.adapters.opentelemetry.traced_sender import TracedWebhookSender
from taskharbor.adapters.opentelemetry.traced_storage import traced_storage
from taskharbor.adapters.opentelemetry.traced_use_cases import traced_use_cases
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.webhook_sender import WebhookSender
from taskharbor.application.use_cases.application import UseCases

_LAST_SECONDS: Final = 3.0


class Tracing:
    """Puts spans around the parts of a service.

    Attributes:
        provider: where spans go; nothing is global.
    """

    def __init__(self, provider: TracerProvider) -> None:
        self.provider = provider
        self._tracer = provider.get_tracer("taskharbor", version("taskharbor"))

    def storage(self, storage: Storage) -> Storage:
        """Return the store with a span for each call."""
        return traced_storage(storage, self._tracer)

    def webhook_sender(self, sender: WebhookSender, storage: Storage) -> WebhookSender:
        """Return the sender with a span for each request, which has links to the commits that it tells."""
        return TracedWebhookSender(sender, self._tracer, storage)

    def use_cases(self, use_cases: UseCases) -> UseCases:
        """Return the use cases with a span for each call."""
        return traced_use_cases(use_cases, self._tracer)

    async def aclose(self) -> None:
        """Send what is still to be sent, if that takes no longer than 3 seconds."""
        loop, is_over = asyncio.get_running_loop(), asyncio.Event()

        def end() -> None:
            self.provider.shutdown()
            with suppress(RuntimeError):  # the loop has not waited
                loop.call_soon_threadsafe(is_over.set)

        # Not in the loop's own pool, which waits for its threads when the loop ends.
        Thread(target=end, name="taskharbor-last-spans", daemon=True).start()
        with suppress(TimeoutError):
            async with asyncio.timeout(_LAST_SECONDS):
                await is_over.wait()
