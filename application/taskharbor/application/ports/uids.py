"""The port for new uids."""

from abc import abstractmethod
from typing import Protocol

from taskharbor.domain.values.uid import Uid


class Uids(Protocol):
    """Makes names for tasks that come without one."""

    @abstractmethod
    def new(self) -> Uid:
        """Return a uid that nobody has seen before."""
        ...
