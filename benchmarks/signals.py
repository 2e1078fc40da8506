"""Leaving tidily: whatever was started is stopped, even if a signal ends the benchmark."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def exit_on_signals() -> None:
    """Turn the signals that end a program into an exit that runs every `finally`."""

    def leave(number: int, _: FrameType | None) -> None:
        sys.exit(128 + number)

    for number in ENDING:
        signal.signal(number, leave)


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let those signals wait until the block, which starts or stops something, is through."""
    arrived: list[int] = []
    before = {number: signal.signal(number, lambda arriving, _: arrived.append(arriving)) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        if arrived:
            signal.raise_signal(arrived[0])
