"""A JSON document that is read as a whole."""

import json
from abc import abstractmethod
from collections.abc import Iterator

from taskharbor.adapters.interchange.apps.read_only import WholeFileReader
from taskharbor.application.ports.interchange import ReadItem, Unreadable


class JsonDocumentReader(WholeFileReader):
    """Reads one."""

    def items(self, data: bytes) -> Iterator[ReadItem]:
        """Yield the contents of a whole file."""
        try:
            document = json.loads(data.removeprefix(b"\xef\xbb\xbf"), parse_int=_integer, parse_constant=_nothing)
        except (ValueError, RecursionError) as error:
            reason = f"it is not JSON: {str(error)[:200]}"
            yield Unreadable(place="file", reason=reason, is_last=True)
            return
        yield from self.items_of(document)

    @abstractmethod
    def items_of(self, document: object) -> Iterator[ReadItem]:
        """Yield the contents of the document."""
        ...


_LONGEST_INTEGER = 18


def _integer(digits: str) -> int | None:
    return int(digits) if len(digits) <= _LONGEST_INTEGER else None


def _nothing(_name: str) -> None:
    return
