"""Let other tasks of the event loop run while many items are handled."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Iterator
from typing import Final, Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

AT_ONCE: Final = 20
"""How many items are handled without a break. Reading and checking one takes up to a millisecond."""


class in_turns(AsyncIterator[T], Generic[T]):  # noqa: N801  # it is used like a function: async for item in in_turns(items)
    """The items, with a turn for all others that are ready to run after each `at_once` of them.

    Others can write to the store meanwhile: what was read before may have changed since, as after every await.
    A class, since an asynchronous generator that is left by an exception is only closed some time later.
    """

    def __init__(self, items: Iterable[T], *, at_once: int = AT_ONCE) -> None:
        self._items: Iterator[T] = iter(items)
        self._at_once = at_once
        self._handled = 0

    async def __anext__(self) -> T:
        """Return the next item."""
        if self._handled == self._at_once:
            self._handled = 0
            await asyncio.sleep(0)
        self._handled += 1
        for item in self._items:
            return item
        raise StopAsyncIteration


async def mapped(function: Callable[[T], R], items: Collection[T]) -> list[R]:
    """Return what `function` makes of each item, with turns for others if there are many."""
    if len(items) <= AT_ONCE:
        return [function(item) for item in items]
    return [function(item) async for item in in_turns(items)]
