"""The port for the current time."""

from abc import abstractmethod
from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Returns the current time."""

    @abstractmethod
    def now(self) -> datetime:
        """Return the present instant: aware, in UTC."""
        ...
