"""Many at once, and refusals that are expected."""

import asyncio
from collections.abc import Awaitable
from typing import Any

import pytest

from taskharbor.domain.errors import InvalidValue, TaskharborError
from taskharbor.testing.scenes.effort import PATIENCE


async def at_once(*attempts: Awaitable[Any]) -> list[Any]:
    """Do all of it at once; return the answers and the refusals."""
    async with asyncio.timeout(PATIENCE):
        outcomes = await asyncio.gather(*attempts, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, BaseException) and not isinstance(outcome, TaskharborError):
            raise outcome
    return outcomes


async def refused_at(field: str, attempt: Awaitable[object]) -> None:
    """Expect a refusal that names this field."""
    with pytest.raises(InvalidValue) as refused:
        await attempt
    assert refused.value.field == field
