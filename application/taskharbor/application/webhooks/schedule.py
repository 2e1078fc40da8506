"""When a delivery that has failed is tried again, and for how long."""

import random
from datetime import timedelta

from taskharbor.domain.frozen import frozen


@frozen(kw_only=True)
class Schedule:
    """How long is waited, and for what.

    Attributes:
        pauses: after the first failure, the second and so on; the last one stands for all further ones.
        give_up_after: how long a delivery is tried.
        lease: how long a process has an endpoint for itself after each sign of life. Longer than an attempt takes.
        attempt: how long an attempt takes at most.
        after_an_outage: how long to wait if the store, or the filter, cannot be asked.
    """

    pauses: tuple[timedelta, ...] = tuple(
        timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 3600, 7200, 14_400)
    )
    give_up_after: timedelta = timedelta(days=3)
    lease: timedelta = timedelta(seconds=20)
    attempt: timedelta = timedelta(seconds=15)
    after_an_outage: timedelta = timedelta(seconds=5)

    def pause_after(self, failures: int, retry_after: float | None) -> timedelta:
        """Return how long to wait after so many failures in a row, and at least as long as the endpoint wants."""
        pause = self.pauses[min(failures, len(self.pauses)) - 1] * random.uniform(1, 1.2)  # noqa: S311  # to spread
        return max(pause, timedelta(seconds=min(retry_after or 0, 86_400)))
