"""An event loop whose clock jumps to what comes next, so that years pass in milliseconds and every run is the same."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final, TypeVar

from taskharbor.application.ports.clock import Clock

T = TypeVar("T")

HOW_OFTEN: Final = 1 / 20
"""Of the times that somebody looks at a clock, it has jumped so often."""

FURTHEST: Final = 60.0
"""Seconds that it is ahead or behind then."""


class Deadlock(Exception):
    """Everybody waits, and nothing will come."""


class VirtualLoop(asyncio.SelectorEventLoop):
    """Does what an event loop does, without waiting. Nothing from outside the loop's thread may be awaited on it."""

    def __init__(self) -> None:
        super().__init__(_NeverWaiting(self._pass))
        self._seconds = 0.0

    def time(self) -> float:
        return self._seconds

    def _pass(self, seconds: float | None) -> None:
        if seconds is None:
            raise Deadlock
        self._seconds += max(seconds, 0)


class _NeverWaiting(selectors.SelectSelector):
    def __init__(self, pass_seconds: Callable[[float | None], None]) -> None:
        super().__init__()
        self._pass = pass_seconds

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self._pass(timeout)
        return []


class JumpingClock(Clock):
    """The loop's time as a date, but for jumps to and fro: each process has its own."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._ahead = 0.0

    def now(self) -> datetime:
        if self._random.random() < HOW_OFTEN:
            self._ahead = self._random.uniform(-FURTHEST, FURTHEST)
        seconds = asyncio.get_running_loop().time() + self._ahead
        return datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(seconds=seconds)


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end in virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)
