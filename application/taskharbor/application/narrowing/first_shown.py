"""Pages of what is shown, out of pages of all that there is."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeVar

T = TypeVar("T")

AT_ONCE: Final = 500
"""How many of the whole workspace one read looks at."""


async def first_shown(
    limit: int,
    page: Callable[[T | None], Awaitable[Sequence[T]]],
    shown: Callable[[Sequence[T]], Awaitable[Sequence[T]]],
    *,
    size: int = AT_ONCE,
) -> list[T]:
    """Return the first that are shown, from as many pages of `size` as that takes."""
    found: list[T] = []
    last: T | None = None
    while True:
        read = await page(last)
        found += await shown(read)
        if len(found) >= limit or len(read) < size:
            return found[:limit]
        last = read[-1]
