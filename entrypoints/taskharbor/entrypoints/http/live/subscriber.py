"""What is on its way to one client."""

import asyncio
from collections import deque
from collections.abc import Sequence
from enum import Enum, auto
from typing import Final

from taskharbor.domain.identifiers import Revision

MAX_WAITING_BYTES: Final = 1_048_576
"""How much may wait for a client, beside what it is being sent. They are shared by all who are sent the same."""


class End(Enum):
    """Why a stream ends."""

    GONE = auto()
    STOPPING = auto()
    TOO_SLOW = auto()
    RESET = auto()


_PATIENCE: Final = {End.TOO_SLOW: 0.0, End.STOPPING: 0.5}
"""Seconds that a client has to take what it is being sent."""


class Subscriber:
    """A buffer that a channel fills, and a stream empties.

    Attributes:
        seen: what commits up to this revision did has been sent before it joined the channel.
        end: why no more comes, or None.
    """

    def __init__(self) -> None:
        self.seen: Revision = 0
        self.end: End | None = None
        self._waiting: deque[bytes] = deque()
        self._size = 0
        self._something = asyncio.Event()
        self._cut: asyncio.Timeout | None = None

    def cut_with(self, timeout: asyncio.Timeout) -> None:
        """Have this timeout expire when the client is too slow, or the server stops while it is."""
        self._cut = timeout

    def put(self, text: bytes) -> None:
        """Send this after all that waits; a client for which too much waits is cut."""
        if self.end is not None:
            return
        if self._waiting and self._size + len(text) > MAX_WAITING_BYTES:
            self.finish(End.TOO_SLOW)
            return
        self._waiting.append(text)
        self._size += len(text)
        self._something.set()

    def put_events(self, events: Sequence[tuple[Revision, bytes]], together: bytes) -> None:
        """Send those events that were not sent before; each comes with its revision, and all as one text."""
        if events and events[0][0] <= self.seen:
            together = b"".join([text for of, text in events if of > self.seen])
        if together:
            self.put(together)

    def finish(self, end: End, text: bytes = b"") -> None:
        """Let the stream end, with `text` as its last words."""
        if self.end is not None:
            return
        if text:
            self._waiting.append(text)
        self.end = end
        self._something.set()
        if self._cut is not None and end in _PATIENCE:
            self._cut.reschedule(asyncio.get_running_loop().time() + _PATIENCE[end])

    async def next_text(self) -> bytes | None:
        """Wait for what is to be sent next; None if that was all."""
        while not self._waiting:
            if self.end is not None:
                return None
            self._something.clear()
            await self._something.wait()
        text = self._waiting.popleft()
        self._size -= len(text)
        return text
