"""An event loop whose clock jumps to what comes next, so that years pass in milliseconds and every run is the same."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from taskharbor.application.ports.clock import Clock

T = TypeVar("T")


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


class VirtualClock(Clock):
    """The loop's time as a date."""

    def now(self) -> datetime:
        return datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(seconds=asyncio.get_running_loop().time())


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end in virtual time."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)
