"""Take a stream of JSON objects apart, in an array or one after the other, holding one at a time."""

import codecs
import re
from collections.abc import Generator, Iterator
from typing import Final, NamedTuple

from taskharbor.adapters.interchange.encodings import Utf8Pieces, mended
from taskharbor.application.ports.interchange import Unreadable

MAX_OBJECT_LENGTH: Final = 2_000_000
"""In characters: no task is that long."""

MAX_DEPTH: Final = 20

MAX_RESCUES: Final = 10
"""How often the rest of a file is read once more because an object does not end."""

_OF_INTEREST: Final = re.compile(r'[{}\[\]"\\\n]')
_IN_STRING: Final = re.compile(r'["\\\n]')
_BETWEEN: Final = re.compile(r"[\s,\[\]]*")
_JUNK: Final = re.compile(r"[^{\n]*")


class ObjectText(NamedTuple):
    """The text of an object, the line on which it begins, and whether it is not all UTF-8."""

    line: int
    text: str
    is_mended: bool = False


class ObjectSplitter:
    """Yields each object when it is complete.

    What is broken ends only itself: an object begins anew where it could not go on with one, or, within a string that
    is still open, on a line of its own.
    """

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="surrogateescape")
        self._utf8 = Utf8Pieces()
        self._line = 1
        self._begun_at = 1
        self._has_begun = False
        self._opened: list[str] = []
        self._too_deep = 0
        self._is_in_string = False
        self._is_escaped = False
        self._last = ""
        self._junk_at: int | None = None
        self._pieces: list[str] = []
        self._length = 0
        self._flaw: str | None = None
        self._is_over = False
        self._rescues = MAX_RESCUES
        self._breaks_off = False

    def feed(self, data: bytes, *, is_last: bool = False) -> Iterator[ObjectText | Unreadable]:
        """Go on with the next bytes."""
        yield from self._objects_in(self._decoder.decode(self._utf8.feed(data, is_last=is_last), is_last))
        if is_last and self._opened:
            yield from self._rescued()

    def _objects_in(self, text: str) -> Iterator[ObjectText | Unreadable]:
        place = 0
        while place < len(text) and not self._is_over:
            if not self._opened:
                place = yield from self._between(text, place)
            if place < len(text) and not self._is_over:
                place = yield from self._inside(text, place)

    def _rescued(self) -> Iterator[ObjectText | Unreadable]:
        """Look for more objects, each on a line of its own, in one that does not end with the file."""
        reason = f"the file ends within the object of line {self._begun_at}"
        rest = "".join(self._pieces).partition("\n{")[2] if self._rescues else ""
        yield Unreadable(place=f"line {self._line}", reason=reason, is_last=not rest)
        if rest:
            self._line -= rest.count("\n")
            self._rescues -= 1
            self._forget()
            yield from self._objects_in("{" + rest)
            if self._opened:
                yield from self._rescued()

    def _between(self, text: str, place: int) -> Generator[ObjectText | Unreadable, None, int]:
        """Pass over what is between objects, and say where that is no JSON."""
        while place < len(text):
            found = _BETWEEN.match(text, place)
            end = found.end() if found else place
            self._has_begun = self._has_begun or "[" in text[place:end]
            self._line += text.count("\n", place, end)
            place = end
            if place == len(text) or text[place] == "{":
                break
            if self._junk_at != self._line:
                self._junk_at = self._line
                reason, is_last = "there must be a JSON object here, or an array of them", not self._has_begun
                yield Unreadable(place=f"line {self._line}", reason=reason, is_last=is_last)
                self._is_over = is_last
            junk = None if self._is_over else _JUNK.match(text, place)
            place = len(text) if junk is None else junk.end()
        self._has_begun = self._has_begun or place < len(text)
        self._begun_at = self._line
        return place

    def _inside(self, text: str, start: int) -> Generator[ObjectText | Unreadable, None, int]:
        place = start
        if self._breaks_off and text.startswith("{", start):
            return (yield from self._string_does_not_end(start))
        self._breaks_off = False
        while place < len(text):
            if self._is_escaped:
                self._is_escaped = False
                place += 1
                continue
            found = (_IN_STRING if self._is_in_string else _OF_INTEREST).search(text, place)
            if found is None:
                break
            before = text[place : found.start()].rstrip()
            self._last = before[-1] if before else self._last
            if found[0] == "{" and self._cannot_be_here():
                yield Unreadable(place=f"line {self._begun_at}", reason="it is not JSON: the object does not end")
                self._forget()
                return found.start()
            place = found.end()
            if self._is_in_string and found[0] == "\n":
                self._line += 1
                self._breaks_off = place == len(text)
                if text.startswith("{", place):
                    return (yield from self._string_does_not_end(place))
                continue
            if self._meets(found[0]):
                self._collect(text[start:place])
                yield self._complete()
                return place
        self._last = text[place:].rstrip()[-1:] or self._last
        self._collect(text[start:])
        return len(text)

    def _string_does_not_end(self, place: int) -> Generator[ObjectText | Unreadable, None, int]:
        yield Unreadable(place=f"line {self._begun_at}", reason="it is not JSON: a string does not end")
        self._forget()
        return place

    def _cannot_be_here(self) -> bool:
        """Return whether no object can begin here: in another only after a colon, in an array after [ or a comma."""
        return bool(self._opened) and self._last not in ({":"} if self._opened[-1] == "{" else {"[", ","})

    def _meets(self, character: str) -> bool:
        """Take note of a character; return whether the object ends with it."""
        if character == "\n":
            self._line += 1
            return False
        if character == "\\":
            self._is_escaped = self._is_in_string
        elif character == '"':
            self._is_in_string = not self._is_in_string
        elif character in "{[":
            if len(self._opened) < MAX_DEPTH:
                self._opened.append(character)
            else:
                self._too_deep += 1
                self._flaw = f"it is nested more than {MAX_DEPTH} deep"
        elif self._too_deep:
            self._too_deep -= 1
        else:
            self._opened.pop()
        self._last = character
        return not self._opened

    def _collect(self, piece: str) -> None:
        self._length += len(piece)
        if self._length > MAX_OBJECT_LENGTH:
            self._flaw = f"it has more than {MAX_OBJECT_LENGTH} characters"
            self._pieces.clear()
        elif self._flaw is None:
            self._pieces.append(piece)

    def _complete(self) -> ObjectText | Unreadable:
        text, flaw = "".join(self._pieces), self._flaw
        self._forget()
        if flaw is not None:
            return Unreadable(place=f"line {self._begun_at}", reason=flaw)
        whole = mended(text)
        return ObjectText(self._begun_at, whole, is_mended=whole != text)

    def _forget(self) -> None:
        self._pieces.clear()
        self._opened.clear()
        self._length, self._flaw, self._last, self._too_deep = 0, None, "", 0
        self._is_in_string = self._is_escaped = self._breaks_off = False
