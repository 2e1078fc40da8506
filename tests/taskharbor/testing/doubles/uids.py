"""Uids that are the same in every run."""

from itertools import count

from taskharbor.application.ports.uids import Uids
from taskharbor.domain.values.uid import Uid


class FakeUids(Uids):
    """Counts: 00000000-0000-7000-8000-000000000001 is the first."""

    def __init__(self, start: int = 1) -> None:
        self._numbers = count(start)

    def new(self) -> Uid:
        """Return the next uid."""
        return Uid(f"00000000-0000-7000-8000-{next(self._numbers):012x}")
