"""The clock of the operating system."""

from datetime import UTC, datetime

from taskharbor.application.ports.clock import Clock


class SystemClock(Clock):
    """The operating system's time."""

    def now(self) -> datetime:
        """Return the present instant in UTC, to the microsecond."""
        return datetime.now(UTC)
