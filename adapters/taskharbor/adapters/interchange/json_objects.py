"""Take a stream of JSON objects apart, in an array or one after the other, holding one at a time."""

import codecs
import re
from collections.abc import Generator, Iterator
from typing import Final, NamedTuple

from taskharbor.application.ports.interchange import Unreadable

MAX_OBJECT_LENGTH: Final = 2_000_000
"""In characters: no task is that long."""

MAX_DEPTH: Final = 20

_OF_INTEREST: Final = re.compile(r'[{}\[\]"\\\n]')
_IN_STRING: Final = re.compile(r'["\\\n]')
_BETWEEN: Final = re.compile(r"[\s,\[\]]*")


class ObjectText(NamedTuple):
    """The text of an object, and the line on which it begins."""

    line: int
    text: str


class ObjectSplitter:
    """Yields each object when it is complete."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._line = 1
        self._begun_at = 1
        self._depth = 0
        self._is_in_string = False
        self._is_escaped = False
        self._pieces: list[str] = []
        self._length = 0
        self._flaw: str | None = None
        self._is_over = False

    def feed(self, data: bytes, *, is_last: bool = False) -> Iterator[ObjectText | Unreadable]:
        """Go on with the next bytes."""
        if self._is_over:
            return
        try:
            text = self._decoder.decode(data, is_last)
        except UnicodeDecodeError:
            yield self._stop("it is not UTF-8")
            return
        place = 0
        while place < len(text) and not self._is_over:
            if self._depth == 0:
                place = self._pass_between(text, place)
                if place < len(text) and text[place] != "{":
                    yield self._stop("there must be a JSON object here, or an array of them")
                    return
                self._begun_at = self._line
            place = yield from self._inside(text, place)
        if is_last and self._depth:
            yield self._stop(f"the file ends within the object of line {self._begun_at}")

    def _pass_between(self, text: str, place: int) -> int:
        found = _BETWEEN.match(text, place)
        end = found.end() if found else place
        self._line += text.count("\n", place, end)
        return end

    def _inside(self, text: str, start: int) -> Generator[ObjectText | Unreadable, None, int]:
        place = start
        while place < len(text):
            if self._is_escaped:
                self._is_escaped = False
                place += 1
                continue
            found = (_IN_STRING if self._is_in_string else _OF_INTEREST).search(text, place)
            if found is None:
                break
            place = found.end()
            if self._meets(found[0]):
                self._collect(text[start:place])
                yield self._complete()
                return place
        self._collect(text[start:])
        return len(text)

    def _meets(self, character: str) -> bool:
        """Take note of a character; tell whether the object ends with it."""
        if character == "\n":
            self._line += 1
        elif character == "\\":
            self._is_escaped = self._is_in_string
        elif character == '"':
            self._is_in_string = not self._is_in_string
        elif character in "{[":
            self._depth += 1
            if self._depth > MAX_DEPTH:
                self._flaw = f"it is nested more than {MAX_DEPTH} deep"
        else:
            self._depth -= 1
        return self._depth == 0

    def _collect(self, piece: str) -> None:
        self._length += len(piece)
        if self._length > MAX_OBJECT_LENGTH:
            self._flaw = f"it has more than {MAX_OBJECT_LENGTH} characters"
            self._pieces.clear()
        elif self._flaw is None:
            self._pieces.append(piece)

    def _complete(self) -> ObjectText | Unreadable:
        text, flaw = "".join(self._pieces), self._flaw
        self._pieces.clear()
        self._length, self._flaw = 0, None
        if flaw is not None:
            return Unreadable(place=f"line {self._begun_at}", reason=flaw)
        return ObjectText(self._begun_at, text)

    def _stop(self, reason: str) -> Unreadable:
        self._is_over = True
        return Unreadable(place=f"line {self._line}", reason=reason, is_last=True)
