"""A few requests at a time, others in the order in which they came, and only as many as will soon have their turn."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Final

from starlette.types import Message, Receive, Send

from taskharbor.application.turns import Precedence

FIRST_GUESS: Final = 0.002
"""Seconds that a request takes, before any was seen."""

FEWEST: Final = 4
"""However long they take, so many are worked on at once: a store may be slow, and not the processor."""

SHARED_SECONDS: Final = 0.05
"""What all that are worked on may take together: so long the event loop may keep a new connection waiting."""

LONGER_THAN_FORESEEN: Final = 1.25
"""How many times as long as it should be the wait of the last may become before some are refused."""

SENT_AWAY_WITHIN: Final = 0.05
"""Seconds after which who waits is no longer refused, though the turn may come late: refusals are to be quick."""

FAR_TOO_LONG: Final = 4
"""How many times as long as it should have a request may wait, if the estimate was wrong, before it is refused."""

_MEMORY: Final = 32
"""Over how many requests the time that one takes is averaged, roughly."""


class Lane:
    """Counts who is at work, and holds back who is not.

    It learns how long one request keeps the lane from the next, and so how many are worked on at once, and how many
    may wait without waiting longer than `max_wait` seconds: many quick ones or a few slow ones.
    """

    def __init__(self, *, most: int, max_wait: float, clock: Callable[[], float] = perf_counter) -> None:
        self._most = most
        self._max_wait = max_wait
        self._clock = clock
        self._running = 0
        self._fewest = min(most, FEWEST)
        self._waiting: deque[tuple[float, asyncio.Future[bool]]] = deque()
        self._seconds_each = FIRST_GUESS
        self._since = 0.0

    @property
    def running(self) -> int:
        """How many are at work."""
        return self._running

    @property
    def waiting(self) -> int:
        """How many wait for a turn."""
        return len(self._waiting)

    @property
    def is_full(self) -> bool:
        """Whether another request would wait too long, by what is known of the others or because the first one does."""
        if not self._waiting:
            return False
        waited = self._clock() - self._waiting[0][0]
        return waited > self._max_wait or len(self._waiting) * self._seconds_each > self._max_wait

    def enter_at_once(self) -> bool:
        """Take a turn if there is one; return whether there was. What entered must leave."""
        if self._running >= self._fewest and self._running >= self._width:
            return False
        if not self._running:
            self._since = self._clock()
        self._running += 1
        return True

    async def enter(self) -> bool:
        """Wait for a turn; return False if it did not come in good time. What entered must leave."""
        if self.enter_at_once():
            return True
        turn = self._turn()
        self._waiting.append((self._clock(), turn))
        return await self._awaited(turn)

    async def enter_again(self) -> None:
        """Wait for a turn before those who have had none, and however long it takes."""
        if self.enter_at_once():
            return
        turn = self._turn()
        self._waiting.appendleft((float("inf"), turn))
        await self._awaited(turn)

    def leave(self, *, is_done: bool = True) -> None:
        """End a turn; the next one begins. `is_done` says whether the request has been worked on to its end."""
        if is_done:
            now = self._clock()
            # One that took very long says little about the next ones: it had to start something up, say.
            taken = min(now - self._since, self._seconds_each * 8)
            self._seconds_each += (taken - self._seconds_each) / _MEMORY
            self._since = now
            if self._waiting and len(self._waiting) * self._seconds_each > LONGER_THAN_FORESEEN * self._max_wait:
                self._send_away(now)
        self._running -= 1
        if self._waiting:
            self._let_in()

    @property
    def _width(self) -> int:
        """How many are worked on at once."""
        return min(self._most, max(FEWEST, round(SHARED_SECONDS / self._seconds_each)))

    def _start(self) -> None:
        if not self._running:
            self._since = self._clock()
        self._running += 1

    @staticmethod
    def _turn() -> asyncio.Future[bool]:
        return asyncio.get_running_loop().create_future()

    async def _awaited(self, turn: asyncio.Future[bool]) -> bool:
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.result():
                self.leave(is_done=False)
            raise

    def _send_away(self, now: float) -> None:
        """Refuse those who have only just come, as requests turn out to take longer than was foreseen."""
        while self._waiting and len(self._waiting) * self._seconds_each > self._max_wait:
            since, turn = self._waiting[-1]
            # One whose body has been read waits since infinity: it is worked on already.
            if not 0 <= now - since <= SENT_AWAY_WITHIN:
                return
            self._waiting.pop()
            if not turn.done():
                turn.set_result(False)

    def _let_in(self) -> None:
        now = self._clock()
        while self._waiting and self._running < self._width:
            since, turn = self._waiting.popleft()
            if turn.done():  # its request was cancelled
                continue
            is_in_time = now - since <= FAR_TOO_LONG * self._max_wait
            turn.set_result(is_in_time)
            if is_in_time:
                self._start()


class Visit:
    """A request on its way through a lane, in which it is when this begins.

    Attributes:
        is_over: whether it has left the lane for good.
    """

    __slots__ = ("_is_inside", "_lane", "_precedence", "_receive", "_send", "is_over")

    def __init__(self, lane: Lane, receive: Receive, send: Send) -> None:
        self._lane = lane
        self._receive = receive
        self._send = send
        self._is_inside = True
        self.is_over = False
        self._precedence = Precedence.begin() if perf_counter() < Precedence.needed_until else None

    def end(self) -> None:
        """Leave the lane for good."""
        self.is_over = True
        if self._is_inside:
            self._is_inside = False
            self._lane.leave()
        if self._precedence is not None:
            self._precedence.end()

    async def receive(self) -> Message:
        """Wait for the next message from the client outside of the lane."""
        if not self._is_inside:
            return await self._receive()
        self._is_inside = False
        self._lane.leave(is_done=False)
        message = await self._receive()
        if not self.is_over:
            if not self._lane.enter_at_once():
                await self._lane.enter_again()
            self._is_inside = True
        return message

    def send(self, message: Message) -> Awaitable[None]:
        """Send a message to the client; with the first one the visit is over."""
        if message["type"] == "http.response.start":
            self.end()
        return self._send(message)
