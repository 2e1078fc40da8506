"""How often callers may ask, and what they are told of it (draft-ietf-httpapi-ratelimit-headers-11)."""

import ipaddress
from collections.abc import Callable
from math import ceil
from time import monotonic
from typing import Final

from starlette.types import Scope

from taskharbor.entrypoints.http.rate_limits.counters import MOST_KEYS, Counters
from taskharbor.entrypoints.http.requests.errors import RateLimited, TooManyFailures
from taskharbor.entrypoints.http.responses.more_headers import add_headers
from taskharbor.entrypoints.settings.rate import Rate

_IPV6_HOST_BITS: Final = 64


class RateLimit:
    """A limit that one kind of caller has; `policy` is its name."""

    def __init__(self, policy: str, rate: Rate, counters: Counters) -> None:
        self._policy = policy
        self._rate = rate
        self._counters = counters
        self._stated = (b"ratelimit-policy", b'"%b";q=%d;w=%d' % (policy.encode(), rate.quota, rate.seconds))

    async def take(self, caller: str, scope: Scope) -> None:
        """Count a request, and have the answer say what is left.

        Raises:
            RateLimited: if it is one too many.
        """
        amount, left = await self._counters.add(f"{self._policy}:{caller}", self._rate)
        remaining = max(0, self._rate.quota - amount)
        limit = (b"ratelimit", b'"%b";r=%d;t=%d' % (self._policy.encode(), remaining, left))
        add_headers(scope, (self._stated, limit))
        if amount > self._rate.quota:
            raise RateLimited(self._policy, self._rate, left)


class Failures:
    """Slows down those who guess: after too many failures from an address nothing is tried from there for a while.

    A right token is refused then, too: else a guess would cost nothing but the answer. Processes that count together
    learn of it with the next failure that they see from there, so no request waits for the counter but one that fails.
    """

    def __init__(self, rate: Rate, counters: Counters, clock: Callable[[], float] = monotonic) -> None:
        self._rate = rate
        self._counters = counters
        self._clock = clock
        self._refused: dict[str, float] = {}

    def require_few(self, scope: Scope) -> None:
        """Make sure that the address may try.

        Raises:
            TooManyFailures: if there were too many.
        """
        if not self._refused:  # by far the most common
            return
        key = self._key(scope)
        left = self._refused.get(key, 0.0) - self._clock()
        if left > 0:
            raise TooManyFailures("failures", self._rate, ceil(left))
        self._refused.pop(key, None)

    async def note(self, scope: Scope) -> None:
        """Count a failure.

        Raises:
            TooManyFailures: if there were too many before, elsewhere: it says nothing of this one.
        """
        key = self._key(scope)
        amount, left = await self._counters.add(key, self._rate)
        if amount >= self._rate.quota:
            if len(self._refused) >= MOST_KEYS:
                self._refused.clear()
            self._refused[key] = self._clock() + left
        if amount > self._rate.quota:
            raise TooManyFailures("failures", self._rate, left)

    @staticmethod
    def _key(scope: Scope) -> str:
        return f"failures:{address_of(scope)}"


def address_of(scope: Scope) -> str:
    """Return where a request comes from. An IPv6 network counts as one: each of its users has 2^64 addresses."""
    client = scope.get("client")
    if client is None:
        return "unknown"
    host = str(client[0])
    if ":" not in host:
        return host
    try:
        address = ipaddress.IPv6Address(host.partition("%")[0])
    except ValueError:
        return host
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(address) >> _IPV6_HOST_BITS << _IPV6_HOST_BITS, _IPV6_HOST_BITS)))
