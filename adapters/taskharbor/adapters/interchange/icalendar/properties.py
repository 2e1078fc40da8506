"""Content lines as properties: name, parameters, value. RFC 5545 section 3.1."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from taskharbor.adapters.interchange.icalendar.components import Line
from taskharbor.adapters.interchange.icalendar.content_lines import parts_of, unescaped, unescaped_list
from taskharbor.adapters.interchange.icalendar.encoded_values import decoded


class Property(NamedTuple):
    """A property.

    Attributes:
        number: its line.
        name: in upper case.
        parameters: by name in upper case; of several values of one parameter the first.
        value: as it stands there, with its escapes; decoded if it has an ENCODING.
        raw: the whole line.
        flaw: what is wrong with the line, though it can be read.
        is_cut: whether a part of it is missing.
    """

    number: int
    name: str
    parameters: dict[str, str]
    value: str
    raw: str
    flaw: str | None = None
    is_cut: bool = False

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

    @property
    def values(self) -> list[str]:
        """The values, if it is a list of dates."""
        return [value for value in self.value.split(",") if value.strip()]

    def with_value(self, value: str) -> "Property":
        """Return the same property with another value, as it would be written."""
        name = self.raw[: len(self.raw) - len(self.value)]
        return self._replace(value=value, raw=f"{name}{value}")


class Flaw(NamedTuple):
    """A line that is no property or cannot be read: what it seems to be, and why."""

    number: int
    name: str
    reason: str


_LONGEST_NAME: Final = 40


def properties_of(lines: list[Line]) -> Iterator[Property | Flaw]:
    """Yield the items in the lines."""
    for line in lines:
        name, colon, value = line.text.partition(":")
        seemingly = name.partition(";")[0].strip().upper()[:_LONGEST_NAME]
        if colon and ";" not in name and name.replace("-", "").isalnum():
            yield Property(line.number, name.upper(), {}, value, line.text, line.flaw, line.is_cut)
        else:
            yield _with_parameters(line, seemingly)


def _with_parameters(line: Line, seemingly: str) -> Property | Flaw:
    try:
        name, parameters, value = parts_of(line.text)
    except ValueError:
        reason = line.flaw or "is no property of the form NAME;PARAMETER=VALUE:VALUE"
        return Flaw(line.number, seemingly, reason)
    value = decoded(value, parameters) if "ENCODING" in parameters else value
    return Property(line.number, name, parameters, value, line.text, line.flaw, line.is_cut)
