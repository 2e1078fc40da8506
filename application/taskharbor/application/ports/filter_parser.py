"""The port for reading the text form of a filter."""

from abc import abstractmethod
from typing import Protocol

from taskharbor.domain.search.filter_ast import Syntax


class FilterReader(Protocol):
    """Knows the grammar of AIP-160 (google.aip.dev/160)."""

    @abstractmethod
    def read(self, text: str) -> Syntax:
        """Return what is said in `text`, whether or not it makes sense. The effort is bounded.

        Raises:
            InvalidFilter: if it breaks the grammar, or is too long or too deep; it says at which column.
        """
        ...
