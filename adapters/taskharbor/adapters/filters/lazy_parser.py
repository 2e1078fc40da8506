"""The default filter parser."""

from functools import cache

from taskharbor.application.errors import MissingDependency
from taskharbor.application.ports.filter_parser import FilterParser
from taskharbor.domain.search.filter_ast import Syntax


@cache
def loaded_parser() -> FilterParser:
    """Return the parser, which takes 20 to 35 ms the first time: what serves many loads it in a thread.

    Raises:
        MissingDependency: if lark is not installed; the message says which extra to install.
    """
    try:
        from taskharbor.adapters.filters.lark_parser import LarkFilterParser
    except ImportError:
        raise MissingDependency("lark", purpose="to parse filters", extra="filter") from None
    return LarkFilterParser()


class LazyFilterParser(FilterParser):
    """Parses with lark, which is imported for the first filter, so it is only needed by those who use filters."""

    def read(self, text: str) -> Syntax:
        """Return what is said in `text`.

        Raises:
            InvalidFilter: if it breaks the grammar, or is too long or too deep; it says at which column.
            MissingDependency: if lark is not installed; the message says which extra to install.
        """
        return loaded_parser().read(text)
