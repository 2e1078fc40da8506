"""Calls endpoints if httpx is installed."""

from collections.abc import Mapping, Sequence
from ipaddress import ip_network

from taskharbor.application.errors import MissingDependency
from taskharbor.application.ports.webhook_sender import WebhookAnswer, WebhookSender


class LazyWebhookSender(WebhookSender):
    """Imports httpx with the first webhook.

    Args:
        networks: addresses, such as `10.0.0.0/8`, that are allowed though they are not public.
    """

    def __init__(self, networks: Sequence[str] = ()) -> None:
        self._networks = [ip_network(network) for network in networks]
        self._sender: WebhookSender | None = None

    async def refusal_of(self, url: str) -> str | None:
        """Return why no request may go to this URL."""
        return await self._made().refusal_of(url)

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> WebhookAnswer:
        """Make a request."""
        return await self._made().post(url, headers, body)

    async def aclose(self) -> None:
        """Let go of what is open. The next request begins anew."""
        sender, self._sender = self._sender, None
        if sender is not None:
            await sender.aclose()

    def _made(self) -> WebhookSender:
        if self._sender is None:
            try:
                from taskharbor.adapters.webhooks.http_sender import HttpWebhookSender  # noqa: PLC0415
            except ModuleNotFoundError as missing:
                raise MissingDependency("httpx", purpose="to call webhooks", extra="webhooks") from missing
            self._sender = HttpWebhookSender(self._networks)
        return self._sender
