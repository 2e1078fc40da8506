"""Calls endpoints over HTTP."""

import asyncio
import ssl
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlsplit

import httpx

from taskharbor.adapters.webhooks.addresses import Network, is_allowed
from taskharbor.adapters.webhooks.checked_transport import AddressRefused, CheckedTransport
from taskharbor.adapters.webhooks.resolver import Resolver
from taskharbor.application.ports.webhook_sender import WebhookAnswer, WebhookSender

MOST_READ: Final = 65_536
"""Bytes of an answer that are read; it is closed there."""

TIMEOUT: Final = 15.0
"""Seconds for all of a request."""

_RESOLVE: Final = 5.0
_NOT_ALLOWED: Final = "must not be of a private, local or otherwise special address"


class HttpWebhookSender(WebhookSender):
    """Takes neither proxies nor credentials from the environment, and follows no redirects.

    Args:
        networks: addresses that are allowed though they are not public.
        timeout: seconds for all of a request.
    """

    def __init__(self, networks: Sequence[Network] = (), *, timeout: float = TIMEOUT) -> None:
        self._networks = networks
        self._timeout = timeout
        self._resolver = Resolver()
        self._tls: ssl.SSLContext | None = None

    async def refusal_of(self, url: str) -> str | None:
        """Return why its address is refused. That of a host that is not known now is looked at later."""
        parts = urlsplit(url)
        try:
            async with asyncio.timeout(_RESOLVE):
                addresses = await self._resolver.addresses(parts.hostname or "", parts.port or 443)
        except (OSError, TimeoutError, UnicodeError):
            return None
        return None if all(is_allowed(address, self._networks) for address in addresses) else _NOT_ALLOWED

    async def post(self, url: str, headers: Mapping[str, str], body: bytes) -> WebhookAnswer:
        """Make the request, and read the answer up to 64 KiB."""
        try:
            async with (
                asyncio.timeout(self._timeout),
                self._client() as client,
                client.stream("POST", url, headers=dict(headers), content=body) as response,
            ):
                read = 0
                async for chunk in response.aiter_raw():
                    read += len(chunk)
                    if read >= MOST_READ:
                        break
                return WebhookAnswer(status=response.status_code, retry_after=_seconds(response))
        except (TimeoutError, httpx.TimeoutException):
            return WebhookAnswer(error="no answer in time")
        except AddressRefused:
            return WebhookAnswer(error="the address is not allowed")
        except httpx.ConnectError:
            return WebhookAnswer(error="cannot connect")
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            return WebhookAnswer(error=f"the request failed ({type(error).__name__})")

    async def aclose(self) -> None:
        """Look no more names up."""
        self._resolver.close()

    def _client(self) -> httpx.AsyncClient:
        if self._tls is None:  # made on first use: to read the certificates takes some milliseconds
            self._tls = httpx.create_ssl_context(trust_env=False)
        return httpx.AsyncClient(
            transport=CheckedTransport(self._networks, self._resolver, self._tls),
            timeout=httpx.Timeout(self._timeout, connect=5.0),
            follow_redirects=False,
            trust_env=False,
        )


def _seconds(response: httpx.Response) -> float | None:
    text = response.headers.get("retry-after", "")
    return float(text) if text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004
