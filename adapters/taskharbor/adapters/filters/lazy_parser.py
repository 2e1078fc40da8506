"""The default filter parser."""

import asyncio
from functools import cache
from threading import Lock
from typing import Final

from taskharbor.application.errors import MissingDependency
from taskharbor.application.ports.filter_parser import FilterParser
from taskharbor.domain.search.filter_ast import Syntax

_ONE_AT_A_TIME: Final = Lock()


@cache
def loaded_parser() -> FilterParser:
    """Return the parser, which takes 2.5 MB, and 20 to 36 ms the first time: more than an event loop may compute.

    Raises:
        MissingDependency: if lark is not installed; the message says which extra to install.
    """
    try:
        from taskharbor.adapters.filters.lark_parser import LarkFilterParser, parser
    except ImportError:
        raise MissingDependency("lark", purpose="to parse filters", extra="filter") from None
    with _ONE_AT_A_TIME:  # several first filters may come together, each with a thread
        parser()
    return LarkFilterParser()


class LazyFilterParser(FilterParser):
    """Parses with lark, which is imported for the first filter, so it is only needed by those who use filters."""

    def __init__(self) -> None:
        self._parser: FilterParser | None = None

    async def load(self) -> None:
        """Load the parser in a thread, the first time.

        Raises:
            MissingDependency: if lark is not installed; the message says which extra to install.
        """
        if self._parser is None:
            self._parser = await asyncio.to_thread(loaded_parser)

    def read(self, text: str) -> Syntax:
        """Return what is said in `text`.

        Raises:
            InvalidFilter: if it breaks the grammar, or is too long or too deep; it says at which column.
            MissingDependency: if lark is not installed; the message says which extra to install.
        """
        return loaded_parser().read(text)
