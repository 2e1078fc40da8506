"""A table of comma-separated values, with a line of names: RFC 4180, and what programs make of it.

Semicolons and tabs separate, too, if the line of names has them. What is not UTF-8 is Windows-1252.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final, NamedTuple

from taskharbor.adapters.interchange.apps.read_only import MAX_BYTES
from taskharbor.adapters.interchange.encodings import text_from
from taskharbor.application.ports.interchange import Unreadable

MAX_PREAMBLE: Final = 20
"""After how many lines the names come at the latest."""

_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))

csv.field_size_limit(max(csv.field_size_limit(), MAX_BYTES))


class Row(NamedTuple):
    """A row with its place; its values by the names of their columns, in lower case."""

    place: str
    values: Mapping[str, str]


def text_of(data: bytes) -> str:
    """Return the text of a file, whatever it is encoded in."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    return text_from(data)[0]


def rows_of(data: bytes, *, having: str) -> Iterator[Row | Unreadable]:
    """Yield the rows of a table in which one column has this name.

    A quote that is never closed would swallow the rest: the line in which it stands is said, and the next one read.
    """
    lines = list(io.StringIO(text_of(data), newline=""))  # which end in nothing but line feeds and returns
    found = _header(lines, having)
    if found is None:
        yield Unreadable(place="file", reason=f"it has no line of names with {having} among them", is_last=True)
        return
    at, names, delimiter = found
    while at < len(lines):
        reader = csv.reader(islice(lines, at, None), delimiter=delimiter)
        is_open = sum(line.count('"') for line in islice(lines, at, None)) % 2 == 1
        begins, resumed = at, False
        try:
            for values in reader:
                place, ends = f"line {begins + 1}", at + reader.line_num
                if is_open and ends == len(lines):
                    yield Unreadable(place=place, reason="it has a quote that is never closed")
                    at, resumed = begins + 1, True
                    break
                begins = ends
                if any(values):
                    yield Row(place, dict(zip(names, values, strict=False)))
        except csv.Error as error:
            yield Unreadable(place=f"line {begins + 1}", reason=str(error))
            at, resumed = begins + 1, True
        if not resumed:
            return
        # What is left once is read as it comes: going back again and again would take the square of the time.
        lines[at:] = [line.replace('"', "") for line in lines[at:]] if is_open else lines[at:]


def _header(lines: list[str], having: str) -> tuple[int, list[str], str] | None:
    for at, line in enumerate(lines[:MAX_PREAMBLE]):
        for delimiter in ",;\t":
            names = [name.strip().lower() for name in next(csv.reader([line[:65_536]], delimiter=delimiter), [])]
            if having in names and len(names) > 1:
                return at + 1, names, delimiter
    return None
