"""Files as they are encoded: UTF-8, UTF-16 with its mark, and Windows-1252 wherever the bytes are no UTF-8."""

import codecs
import re
from enum import Enum, auto
from typing import Final

_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_MARK: Final = b"\xef\xbb\xbf"
_NO_UTF_8: Final = re.compile("[\udc80-\udcff]+")
_FIRST_END: Final = re.compile(rb"\r+\n?|\n")
_LONGEST_HELD: Final = 65_536


def text_from(data: bytes) -> tuple[str, str | None]:
    """Return the text of bytes in UTF-8, and what is wrong with it: other bytes are read as Windows-1252."""
    try:
        return data.decode(), None
    except UnicodeDecodeError as error:
        return mended(data.decode(errors="surrogateescape")), f"is not UTF-8 at byte {error.start}, but Windows-1252"


def mended(text: str) -> str:
    """Return text that was decoded with `surrogateescape`: what was no UTF-8 is read as Windows-1252."""
    return _NO_UTF_8.sub(_in_windows_1252, text)


def _in_windows_1252(found: re.Match[str]) -> str:
    return found[0].encode(errors="surrogateescape").decode("cp1252", errors="replace")


class Utf8Pieces:
    """Turns a file that comes in pieces into UTF-8 without a mark, and with line feeds.

    Its lines may end in carriage returns alone, as on the first Macs: the first end of a line says so.
    """

    def __init__(self) -> None:
        self._held = b""
        self._has_begun = False
        self._decoder: codecs.IncrementalDecoder | None = None
        self._lines_end: _LinesEnd | None = None

    def feed(self, data: bytes, *, is_last: bool = False) -> bytes:
        """Go on with the next bytes."""
        if not self._has_begun:
            data, self._held = self._held + data, b""
            if len(data) < len(_MARK) and not is_last:
                self._held = data
                return b""
            self._has_begun = True
            if data.startswith(_UTF_16):
                self._decoder = codecs.getincrementaldecoder("utf-16")(errors="replace")
            data = data.removeprefix(_MARK)
        if self._decoder is not None:
            data = self._decoder.decode(data, is_last).encode()
        if self._lines_end is None:
            data, self._held = self._held + data, b""
            self._lines_end = _how_lines_end(data, is_last=is_last)
            if self._lines_end is None:  # what comes after a return is still to be seen
                data, self._held = data.rstrip(b"\r"), data[len(data.rstrip(b"\r")) :]
        return data.replace(b"\r", b"\n") if self._lines_end is _LinesEnd.IN_RETURNS else data


class _LinesEnd(Enum):
    IN_RETURNS = auto()
    IN_LINE_FEEDS = auto()


def _how_lines_end(data: bytes, *, is_last: bool) -> _LinesEnd | None:
    """Return how the first line ends, or None if it does not end yet."""
    found = _FIRST_END.search(data)
    if found is None or (found.end() == len(data) and found[0][-1:] == b"\r" and not is_last):
        return None if len(data) < _LONGEST_HELD else _LinesEnd.IN_LINE_FEEDS
    return _LinesEnd.IN_LINE_FEEDS if found[0].endswith(b"\n") else _LinesEnd.IN_RETURNS
