"""How a long computation shares the event loop, and when it is given up."""

from time import thread_time
from typing import Final

from taskharbor.application.errors import QueryTooExpensive
from taskharbor.application.turns import SLICE_SECONDS, give_way

DEFAULT_BUDGET: Final = 2.0
"""Seconds of the processor's time that one search may take."""

_STEPS_BETWEEN_LOOKS: Final = 8


class Pace:
    """Has others take turns with a long computation, and ends it when it has had its time.

    Time is that of the processor, so that other processes do not count. It begins at once: make a pace when all has
    been awaited that the computation needs, as what others compute meanwhile would count.

    Args:
        budget: seconds for all of it; None for as long as it takes.
    """

    def __init__(self, budget: float | None = None) -> None:
        self._budget = budget
        self._spent = 0.0
        self._began = thread_time()
        self._slice = SLICE_SECONDS
        self._steps = 0

    async def step(self) -> None:
        """Take note that an item has been handled.

        Raises:
            QueryTooExpensive: if the time is over.
        """
        self._steps += 1
        if self._steps % _STEPS_BETWEEN_LOOKS:
            return
        took = thread_time() - self._began
        if took < self._slice:
            return
        self._spent += took
        if self._budget is not None and self._spent > self._budget:
            raise QueryTooExpensive(self._budget)
        self._slice = await give_way()
        self._began = thread_time()
