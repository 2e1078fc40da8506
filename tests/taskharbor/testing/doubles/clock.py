"""A clock that tests set."""

from datetime import UTC, datetime, timedelta

from taskharbor.application.ports.clock import Clock


class FakeClock(Clock):
    """Stands still until it is set or advanced; with a `step`, it advances by that after each look."""

    def __init__(self, at: datetime = datetime(2026, 1, 1, 12, tzinfo=UTC), *, step: timedelta = timedelta(0)) -> None:
        self._at = at
        self._step = step

    def now(self) -> datetime:
        """Return the instant at which it stands."""
        at = self._at
        self._at += self._step
        return at

    def set(self, at: datetime) -> None:
        """Put it to any instant, an earlier one too."""
        self._at = at

    def advance(self, by: timedelta = timedelta(seconds=1)) -> datetime:
        """Move it, back if `by` is negative; return where it stands now."""
        self._at += by
        return self._at
