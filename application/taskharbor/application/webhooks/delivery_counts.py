"""How the deliveries of a process go."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(slots=True)
class DeliveryCounts:
    """Attempts, and what is late.

    Attributes:
        delivered: how many attempts the endpoint has taken.
        failed: how many it has not.
        untold: by webhook, when the first commit was made that it is still to be told; those that this process calls.
    """

    delivered: int = 0
    failed: int = 0
    untold: dict[str, datetime] = field(default_factory=dict[str, datetime])

    def lag(self, now: datetime) -> float:
        """Return for how many seconds the webhook that is the furthest behind has not been told something."""
        return max((now - min(self.untold.values(), default=now)).total_seconds(), 0.0)
