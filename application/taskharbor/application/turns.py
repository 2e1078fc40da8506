"""Let other tasks of the event loop run while many items are handled."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator
from time import perf_counter
from typing import Final, Generic, TypeVar
from weakref import WeakKeyDictionary

T = TypeVar("T")
R = TypeVar("R")

SLICE_SECONDS: Final = 0.0005
"""How long items are handled without a break. A plain request takes the event loop about as long."""

OTHERS_SECONDS: Final = 4 * SLICE_SECONDS
"""How long others may keep a computation waiting for its next slice, if they have so much to do."""

QUIET_SECONDS: Final = 0.0001
"""An event loop that comes round within this time has had nothing else to do."""

FEW: Final = 20
"""So many items are not worth a break."""


async def give_way() -> None:
    """Let others run until they have nothing to do at the moment, but not for longer than `OTHERS_SECONDS`.

    Of all long computations on an event loop that give way, one goes on at a time. So they have the time that others
    leave, a fifth of it at least, and keep nobody for longer than one of them would.
    """
    loop = asyncio.get_running_loop()
    rota = _rotas.get(loop)
    if rota is None:
        rota = _rotas[loop] = _Rota()
    await rota.turn()


class _Rota:
    """Those who wait for their next slice, in their order."""

    def __init__(self) -> None:
        self._waiting: deque[asyncio.Future[None]] = deque()

    def turn(self) -> asyncio.Future[None]:
        """Return what is done when it is the caller's turn."""
        if not self._waiting:
            self._look_soon(perf_counter())
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        return turn

    # The loop is not kept: it is known weakly, and would be kept for ever.
    def _look_soon(self, began: float) -> None:
        asyncio.get_running_loop().call_soon(self._look, began, perf_counter())

    def _look(self, began: float, left: float) -> None:
        """Let the next one go on, unless others have been busy since the loop was left at `left`."""
        now = perf_counter()
        if now - left > QUIET_SECONDS and now - began < OTHERS_SECONDS:
            self._look_soon(began)
            return
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():  # it has not been cancelled
                turn.set_result(None)
                break
        if self._waiting:
            self._look_soon(now)


_rotas: Final = WeakKeyDictionary[asyncio.AbstractEventLoop, _Rota]()


class in_turns(AsyncIterator[T], Generic[T]):  # noqa: N801  # it is used like a function: async for item in in_turns(items)
    """The items, with a turn for all others that are ready to run after each `SLICE_SECONDS`.

    Others can write to the store meanwhile: what was read before may have changed since, as after every await.
    A class, since an asynchronous generator that is left by an exception is only closed some time later.
    """

    def __init__(self, items: Iterable[T]) -> None:
        self._items: Iterator[T] = iter(items)
        self._end = perf_counter() + SLICE_SECONDS

    async def __anext__(self) -> T:
        """Return the next item."""
        if perf_counter() >= self._end:
            await give_way()
            self._end = perf_counter() + SLICE_SECONDS
        for item in self._items:
            return item
        raise StopAsyncIteration


async def mapped(function: Callable[[T], R], items: Collection[T]) -> list[R]:
    """Return what `function` makes of each item, with turns for others if there are many."""
    if len(items) <= FEW:
        return [function(item) for item in items]
    return [function(item) async for item in in_turns(items)]
