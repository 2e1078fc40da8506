"""What came of a soak."""

from collections import Counter
from typing import Final

MOST_FAILURES: Final = 20


class Tally:
    """Counts.

    Attributes:
        done: how often each feature was used.
        failures: what was answered as it should not have been.
        events: how many events streams have told.
        repeated: how many requests were refused since there were too many, and sent again.
        deliveries: how many messages webhooks have got.
    """

    def __init__(self) -> None:
        self.done: Counter[str] = Counter()
        self.failures: list[str] = []
        self.events = self.deliveries = self.repeated = 0

    def fail(self, what: str) -> None:
        if len(self.failures) < MOST_FAILURES:
            self.failures.append(what)

    def deliver(self) -> None:
        self.deliveries += 1
