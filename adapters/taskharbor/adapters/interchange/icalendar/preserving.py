"""Preserves the parts of a VTODO that only other programs understand, as far as there is room."""

import json
from collections.abc import Iterator
from typing import Final, TypedDict

from taskharbor.adapters.interchange.icalendar.components import Part
from taskharbor.adapters.interchange.icalendar.originals import original_line
from taskharbor.adapters.interchange.icalendar.parameters import PreservedParameters, digest_of, parameters_to_preserve
from taskharbor.adapters.interchange.icalendar.properties import Property

MAX_PRESERVED_LENGTH: Final = 16_384
"""Of one line that is kept for other programs; of all together three times as much."""


class Original(TypedDict):
    """The line that a property came as, for as long as it would be written with the value that has this digest."""

    name: str
    digest: str
    line: str


class Rest(TypedDict):
    """The rest of a text that was cut, valid while the part that was taken has this digest."""

    digest: str
    text: str


def lines_of(part: Part) -> Iterator[str]:
    """Yield the lines of a component and of those in it, without its own BEGIN and END."""
    yield from (line.text for line in part.lines if not line.is_cut)
    for inner in part.parts:
        yield from component_of(inner)


def component_of(part: Part) -> Iterator[str]:
    """Yield the lines of a component from BEGIN to END."""
    yield f"BEGIN:{part.name}"
    yield from lines_of(part)
    yield f"END:{part.name}"


class Preserver:
    """Preserves lines, components, and parameters of properties that are understood.

    Attributes:
        properties: content lines.
        components: components that are no alarm.
        parameters: of properties that are understood.
        unread: content lines of properties that are understood, and could not be read.
        originals: of properties that are written differently from how they came.
        rest: of the description.
        remarks: on what there was no room for.
    """

    def __init__(self) -> None:
        self.properties: list[str] = []
        self.components: list[list[str]] = []
        self.parameters: list[PreservedParameters] = []
        self.unread: list[str] = []
        self.originals: list[Original] = []
        self.rest: Rest | None = None
        self.remarks: list[str] = []
        self._length = 0

    def keep(self, found: Property) -> None:
        """Keep a property as it stands there."""
        if self.has_room(found.place, [found.raw]):
            self.properties.append(found.raw)

    def keep_stamp(self, found: Property) -> None:
        """Keep a date that could not be read beside the one that the task has for it."""
        line = original_line(found.raw)
        if line not in self.properties and self.has_room(found.place, [line]):
            self.properties.insert(0, line)  # where it is read again: categories that are no tags come last

    def keep_unread(self, found: Property) -> None:
        """Keep a property that could not be read, for as long as the task has no other value for it."""
        if self.has_room(found.place, [found.raw]):
            self.unread.append(found.raw)

    def keep_original(self, found: Property, value: str) -> None:
        """Keep a property as it came, for as long as it would be written with another value, a text without escapes."""
        if self.has_room(found.place, [found.raw]):
            written = value.replace("\r\n", "\n").replace("\r", "\n")
            self.originals.append({"name": found.name, "digest": digest_of(written), "line": found.raw})

    def keep_rest(self, found: Property, text: str, rest: str) -> None:
        """Keep the rest of a description, as far as there is room."""
        rest, lost = rest[:MAX_PRESERVED_LENGTH], len(rest) - MAX_PRESERVED_LENGTH
        if self.has_room(found.place, [rest]):
            self.rest = {"digest": digest_of(text), "text": rest}
            if lost > 0:
                self.remarks.append(f"{found.place}: its last {lost} characters are too many to keep: left out")

    def keep_component(self, part: Part) -> None:
        """Keep a component."""
        lines = list(component_of(part))
        if self.has_room(f"line {part.number} ({part.name[:40]})", lines):
            self.components.append(lines)

    def keep_parameters(self, found: Property) -> None:
        """Keep those parameters of a property that is understood which are not."""
        extra = parameters_to_preserve(found)
        if extra is not None and self.has_room(found.place, [extra["parameters"]]):
            self.parameters.append(extra)

    def has_room(self, place: str, lines: list[str]) -> bool:
        """Take the room that lines need; if there is none, say that they are left out."""
        if any("\x00" in line for line in lines):
            self.remarks.append(f"{place}: it has U+0000, which no text can hold: not kept")
            return False
        length = len(json.dumps(lines, ensure_ascii=False)) - 4  # of one line without what is around it
        if max(map(len, lines), default=0) > MAX_PRESERVED_LENGTH or self._length + length > 3 * MAX_PRESERVED_LENGTH:
            self.remarks.append(f"{place}: {length} characters are too many to keep: left out")
            return False
        self._length += length
        return True
