"""An optional port: what a store can say of how busy it is."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Protocol, runtime_checkable

from taskharbor.domain.frozen import frozen


@frozen
class PoolFigures:
    """Connections of one kind, of this process.

    Attributes:
        most: how many there can be.
        used: how many are at work.
        waiting: how many calls wait for one.
    """

    most: int
    used: int
    waiting: int


@frozen(kw_only=True)
class StoreFigures:
    """How busy a store is.

    Attributes:
        pools: its connections, by a name.
        groups: at the place n, how often this process has written n changesets together.
        log_bytes: the size of its write-ahead log; None if it has none, or cannot tell.
        log_starts: how often that was begun anew, as all of it had been written back; None as before.
    """

    pools: Mapping[str, PoolFigures] = field(default_factory=dict[str, PoolFigures])
    groups: Sequence[int] = ()
    log_bytes: int | None = None
    log_starts: int | None = None


@runtime_checkable
class MeasuredStore(Protocol):
    """A store that counts."""

    @abstractmethod
    def figures(self) -> StoreFigures:
        """Return the figures of now. It is called in any thread, and may look at files."""
        ...
