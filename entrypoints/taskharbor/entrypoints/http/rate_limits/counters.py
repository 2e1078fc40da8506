"""Counts what happened in windows of time, in this process."""

import time
from collections.abc import Callable
from math import ceil
from typing import Final, NamedTuple, Protocol

from taskharbor.entrypoints.settings.rate import Rate

MOST_KEYS: Final = 100_000
"""How many callers are told apart. Whoever makes more up than that makes the process forget all of them."""


class Count(NamedTuple):
    """What happened in the current window, and the seconds until the next one begins."""

    amount: int
    seconds_left: int


class Counters(Protocol):
    """Counts in windows that follow each other. They begin at multiples of their length, so all processes agree."""

    async def add(self, key: str, rate: Rate, amount: int = 1) -> Count:
        """Count `amount` more for `key`, 0 to look only. What is counted beyond the quota counts, too."""
        ...

    async def aclose(self) -> None:
        """Let go of what they are kept in."""
        ...


def window_at(now: float, rate: Rate) -> tuple[int, int]:
    """Return the number of the window at `now`, in seconds since the epoch, and the seconds that are left of it."""
    number, passed = divmod(now, rate.seconds)
    return int(number), ceil(rate.seconds - passed)


class ProcessCounters:
    """Counters in a dictionary: one for each window, thrown away when that is over.

    Not the storage in memory of `limits`, which looks at every key on every hit: 35 microseconds with 1 key, 2,400 with
    10,000.
    """

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._windows: dict[Rate, tuple[int, dict[str, int]]] = {}

    async def add(self, key: str, rate: Rate, amount: int = 1) -> Count:
        """Count."""
        number, left = window_at(self._now(), rate)
        window = self._windows.get(rate)
        if window is None or window[0] != number or len(window[1]) >= MOST_KEYS:
            window = self._windows[rate] = (number, {})
        counted = window[1]
        total = counted.get(key, 0) + amount
        if amount:
            counted[key] = total
        return Count(total, left)

    async def aclose(self) -> None:
        """Keep nothing open."""
