"""How many changesets were written together."""

from collections.abc import Sequence


class GroupSizes:
    """Counts groups by their size, in one thread; any other may look.

    Args:
        most: the largest size.
    """

    def __init__(self, most: int) -> None:
        self._counts = [0] * (most + 1)

    def add(self, size: int) -> None:
        """Count a group."""
        self._counts[min(size, len(self._counts) - 1)] += 1

    @property
    def counts(self) -> Sequence[int]:
        """At the place n, how many groups of n there were."""
        return list(self._counts)
