"""Content lines as they came, where a file must not have them so.

RFC 5545 section 3.1 allows no control character but a tab in a content line. A line with others goes out without them,
and whole in a property of our own beside it, which counts for as long as the line is the same.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from taskharbor.adapters.interchange.icalendar.components import Line
from taskharbor.adapters.interchange.icalendar.content_lines import text_line
from taskharbor.adapters.interchange.icalendar.names import ORIGINAL
from taskharbor.adapters.interchange.icalendar.properties import Property, properties_of

STAMPS: Final = frozenset({"CREATED", "LAST-MODIFIED", "DTSTAMP", "COMPLETED"})
"""What the export says in any case. One that could not be read is kept beside that."""

_CONTROLS: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]+")
_ENCODED: Final = re.compile(r"[\x00-\x1f\x7f%]")
_ESCAPE: Final = re.compile(r"%([0-9A-F]{2})")


def name_of(line: str) -> str:
    """Return the name of the property that a content line is, in upper case."""
    return re.split("[;:]", line, maxsplit=1)[0].upper()


def without_controls(line: str) -> str:
    """Return a content line as a file can have it: in a title a space stands for control characters."""
    return line if line.isprintable() else _CONTROLS.sub(" " if name_of(line) == "SUMMARY" else "", line)


def original_line(line: str) -> str:
    """Return the property that says how a line came; control characters and `%` are percent-encoded."""
    return text_line(ORIGINAL, _ENCODED.sub(lambda found: f"%{ord(found[0]):02X}", line))


def with_originals(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines as a file can have them, each that is not so by itself with how it came."""
    for line in lines:
        allowed = without_controls(line)
        yield allowed
        if allowed != line:
            yield original_line(line)


def restored(lines: Sequence[Line]) -> Iterator[Line]:
    """Yield lines as they came, those that a program has changed meanwhile as they are."""
    originals = {line.number: original for line in lines if (original := _original_in(line)) is not None}
    if not originals:
        yield from lines
        return
    came_as = {without_controls(original): original for original in originals.values()}
    there = {line.text for line in lines}
    for line in lines:
        original = originals.get(line.number)
        if original is None:
            yield line._replace(text=came_as.get(line.text, line.text))
        elif name_of(original) in STAMPS and without_controls(original) not in there:
            yield line


def _original_in(line: Line) -> str | None:
    if name_of(line.text) != ORIGINAL:
        return None
    found = next(properties_of([line]))
    return _ESCAPE.sub(lambda each: chr(int(each[1], 16)), found.text) if isinstance(found, Property) else None
