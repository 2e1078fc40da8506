"""A JSON document that is read as a whole."""

import json
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, Final

from taskharbor.adapters.interchange.apps.cut_json import whole_part
from taskharbor.adapters.interchange.apps.read_only import WholeFileReader
from taskharbor.adapters.interchange.apps.values import list_in, object_in
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

    def __init__(self) -> None:
        super().__init__()
        self._broken: list[Unreadable] = []

    def items(self, data: bytes) -> Iterator[ReadItem]:
        """Yield the contents of a whole file."""
        text = _text_of(data)
        try:
            document = _DECODER.decode(text)
        except (ValueError, RecursionError) as error:
            yield from self._items_before(error, text, len(data))
            return
        yield from self._items_of(document)

    def _items_before(self, error: Exception, text: str, size: int) -> Iterator[ReadItem]:
        reason = f"it is not JSON: {str(error)[:200]}"
        at = error.pos if isinstance(error, json.JSONDecodeError) else 0
        found = whole_part(text[:at], self.named)
        if found is None:
            yield Unreadable(place="file", reason=reason, is_last=True)
            return
        whole, end = found
        yield from self._items_of(_DECODER.decode(whole))
        unread = size - len(text[:end].encode("utf-8", "surrogatepass"))
        yield Unreadable(place="file", reason=f"{reason}: the last {unread:,} bytes were not read", is_last=True)

    def _items_of(self, document: object) -> Iterator[ReadItem]:
        yield from self.items_of(document)
        yield from self._broken
        self._broken.clear()

    def refuse(self, place: str, reason: str) -> None:
        """Take note of a part that is none, to be said at the end."""
        self._broken.append(Unreadable(place=place, reason=reason))

    def objects(self, value: object, place: str) -> list[tuple[str, Mapping[str, object]]]:
        """Return the objects of a list, each with its place, such as `card 3`; take note of what else is there."""
        if value is not None and not isinstance(value, list):
            self.refuse(place, "it is no list")
        found = [(f"{place} {number + 1}", item) for number, item in enumerate(list_in(value))]
        return self._only_objects(found)

    def named_objects(self, value: object, place: str) -> list[tuple[str, Mapping[str, object]]]:
        """Return the objects that are the members of one, each with its name; take note of what else is there."""
        if value is not None and not isinstance(value, Mapping):
            self.refuse(place, "it is no object")
        return self._only_objects([*object_in(value).items()], f"{place} ")

    def _only_objects(
        self, found: Sequence[tuple[str, object]], before: str = ""
    ) -> list[tuple[str, Mapping[str, object]]]:
        for name, item in found:
            if not isinstance(item, Mapping) or not item:
                self.refuse(f"{before}{name[:60]}", "it is no object, or an empty one")
        return [(name, object_in(item)) for name, item in found if object_in(item)]

    @abstractmethod
    def items_of(self, document: object) -> Iterator[ReadItem]:
        """Yield the contents of the document."""
        ...


_LONGEST_INTEGER = 18


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) <= _LONGEST_INTEGER else digits


def _no_number(name: str) -> str:
    return name


def _text_of(data: bytes) -> str:
    encoding = json.detect_encoding(data)
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        return data.decode(encoding, "surrogatepass")
    except UnicodeDecodeError as error:
        if encoding == "utf-8":
            return text_from(data)[0]
        return data[: error.start].decode(encoding, "surrogatepass")  # no JSON, as it ends there


_DECODER: Final = InterruptibleDecoder(parse_int=_integer, parse_constant=_no_number)
"""It decodes in a thread, up to 32 MiB."""
