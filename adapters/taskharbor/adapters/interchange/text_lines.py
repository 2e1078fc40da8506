"""Take a stream of text lines apart, holding one at a time."""

from collections.abc import Iterator
from typing import NamedTuple

from taskharbor.adapters.interchange.encodings import Utf8Pieces, text_from
from taskharbor.application.ports.interchange import Unreadable


class TextLine(NamedTuple):
    """A line.

    Attributes:
        number: 1 is the first of the file.
        text: without the line break.
        flaw: what is wrong with it, if it is cut or is not all UTF-8.
    """

    number: int
    text: str
    flaw: str | None = None


class LineSplitter:
    """Yields each line that is not blank when it is complete, or says why it cannot be read."""

    def __init__(self, *, longest: int) -> None:
        self._longest = longest
        self._pieces = Utf8Pieces()
        self._rest = bytearray()
        self._number = 0

    def feed(self, data: bytes) -> Iterator[TextLine | Unreadable]:
        """Go on with the next bytes."""
        yield from self._lines_in(self._pieces.feed(data))

    def _lines_in(self, data: bytes) -> Iterator[TextLine | Unreadable]:
        # Not by adding bytes to bytes: a line that comes byte by byte would be copied as often.
        first, *others = data.split(b"\n")
        self._rest += first
        for other in others:
            yield from self._line(bytes(self._rest))
            self._rest = bytearray(other)
        del self._rest[self._longest + 1 :]

    def end(self) -> Iterator[TextLine | Unreadable]:
        """Yield the last line, if no line break ends it."""
        yield from self._lines_in(self._pieces.feed(b"", is_last=True))
        if self._rest:
            yield from self._line(bytes(self._rest))
            self._rest.clear()

    def _line(self, line: bytes) -> Iterator[TextLine | Unreadable]:
        self._number += 1
        flaw = None
        if len(line) > self._longest:
            flaw = f"it has more than {self._longest} bytes"
            line = line[: self._longest].decode(errors="ignore").encode()  # not in the middle of a character
        if b"\x00" in line:
            yield Unreadable(place=f"line {self._number}", reason="it has NUL bytes, as no text in UTF-8 has")
            return
        text, odd = text_from(line.rstrip(b"\r"))
        flaw = flaw or (odd and f"it {odd}")
        if text.strip():
            yield TextLine(self._number, text, flaw)
