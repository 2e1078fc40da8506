"""A store whose every call takes a random while, before it is done and after."""

import asyncio
from collections.abc import Callable
from functools import wraps
from inspect import iscoroutinefunction
from random import Random
from typing import Any

from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_store import Changeset
from taskharbor.domain.identifiers import Revision

LONGEST_DELAY = 0.010
"""Seconds."""


class Delays:
    """Lets others go first."""

    def __init__(self, random: Random) -> None:
        self._random = random

    async def some(self) -> None:
        """Wait; sometimes only for what is ready already."""
        await asyncio.sleep(self._random.choice((0, 0, self._random.uniform(0, LONGEST_DELAY))))


class DelayedStorage:
    """Passes everything on. A call that is cancelled before is not made; a commit that was made is made."""

    def __init__(self, inner: Storage, delays: Delays) -> None:
        self._inner = inner
        self._delays = delays

    def begin_commit(self, changes: Changeset) -> "asyncio.Future[Revision]":
        """Commit, whoever waits for it or no longer does."""
        return asyncio.ensure_future(self.commit(changes))

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        return self._delayed(found) if iscoroutinefunction(found) else found

    def _delayed(self, call: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(call)
        async def delayed(*positional: Any, **named: Any) -> Any:
            await self._delays.some()
            result = await call(*positional, **named)
            await self._delays.some()
            return result

        return delayed
