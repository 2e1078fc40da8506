"""Connects to the very address that was checked: a name that is resolved twice can mean two things."""

import ssl
from collections.abc import Sequence

import httpx

from taskharbor.adapters.webhooks.addresses import Network, is_allowed
from taskharbor.adapters.webhooks.resolver import Resolver


class AddressRefused(httpx.ConnectError):
    """The host has an address that requests may not go to."""

    def __init__(self) -> None:
        super().__init__("the address is not allowed")


class CheckedTransport(httpx.AsyncBaseTransport):
    """Resolves a host once, refuses it if any of its addresses may not be called, and connects to the first.

    Each request has a transport of its own, and so a connection: hosts that share an address must not share one, whose
    certificate was checked for the other name. And a pool keeps the connection of a request that is cancelled between
    connecting and sending: it is closed with the pool, and not before.
    """

    def __init__(self, networks: Sequence[Network], resolver: Resolver, tls: ssl.SSLContext) -> None:
        self._networks = networks
        self._resolver = resolver
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=0)
        self._inner = httpx.AsyncHTTPTransport(verify=tls, limits=limits, trust_env=False, retries=0)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request to an address that was checked.

        Raises:
            AddressRefused: if it may not go there.
            httpx.ConnectError: if the host has no address, or does not answer.
        """
        url = request.url
        port = url.port or (443 if url.scheme == "https" else 80)
        try:
            addresses = await self._resolver.addresses(url.host, port)
        except OSError as error:
            raise httpx.ConnectError("the name of the host cannot be resolved") from error
        if not addresses or not all(is_allowed(address, self._networks) for address in addresses):
            raise AddressRefused
        checked = httpx.Request(
            request.method,
            url.copy_with(host=str(addresses[0])),
            headers=request.headers,
            stream=request.stream,
            extensions={**request.extensions, "sni_hostname": url.host},
        )
        return await self._inner.handle_async_request(checked)

    async def aclose(self) -> None:
        """Close what is open."""
        await self._inner.aclose()
