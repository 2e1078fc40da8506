"""A JSON document that is read as a whole."""

import json
from abc import abstractmethod
from collections.abc import Iterator
from typing import ClassVar, Final

from taskharbor.adapters.interchange.apps.cut_json import whole_part
from taskharbor.adapters.interchange.apps.read_only import WholeFileReader
from taskharbor.adapters.interchange.encodings import text_from
from taskharbor.application.documents.json_decoding import InterruptibleDecoder
from taskharbor.application.ports.interchange import ReadItem, Unreadable


class JsonDocumentReader(WholeFileReader):
    """Reads one.

    Attributes:
        named: the names of members whose contents, tasks and lists of tasks, stand for themselves: of a document that
            is cut off those are read that are whole.
    """

    named: ClassVar[frozenset[str]]

    def items(self, data: bytes) -> Iterator[ReadItem]:
        """Yield the contents of a whole file."""
        text = _text_of(data)
        try:
            document = _DECODER.decode(text)
        except (ValueError, RecursionError) as error:
            yield from self._items_before(error, text, len(data))
            return
        yield from self.items_of(document)

    def _items_before(self, error: Exception, text: str, size: int) -> Iterator[ReadItem]:
        reason = f"it is not JSON: {str(error)[:200]}"
        at = error.pos if isinstance(error, json.JSONDecodeError) else 0
        found = whole_part(text[:at], self.named)
        if found is None:
            yield Unreadable(place="file", reason=reason, is_last=True)
            return
        whole, end = found
        yield from self.items_of(_DECODER.decode(whole))
        unread = size - len(text[:end].encode("utf-8", "surrogatepass"))
        yield Unreadable(place="file", reason=f"{reason}: the last {unread:,} bytes were not read", is_last=True)

    @abstractmethod
    def items_of(self, document: object) -> Iterator[ReadItem]:
        """Yield the contents of the document."""
        ...


_LONGEST_INTEGER = 18


def _integer(digits: str) -> int | None:
    return int(digits) if len(digits) <= _LONGEST_INTEGER else None


def _nothing(_name: str) -> None:
    return


def _text_of(data: bytes) -> str:
    encoding = json.detect_encoding(data)
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        return data.decode(encoding, "surrogatepass")
    except UnicodeDecodeError as error:
        if encoding == "utf-8":
            return text_from(data)[0]
        return data[: error.start].decode(encoding, "surrogatepass")  # no JSON, as it ends there


_DECODER: Final = InterruptibleDecoder(parse_int=_integer, parse_constant=_nothing)
"""It decodes in a thread, up to 32 MiB."""
