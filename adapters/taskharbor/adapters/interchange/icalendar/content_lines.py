"""Content lines as the library writes them: the only place that knows how little of it is typed."""

from collections.abc import Collection, Iterable, Mapping
from typing import cast

from icalendar.parser import Contentline, Contentlines, Parameters, split_on_unescaped_comma, unescape_backslash
from icalendar.prop import vCategory, vText


def text_line(name: str, text: str, parameters: Mapping[str, str] | None = None) -> str:
    """Return a property whose value is a text; line breaks of all kinds become one."""
    return _line(name, vText(text.replace("\r\n", "\n").replace("\r", "\n")).to_ical(), parameters)


def list_line(name: str, texts: Iterable[str]) -> str:
    """Return a property whose value is a list of texts."""
    return _line(name, vCategory(list(texts)).to_ical(), None)


def raw_line(name: str, value: str, parameters: Mapping[str, str] | None = None) -> str:
    """Return a property whose value is written as it is."""
    return _line(name, value.encode(), parameters)


def folded(lines: Iterable[str]) -> bytes:
    """Return the lines as a file has them: folded, each with its line break (RFC 5545 section 3.1)."""
    found = Contentlines(Contentline(line) for line in lines)  # type: ignore[no-untyped-call]  # of the library
    return cast("bytes", found.to_ical())  # type: ignore[no-untyped-call]  # of the library


def parts_of(line: str) -> tuple[str, dict[str, str], str]:
    """Return the name of a property, its parameters (of several values the first), and the value as it is written.

    Raises:
        ValueError: if it is no property.
    """
    name, parameters, value = Contentline(line).raw_parts()  # type: ignore[no-untyped-call]  # of the library
    found = {
        str(key).upper(): str(values[0] if isinstance(values, list) and values else values)
        for key, values in parameters.items()
    }
    return str(name).upper(), found, str(value)


def other_parameters(line: str, *, but: Collection[str]) -> str:
    """Return the parameters of a property as they are written, each after a semicolon, without some of them."""
    _, parameters, _ = Contentline(line).raw_parts()  # type: ignore[no-untyped-call]  # of the library
    others = Parameters({key: value for key, value in parameters.items() if str(key).upper() not in but})
    return f";{others.to_ical().decode()}" if others else ""


def unescaped(value: str) -> str:
    """Return the text that a value means (RFC 5545 section 3.3.11)."""
    return cast("str", unescape_backslash(value))


def unescaped_list(value: str) -> list[str]:
    """Return the texts that a list of them means."""
    return list(split_on_unescaped_comma(value))


def _line(name: str, value: bytes, parameters: Mapping[str, str] | None) -> str:
    # Not by Contentline.from_parts(): it takes a U+FEFF at the beginning of a value for a byte order mark.
    text = value.decode()
    return f"{name};{Parameters(parameters).to_ical().decode()}:{text}" if parameters else f"{name}:{text}"
