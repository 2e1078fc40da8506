"""Wait for a task that can be claimed."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Final, TypeVar

from taskharbor.application.claims.claim_next import ClaimNext
from taskharbor.application.sync.watches import Watches
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import WorkspaceId

R = TypeVar("R")

LONGEST_WAIT: Final = 60.0
"""Seconds: many a proxy cuts a connection that is idle for longer."""

_LOOK_AGAIN: Final = 1.0
"""Seconds after which is looked again though nothing was committed: claims run out."""

_BREATH: Final = 0.02
"""Seconds between two looks, however much is committed."""


class WaitingForTasks:
    """Lets calls wait for a task. Of those that ask the same, one looks at a time, in the order in which they came."""

    def __init__(self, watches: Watches) -> None:
        self._watches = watches
        self._turns: defaultdict[Hashable, deque[asyncio.Event]] = defaultdict(deque)

    async def first(
        self,
        look: Callable[[], Awaitable[R | None]],
        command: ClaimNext,
        workspace: WorkspaceId,
        *,
        wait: float,
        given_up: asyncio.Event,
    ) -> R | None:
        """Return what `look` returns, or None if that has been None for `wait` seconds, or until `given_up` was set.

        Raises:
            InvalidValue: for `wait`.
        """
        if not 0 <= wait <= LONGEST_WAIT:
            raise InvalidValue("wait", f"must be from 0 to {LONGEST_WAIT:g} seconds")
        found = await look()
        if found is not None or not wait:
            return found
        end = _time() + wait
        question = workspace, repr((command.filter, command.q, command.saved, command.time_zone, command.sort))
        with self._watches.listening(workspace) as heard, self._turn_of(question) as turn:
            await _wait_for_any(turn, given_up, until=end)
            while turn.is_set() and not given_up.is_set() and _time() < end:
                heard.clear()  # before looking: a commit that comes meanwhile is heard
                found = await look()
                if found is not None:
                    return found
                await _wait_for_any(given_up, until=min(_time() + _BREATH, end))
                await _wait_for_any(heard, given_up, until=min(_time() + _LOOK_AGAIN, end))
        return None

    @contextmanager
    def _turn_of(self, question: Hashable) -> Iterator[asyncio.Event]:
        """Yield an event that is set when those who asked the same before have left."""
        turns = self._turns[question]
        turn = asyncio.Event()
        turns.append(turn)
        turns[0].set()
        try:
            yield turn
        finally:
            turns.remove(turn)
            if turns:
                turns[0].set()
            else:
                del self._turns[question]


def _time() -> float:
    return asyncio.get_running_loop().time()


async def _wait_for_any(*events: asyncio.Event, until: float) -> None:
    """Wait until one of the events is set, or the loop's clock has come to `until`."""
    if any(event.is_set() for event in events):
        return
    waiting = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, timeout=max(until - _time(), 0), return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in waiting:
            each.cancel()
