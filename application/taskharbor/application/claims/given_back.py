"""A claim of which nobody learns is ended."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

R = TypeVar("R")


async def given_back_if_cancelled(
    claiming: Coroutine[Any, Any, R | None], *, given_up: asyncio.Event, give_back: Callable[[R], Awaitable[object]]
) -> R | None:
    """Return what was claimed; if the caller is cancelled, set `given_up`, and give back what is claimed all the same.

    A commit that was sent goes on: a caller that is cancelled meanwhile would hold a task without knowing it.
    """
    task = asyncio.ensure_future(claiming)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        given_up.set()
        while not task.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait({task})
        if not task.cancelled() and task.exception() is None:
            found = task.result()
            if found is not None:
                await give_back(found)
        raise
