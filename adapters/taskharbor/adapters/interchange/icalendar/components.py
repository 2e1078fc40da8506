"""Take a stream of iCalendar apart into components, holding one at a time."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple, TypeAlias

from taskharbor.adapters.interchange.encodings import Utf8Pieces, text_from
from taskharbor.adapters.interchange.icalendar.encoded_values import is_quoted_printable
from taskharbor.application.ports.interchange import Skipped, Unreadable

MAX_LINE_BYTES: Final = 524_288
"""Unfolded. A description of 65,536 characters fits, however they are encoded."""

MAX_LINES: Final = 5_000
"""In one component, those of the components in it included."""

MAX_LENGTH: Final = 4_000_000
"""Of all lines of one component together, in characters."""

MAX_DEPTH: Final = 6
MAX_LINES_BEFORE: Final = 100  # the first BEGIN: the head of a mail, say
_RETURN: Final = re.compile(rb"\r(?=[A-Z][A-Z0-9-]*[:;]|[ \t])")  # alone, and yet the end of a line

_CALENDAR: Final = "VCALENDAR"
_KEPT: Final = frozenset({"VTODO", "VTIMEZONE"})
_NEVER_INNER: Final = _KEPT | {_CALENDAR, "VEVENT", "VJOURNAL", "VFREEBUSY"}
"""What is in no other component but a calendar: where one begins, an END before it is missing."""


class Line(NamedTuple):
    """An unfolded content line (RFC 5545 section 3.1).

    Attributes:
        number: that of its first physical line; 1 is the first of the file.
        text: without the line break.
        flaw: what is wrong with it, if it is cut or is not all UTF-8.
        is_cut: whether a part of it is missing.
    """

    number: int
    text: str
    flaw: str | None = None
    is_cut: bool = False


@dataclass(slots=True)
class Part:
    """A component of a calendar.

    Attributes:
        name: such as VTODO.
        number: the line of its BEGIN.
        lines: its properties.
        parts: the components in it.
        flaws: where and why it is not as it should be; of the outermost one, for all in it.
    """

    name: str
    number: int
    lines: list[Line] = field(default_factory=list[Line])
    parts: list["Part"] = field(default_factory=list["Part"])
    flaws: list[str] = field(default_factory=list[str])


class CalendarBegins(NamedTuple):
    """A calendar begins: there can be several in one file."""


Piece: TypeAlias = Part | Line | CalendarBegins | Unreadable | Skipped


class Splitter:
    """Yields each VTODO and VTIMEZONE when it is complete, and each property of the calendar itself.

    What is broken ends only itself: a component without an END ends where the one around it does, or where one begins
    that can be in no other; an END without a BEGIN is none.
    """

    def __init__(self) -> None:
        self._pieces = Utf8Pieces()
        self._rest = bytearray()
        self._number = 0
        self._folded = bytearray()
        self._folded_number = 0
        self._is_too_long = False
        self._has_begun = False
        self._before: list[int] = []
        self._is_over = False
        self._open: list[Part] = []
        self._too_deep = 0
        self._size = 0
        self._length = 0

    def feed(self, data: bytes) -> Iterator[Piece]:
        """Go on with the next bytes."""
        yield from self._lines_in(self._pieces.feed(data))

    def _lines_in(self, data: bytes) -> Iterator[Piece]:
        # Not by adding bytes to bytes: a line that comes byte by byte would be copied as often.
        first, *others = data.split(b"\n")
        self._rest += first
        for other in others:
            if self._is_over:
                return
            yield from self._physical(bytes(self._rest))
            self._rest = bytearray(other)
        if len(self._rest) > MAX_LINE_BYTES:
            yield from self._physical(bytes(self._rest))  # it goes on as if folded: too long either way
            self._number -= 1
            self._rest = bytearray(b" ")

    def end(self) -> Iterator[Piece]:
        """Yield what the last bytes complete, and remark on what is missing."""
        yield from self._lines_in(self._pieces.feed(b"", is_last=True))
        if self._is_over:
            return
        if self._rest.strip():
            yield from self._physical(bytes(self._rest))
        yield from self._unfolded()
        if self._open and not self._is_over:
            part = self._open[-1]
            yield from self._close(0)
            yield self._stop(self._number, f"the file ends before END:{part.name} of line {part.number}")
        elif not self._has_begun and not self._is_over:
            yield self._not_begun() if self._before else self._stop(1, "there is no calendar in it")

    def _physical(self, line: bytes) -> Iterator[Piece]:
        for each in _RETURN.split(line.rstrip(b"\r")):
            yield from self._physical_line(each)

    def _physical_line(self, line: bytes) -> Iterator[Piece]:
        self._number += 1
        if self._folded.endswith(b"=") and is_quoted_printable(self._folded):
            del self._folded[-1:]
            line = b" " + line
        if line[:1] in {b" ", b"\t"}:
            if len(self._folded) + len(line) > MAX_LINE_BYTES:
                self._is_too_long = True
            else:
                self._folded += line[1:]
            return
        yield from self._unfolded()
        self._is_too_long = len(line) > MAX_LINE_BYTES
        self._folded += line[:MAX_LINE_BYTES]
        self._folded_number = self._number

    def _unfolded(self) -> Iterator[Piece]:
        if not self._folded.strip():
            self._folded.clear()
            return
        flaw = f"has more than {MAX_LINE_BYTES} bytes" if self._is_too_long else None
        if self._is_too_long:
            text = self._folded.decode(errors="ignore")  # cut off in the middle of a character, say
        else:
            text, flaw = text_from(bytes(self._folded))
        self._folded.clear()
        yield from self._line(Line(self._folded_number, text, flaw, self._is_too_long))

    def _line(self, line: Line) -> Iterator[Piece]:
        keyword, _, value = line.text.partition(":")
        keyword, value = keyword.strip().upper(), value.strip().upper()
        if not self._has_begun and keyword != "BEGIN":
            self._before.append(line.number)
            if len(self._before) > MAX_LINES_BEFORE:
                yield self._not_begun()
        elif keyword == "BEGIN":
            yield from self._begin(line.number, value)
        elif keyword == "END":
            yield from self._end(line.number, value)
        elif not self._open:
            yield line
        elif not self._too_deep:
            self._put(line)

    def _begin(self, number: int, name: str) -> Iterator[Piece]:
        if self._before and not self._has_begun:
            reason = "what stands before the first BEGIN is not iCalendar: left out"
            yield Unreadable(place=f"line {self._before[0]}", reason=reason)
        self._has_begun = True
        if self._open and name in _NEVER_INNER:
            self._flaw(number, f"BEGIN:{name} before END:{self._open[-1].name} of line {self._open[-1].number}")
            yield from self._close(0)
        if name == _CALENDAR:
            yield CalendarBegins()
        elif len(self._open) == MAX_DEPTH:
            if not self._too_deep:
                self._flaw(number, f"components are nested more than {MAX_DEPTH} deep: left out")
            self._too_deep += 1
        else:
            if not self._open:
                self._size = self._length = 0
            self._open.append(Part(name, number))
            self._count(number, 0)

    def _end(self, number: int, name: str) -> Iterator[Piece]:
        places = [place for place, part in enumerate(self._open) if part.name == name]
        if name == _CALENDAR and self._open:
            self._flaw(number, f"END:{name} before END:{self._open[-1].name} of line {self._open[-1].number}")
            yield from self._close(0)
        elif self._too_deep and name not in _NEVER_INNER:
            self._too_deep -= 1
        elif places:
            if places[-1] + 1 < len(self._open):
                inner = self._open[-1]
                self._flaw(number, f"END:{name} where END:{inner.name} of line {inner.number} was due")
            yield from self._close(places[-1])
        elif self._open:
            part = self._open[-1]
            self._flaw(number, f"END:{name} where END:{part.name} of line {part.number} was due: left out")
        elif name != _CALENDAR:
            yield Unreadable(place=f"line {number}", reason=f"END:{name} without a BEGIN")

    def _close(self, place: int) -> Iterator[Part | Skipped]:
        """End the component at this place of those that are open, and all in it."""
        self._too_deep = 0
        while len(self._open) > place:
            part = self._open.pop()
            if self._open:
                if self._open[0].name in _KEPT and self._size <= MAX_LINES:
                    self._open[-1].parts.append(part)
            elif part.name in _KEPT:
                yield part
            else:
                yield Skipped(place=f"line {part.number}", reason=f"a {part.name} is no task")

    def _put(self, line: Line) -> None:
        self._count(line.number, len(line.text))
        if self._open[0].name in _KEPT and self._size <= MAX_LINES and self._length <= MAX_LENGTH:
            self._open[-1].lines.append(line)

    def _count(self, number: int, length: int) -> None:
        fitted = self._size <= MAX_LINES and self._length <= MAX_LENGTH
        self._size += 1
        self._length += length
        if fitted and not (self._size <= MAX_LINES and self._length <= MAX_LENGTH):
            whole = self._open[0]
            reason = f"the {whole.name} of line {whole.number} has more than {MAX_LINES} lines"
            self._flaw(number, f"{reason} or {MAX_LENGTH} characters: the rest is left out")

    def _flaw(self, number: int, reason: str) -> None:
        self._open[0].flaws.append(f"line {number}: {reason}")

    def _not_begun(self) -> Unreadable:
        return self._stop(self._before[0], "it is not iCalendar: it does not begin with BEGIN")

    def _stop(self, number: int, reason: str) -> Unreadable:
        self._is_over = True
        return Unreadable(place=f"line {number}", reason=reason, is_last=True)
