"""The port for new uids."""

from abc import abstractmethod
from typing import Protocol

from taskharbor.domain.values.uid import Uid


class Uids(Protocol):
    """Makes uids for tasks created without one."""

    @abstractmethod
    def new(self) -> Uid:
        """Return a new uid."""
        ...


class NoUids(Uids):
    """Makes none: for a unit of work in which no task is made without a uid."""

    def new(self) -> Uid:
        """Raise `RuntimeError`."""
        raise RuntimeError("nothing makes uids here: give a uid, or give the unit of work services with uids")
