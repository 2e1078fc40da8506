"""Several who wait for the same answer get it, or the same error."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from taskharbor.application.errors import StoreUnavailable

V = TypeVar("V")


async def answer_all(answers: Sequence[asyncio.Future[V]], find: Callable[[], Awaitable[V]]) -> None:
    """Give everybody what `find` returns, or raise for them what it raises. Who has gone away is passed over."""
    try:
        found = await find()
    except asyncio.CancelledError:
        fail_all(answers, StoreUnavailable("it is shutting down"))
        raise
    except Exception as error:  # noqa: BLE001  # it belongs to those who await the answer
        fail_all(answers, error)
    else:
        for answer in answers:
            if not answer.done():
                answer.set_result(found)


def fail_all(answers: Sequence[asyncio.Future[V]], error: Exception) -> None:
    """Raise `error` for everybody who still waits."""
    for answer in answers:
        if not answer.done():
            answer.set_exception(error)
