"""Which questions were slow lately."""

import time
from collections.abc import Hashable
from typing import Final

REMEMBERED: Final = 256
"""Questions; the oldest are forgotten first."""

REMEMBERED_SECONDS: Final = 60


class SlowQuestions:
    """What turned out to be slow, so that it need not begin among the quick reads in vain each time."""

    def __init__(self) -> None:
        self._until: dict[Hashable, float] = {}

    def add(self, question: Hashable) -> None:
        """Remember a question for a minute."""
        self._until.pop(question, None)
        while len(self._until) >= REMEMBERED:
            del self._until[next(iter(self._until))]
        self._until[question] = time.monotonic() + REMEMBERED_SECONDS

    def __contains__(self, question: Hashable) -> bool:
        return self._until.get(question, 0.0) > time.monotonic()
