"""What is kept of a VTODO for the programs that understand it, as much of it as there is room for."""

from collections.abc import Iterator
from typing import Final

from taskharbor.adapters.interchange.icalendar.components import Part
from taskharbor.adapters.interchange.icalendar.parameters import Said, said_of
from taskharbor.adapters.interchange.icalendar.properties import Property

MAX_KEPT_LENGTH: Final = 16_384
"""Of one line that is kept for other programs; of all together three times as much."""


def lines_of(part: Part) -> Iterator[str]:
    """Yield the lines of a component, those of the components in it included, without BEGIN and END of its own."""
    yield from (line.text for line in part.lines if line.flaw is None)
    for inner in part.parts:
        yield from component_of(inner)


def component_of(part: Part) -> Iterator[str]:
    """Yield the lines of a component from BEGIN to END."""
    yield f"BEGIN:{part.name}"
    yield from lines_of(part)
    yield f"END:{part.name}"


class Keeper:
    """Keeps lines, components, and parameters of what is understood.

    Attributes:
        properties: content lines.
        components: components that are no alarm.
        parameters: of properties that are understood.
        remarks: what there was no room for.
    """

    def __init__(self) -> None:
        self.properties: list[str] = []
        self.components: list[list[str]] = []
        self.parameters: list[Said] = []
        self.remarks: list[str] = []
        self._length = 0

    def keep(self, found: Property) -> None:
        """Keep a property as it stands there."""
        if self.has_room(found.place, [found.raw]):
            self.properties.append(found.raw)

    def keep_component(self, part: Part) -> None:
        """Keep a component."""
        lines = list(component_of(part))
        if self.has_room(f"line {part.number} ({part.name[:40]})", lines):
            self.components.append(lines)

    def keep_parameters(self, found: Property) -> None:
        """Keep those parameters of a property that is understood which are not."""
        said = said_of(found)
        if said is not None and self.has_room(found.place, [said["parameters"]]):
            self.parameters.append(said)

    def has_room(self, place: str, lines: list[str]) -> bool:
        """Take the room that lines need; if there is none, say that they are left out."""
        length = sum(map(len, lines))
        if max(map(len, lines), default=0) > MAX_KEPT_LENGTH or self._length + length > 3 * MAX_KEPT_LENGTH:
            self.remarks.append(f"{place}: {length} characters are too many to keep: left out")
            return False
        self._length += length
        return True
