"""Let other tasks of the event loop run while many items are handled."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator
from contextvars import ContextVar
from time import perf_counter
from typing import ClassVar, Final, Generic, TypeVar
from weakref import WeakKeyDictionary

T = TypeVar("T")
R = TypeVar("R")

SLICE_SECONDS: Final = 0.00025
"""How long items are handled without a break while others have something to do. A plain request takes as long."""

LONGEST_SLICE_SECONDS: Final = 2 * SLICE_SECONDS
"""How long they are handled where nobody else has had anything to do in the last breaks, each of which takes 25
microseconds: with such slices a batch of 100 has half of the breaks. With longer ones others wait too long."""

OTHERS_SECONDS: Final = 4 * SLICE_SECONDS
"""How long others may keep a computation waiting for its next slice, if they have so much to do."""

QUIET_SECONDS: Final = 0.00005
"""An event loop that comes round within this time has had nothing else to do."""

ROUNDS: Final = 4
"""How often the event loop comes round between two slices, if others have time for that. A request on a new connection
has precedence after three: the connection is taken, the request read, and a task made for it."""

PRECEDENCE_SECONDS: Final = 0.01
"""How long work has precedence at most. What takes longer waits for something else, a commit of thousands, say."""

EXPECTED_SECONDS: Final = 0.1
"""How long after the last slice of any computation another one is expected."""

FEW: Final = 20
"""So many items are not worth a break."""


async def give_way() -> float:
    """Let others run until they have nothing to do at the moment, but not for longer than `OTHERS_SECONDS`.

    Return for how many seconds the caller may go on then.

    Of all long computations on an event loop that give way, one goes on at a time. So they have the time that others
    leave, a fifth of it at least, and keep nobody for longer than one of them would. Work with precedence is let
    through to its end.
    """
    own = _precedence.get()
    if own is not None:
        own.end()  # it takes long itself
    return await _rota_of(asyncio.get_running_loop()).turn()


class Precedence:
    """What a piece of work has that long computations let through, to its end or for `PRECEDENCE_SECONDS`.

    It ends by itself with the first `give_way` of that work.

    Attributes:
        needed_until: by `perf_counter`; `EXPECTED_SECONDS` after a computation on any event loop last asked for a turn.
    """

    needed_until: ClassVar[float] = float("-inf")
    __slots__ = ("_rota", "began")

    def __init__(self, rota: "_Rota") -> None:
        self.began = perf_counter()
        self._rota: _Rota | None = rota

    @classmethod
    def begin(cls) -> "Precedence":
        """Give precedence to what the current context does from now on."""
        rota = _rota_of(asyncio.get_running_loop())
        own = Precedence(rota)
        rota.preceding[own] = None
        _precedence.set(own)
        return own

    def end(self) -> None:
        """Have it no more."""
        if self._rota is not None:
            rota, self._rota = self._rota, None
            rota.ended(self)


_precedence: Final[ContextVar[Precedence | None]] = ContextVar("precedence", default=None)


class _Rota:
    """Those who wait for their next slice, in their order.

    Attributes:
        preceding: the work that has precedence, the oldest first.
    """

    def __init__(self) -> None:
        self.preceding: dict[Precedence, None] = {}
        self._waiting: deque[asyncio.Future[float]] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._began = 0.0
        self._rounds = 0
        self._is_quiet = True
        self._slice = SLICE_SECONDS

    def turn(self) -> asyncio.Future[float]:
        """Return what is done, with the seconds of its slice, when it is the caller's turn."""
        now = perf_counter()
        Precedence.needed_until = now + EXPECTED_SECONDS
        if not self._waiting:
            self._begin(now)
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        return turn

    def ended(self, precedence: Precedence) -> None:
        """Take note that some work has no precedence any more."""
        self.preceding.pop(precedence, None)
        if self._timer is not None and not self.preceding:
            self._timer.cancel()
            self._timer = None
            self._look_soon()

    # The loop is not kept: it is known weakly, and would be kept for ever.
    def _look_soon(self) -> None:
        asyncio.get_running_loop().call_soon(self._look, perf_counter())

    def _look(self, left: float) -> None:
        """Let the next one go on, unless work has precedence, or others were busy since the loop was left at `left`."""
        self._timer = None
        now = perf_counter()
        rest = self._began + OTHERS_SECONDS - now
        if rest > 0:
            if self._is_preceded(now):
                self._is_quiet = False
                self._timer = asyncio.get_running_loop().call_later(rest, self._look, now)
                return
            self._rounds += 1
            was_quiet = now - left <= QUIET_SECONDS
            self._is_quiet = self._is_quiet and was_quiet
            if not was_quiet or self._rounds < ROUNDS:
                self._look_soon()
                return
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():  # it has not been cancelled
                turn.set_result(self._next_slice())
                break
        if self._waiting:
            self._begin(now)

    def _begin(self, now: float) -> None:
        self._began, self._rounds, self._is_quiet = now, 0, True
        self._look_soon()

    def _next_slice(self) -> float:
        is_alone = self._is_quiet and not self._waiting
        self._slice = min(2 * self._slice, LONGEST_SLICE_SECONDS) if is_alone else SLICE_SECONDS
        return self._slice

    def _is_preceded(self, now: float) -> bool:
        while self.preceding:
            oldest = next(iter(self.preceding))
            if now - oldest.began < PRECEDENCE_SECONDS:
                return True
            oldest.end()
        return False


def _rota_of(loop: asyncio.AbstractEventLoop) -> _Rota:
    rota = _rotas.get(loop)
    if rota is None:
        rota = _rotas[loop] = _Rota()
    return rota


_rotas: Final = WeakKeyDictionary[asyncio.AbstractEventLoop, _Rota]()


class in_turns(AsyncIterator[T], Generic[T]):  # noqa: N801  # it is used like a function: async for item in in_turns(items)
    """The items, with a turn for all others that are ready to run after each slice.

    Others can write to the store meanwhile: what was read before may have changed since, as after every await.
    A class, since an asynchronous generator that is left by an exception is only closed some time later.
    """

    def __init__(self, items: Iterable[T]) -> None:
        self._items: Iterator[T] = iter(items)
        self._end = perf_counter() + SLICE_SECONDS

    async def __anext__(self) -> T:
        """Return the next item."""
        if perf_counter() >= self._end:
            seconds = await give_way()
            self._end = perf_counter() + seconds
        for item in self._items:
            return item
        raise StopAsyncIteration


async def mapped(function: Callable[[T], R], items: Collection[T]) -> list[R]:
    """Return what `function` makes of each item, with turns for others if there are many."""
    if len(items) <= FEW:
        return [function(item) for item in items]
    made: list[R] = []
    end = perf_counter() + SLICE_SECONDS
    for item in items:  # by `in_turns`, each item would take a coroutine
        if perf_counter() >= end:
            seconds = await give_way()
            end = perf_counter() + seconds
        made.append(function(item))
    return made
