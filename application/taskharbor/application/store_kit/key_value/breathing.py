"""Long work on the event loop lets others run in between."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import Final, TypeVar

T = TypeVar("T")

PIECE: Final = 50
"""After how many of them others get their turn: some 2 ms of encoding or decoding tasks."""


async def breathing(items: Iterable[T]) -> AsyncIterator[T]:
    """Yield the items, and let others run now and then."""
    for place, item in enumerate(items, start=1):
        if place % PIECE == 0:
            await asyncio.sleep(0)
        yield item
