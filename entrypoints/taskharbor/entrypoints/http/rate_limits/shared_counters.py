"""Counts across all workers and machines, in Redis or Valkey."""

import time
from collections.abc import Callable
from typing import Any, Final

import structlog

from taskharbor.entrypoints.http.rate_limits.counters import Count, ProcessCounters, window_at
from taskharbor.entrypoints.settings.rate import Rate

TIMEOUT_SECONDS: Final = 0.25
PAUSE_SECONDS: Final = 5.0
"""For so long nothing is asked after a failure."""


class SharedCounters:
    """Counters by `limits`, one round trip each. While they cannot be reached, each process counts by itself."""

    def __init__(self, url: str, now: Callable[[], float] = time.time) -> None:
        self._storage: Any = _storage_at(url)
        self._now = now
        self._alone = ProcessCounters(now)
        self._pause_until = 0.0

    async def add(self, key: str, rate: Rate, amount: int = 1) -> Count:
        """Count."""
        now = self._now()
        if now < self._pause_until:
            return await self._alone.add(key, rate, amount)
        number, left = window_at(now, rate)
        place = f"taskharbor:{rate}:{number}:{key}"
        try:
            total = await self._total(place, rate, amount)
        except Exception as failure:  # noqa: BLE001  # of whatever client is behind it
            self._pause_until = self._now() + PAUSE_SECONDS
            structlog.get_logger().warning("rate limits are counted in each process", reason=type(failure).__name__)
            return await self._alone.add(key, rate, amount)
        return Count(total, left)

    async def _total(self, place: str, rate: Rate, amount: int) -> int:
        # A window outlives itself by one, should clocks differ a little.
        total = self._storage.incr(place, 2 * rate.seconds, amount) if amount else self._storage.get(place)
        return int(await total)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._storage.bridge.get_connection().aclose()


def _storage_at(url: str) -> Any:  # noqa: ANN401  # its types are those of a client that may not be installed
    from limits.storage import storage_from_string  # noqa: PLC0415  # an extra; the settings have made sure of it

    uri = f"async+{url.replace('valkey', 'redis', 1)}"  # they speak the same protocol
    timeouts = {"socket_timeout": TIMEOUT_SECONDS, "socket_connect_timeout": TIMEOUT_SECONDS}
    return storage_from_string(uri, implementation="redispy", **timeouts)
