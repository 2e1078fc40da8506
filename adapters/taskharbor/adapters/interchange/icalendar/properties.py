"""Content lines as properties: name, parameters, value. RFC 5545 section 3.1."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from taskharbor.adapters.interchange.icalendar.components import Line
from taskharbor.adapters.interchange.icalendar.content_lines import parts_of, unescaped, unescaped_list


class Property(NamedTuple):
    """A property.

    Attributes:
        number: its line.
        name: in upper case.
        parameters: by name in upper case; of several values of one parameter the first.
        value: as it stands there, with its escapes.
        raw: the whole line.
    """

    number: int
    name: str
    parameters: dict[str, str]
    value: str
    raw: str

    @property
    def place(self) -> str:
        """Where it stands."""
        return f"line {self.number} ({self.name})"

    @property
    def text(self) -> str:
        """The value, if it is a text, without escapes (RFC 5545 section 3.3.11)."""
        return unescaped(self.value)

    @property
    def texts(self) -> list[str]:
        """The value, if it is a list of texts."""
        return unescaped_list(self.value)


class Flaw(NamedTuple):
    """A line that is no property, or one that cannot be read: what it seems to be, and why."""

    number: int
    name: str
    reason: str


_LONGEST_NAME: Final = 40


def properties_of(lines: list[Line]) -> Iterator[Property | Flaw]:
    """Yield what the lines say."""
    for line in lines:
        name, colon, value = line.text.partition(":")
        seemingly = name.partition(";")[0].strip().upper()[:_LONGEST_NAME]
        if line.flaw is not None:
            yield Flaw(line.number, seemingly, line.flaw)
        elif colon and ";" not in name and name.replace("-", "").isalnum():
            yield Property(line.number, name.upper(), {}, value, line.text)
        else:
            yield _with_parameters(line, seemingly)


def _with_parameters(line: Line, seemingly: str) -> Property | Flaw:
    try:
        name, parameters, value = parts_of(line.text)
    except ValueError:
        return Flaw(line.number, seemingly, "is no property of the form NAME;PARAMETER=VALUE:VALUE")
    return Property(line.number, name, parameters, value, line.text)
