"""The default filter parser."""

from taskharbor.application.errors import MissingDependency
from taskharbor.application.ports.filter_parser import FilterParser
from taskharbor.domain.search.filter_ast import Syntax


class LazyFilterParser(FilterParser):
    """Parses with lark, which is imported for the first filter, so it is only needed by those who use filters."""

    def __init__(self) -> None:
        self._reader: FilterParser | None = None

    def read(self, text: str) -> Syntax:
        """Return what is said in `text`.

        Raises:
            InvalidFilter: if it breaks the grammar, or is too long or too deep; it says at which column.
            MissingDependency: if lark is not installed; the message says which extra to install.
        """
        if self._reader is None:
            try:
                from taskharbor.adapters.filters.lark_parser import LarkFilterParser
            except ImportError:
                raise MissingDependency("lark", purpose="to parse filters", extra="filter") from None
            self._reader = LarkFilterParser()
        return self._reader.read(text)
