"""The port for reading the text form of a filter."""

from abc import abstractmethod
from typing import Protocol

from taskharbor.application.errors import MissingDependency
from taskharbor.domain.search.filter_ast import Syntax


class FilterParser(Protocol):
    """Knows the grammar of AIP-160 (google.aip.dev/160)."""

    async def load(self) -> None:
        """Load what reading needs and takes long to load, beside the event loop. It is called before each reading.

        Raises:
            MissingDependency: if that is not installed; the message says which extra to install.
        """
        return

    @abstractmethod
    def read(self, text: str) -> Syntax:
        """Return what is said in `text`, whether or not it makes sense. The effort is bounded.

        Raises:
            InvalidFilter: if it breaks the grammar, or is too long or too deep; it says at which column.
        """
        ...


class NoFilterParser(FilterParser):
    """Refuses every text. Filters that are put together by hand need no reader."""

    def read(self, text: str) -> Syntax:  # noqa: ARG002  # that of the port
        """Raise the error.

        Raises:
            MissingDependency: always.
        """
        raise MissingDependency("lark", purpose="to parse filters", extra="filter")
