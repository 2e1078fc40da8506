"""The default reader of lines."""

import asyncio

from taskharbor.application.errors import MissingDependency
from taskharbor.application.ports.quick_line import QuickLine, QuickLineReader
from taskharbor.domain.search.date_expressions import Viewpoint


class LazyQuickLineReader(QuickLineReader):
    """Reads with lark, which is imported for the first line, so it is only needed by those who read some."""

    def __init__(self) -> None:
        self._reader: QuickLineReader | None = None

    async def read(self, text: str, *, language: str, here: Viewpoint, time_zone: str | None) -> QuickLine:
        """Return what the line says.

        Raises:
            InvalidValue: for `language` or `text`.
            MissingDependency: if lark is not installed; the message says which extra to install.
        """
        if self._reader is None:
            # Importing and making the parser takes longer than the event loop may be held up.
            self._reader = await asyncio.to_thread(_lark_reader)
        return await self._reader.read(text, language=language, here=here, time_zone=time_zone)


def _lark_reader() -> QuickLineReader:
    try:
        from taskharbor.adapters.quick_add.grammar import parser
        from taskharbor.adapters.quick_add.lark_reader import LarkQuickLineReader
    except ImportError:
        raise MissingDependency("lark", purpose="to read tasks off one line", extra="filter") from None
    parser()
    return LarkQuickLineReader()
