"""What a refused commit must and must not do."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import TypeVar

import pytest

from taskharbor.domain.errors import TaskharborError
from taskharbor.testing.scenes.bench import Bench
from taskharbor.testing.scenes.effort import PATIENCE

E = TypeVar("E", bound=TaskharborError)


@asynccontextmanager
async def refused_without_a_trace(here: Bench, error: type[E]) -> AsyncIterator[pytest.ExceptionInfo[E]]:
    """Expect `error` in the block and yield it; expect every task as it was before, and no revision taken."""
    revision = await here.take_revision()
    tasks_before = await here.everything()
    with pytest.raises(error) as caught:
        yield caught
    assert await here.everything() == tasks_before
    assert await here.take_revision() == revision + 1


async def count_refused(error: type[TaskharborError], *commits: Awaitable[object]) -> int:
    """Run the commits at once; return how many of them ended with `error`."""
    async with asyncio.timeout(PATIENCE):
        outcomes = await asyncio.gather(*commits, return_exceptions=True)
    refused = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    for outcome in refused:
        if not isinstance(outcome, error):
            raise outcome
    return len(refused)


async def must_be_refused(error: type[TaskharborError], attempt: Awaitable[object], commit: str) -> None:
    """Expect `error`."""
    try:
        answer = await attempt
    except error:
        return
    pytest.fail(f"{commit} must be refused with {error.__name__}; it was answered with {answer}", pytrace=False)
