"""A JSON document that is read as a whole."""

import json
from abc import abstractmethod
from collections.abc import Iterator
from typing import Final

from taskharbor.adapters.interchange.apps.read_only import WholeFileReader
from taskharbor.application.documents.json_decoding import InterruptibleDecoder
from taskharbor.application.ports.interchange import ReadItem, Unreadable


class JsonDocumentReader(WholeFileReader):
    """Reads one."""

    def items(self, data: bytes) -> Iterator[ReadItem]:
        """Yield the contents of a whole file."""
        try:
            document = _DECODER.decode(_text_of(data))
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


def _text_of(data: bytes) -> str:
    return data.removeprefix(b"\xef\xbb\xbf").decode(json.detect_encoding(data), "surrogatepass")


_DECODER: Final = InterruptibleDecoder(parse_int=_integer, parse_constant=_nothing)
"""It decodes in a thread, up to 32 MiB."""
