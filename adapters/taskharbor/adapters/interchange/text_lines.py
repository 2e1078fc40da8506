"""Take a stream of text lines apart, holding one at a time."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from taskharbor.application.ports.interchange import Unreadable

_BOM: Final = b"\xef\xbb\xbf"


class TextLine(NamedTuple):
    """A line with its number; 1 is the first."""

    number: int
    text: str


class LineSplitter:
    """Yields each line that is not blank when it is complete, or says why it cannot be read."""

    def __init__(self, *, longest: int) -> None:
        self._longest = longest
        self._rest = bytearray()
        self._number = 0
        self._is_too_long = False

    def feed(self, data: bytes) -> Iterator[TextLine | Unreadable]:
        """Go on with the next bytes."""
        # Not by adding bytes to bytes: a line that comes byte by byte would be copied as often.
        first, *others = data.split(b"\n")
        self._rest += first
        for other in others:
            yield from self._line(bytes(self._rest))
            self._rest = bytearray(other)
        if len(self._rest) > self._longest:
            self._is_too_long = True
            self._rest.clear()

    def end(self) -> Iterator[TextLine | Unreadable]:
        """Yield the last line, if no line break ends it."""
        if self._rest or self._is_too_long:
            yield from self._line(bytes(self._rest))
            self._rest.clear()

    def _line(self, line: bytes) -> Iterator[TextLine | Unreadable]:
        self._number += 1
        is_too_long, self._is_too_long = self._is_too_long or len(line) > self._longest, False
        place = f"line {self._number}"
        if is_too_long:
            yield Unreadable(place=place, reason=f"it has more than {self._longest} bytes")
            return
        if self._number == 1:
            line = line.removeprefix(_BOM)
        try:
            text = line.rstrip(b"\r").decode()
        except UnicodeDecodeError as error:
            yield Unreadable(place=place, reason=f"it is not UTF-8 at byte {error.start}")
            return
        if text.strip():
            yield TextLine(self._number, text)
