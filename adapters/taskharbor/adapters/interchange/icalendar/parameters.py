"""Parameters of properties that are understood, such as LANGUAGE of SUMMARY: kept as long as the value stays the same.

Only a digest of the value is kept, as a DESCRIPTION may be long.
"""

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any, Final, TypedDict

from taskharbor.adapters.interchange.icalendar.components import Line
from taskharbor.adapters.interchange.icalendar.content_lines import other_parameters
from taskharbor.adapters.interchange.icalendar.names import AUTHOR, CREATED
from taskharbor.adapters.interchange.icalendar.properties import Property, properties_of


class PreservedParameters(TypedDict):
    """Parameters as they are written, of the property with this name and a value with this digest."""

    name: str
    digest: str
    parameters: str


UNDERSTOOD: Final = frozenset({"VALUE", "TZID", "RELTYPE", "LINKREL", "ENCODING", "CHARSET", AUTHOR, CREATED})
_FORM: Final = re.compile(r'(?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^";:])*)+')
_BREAKS_A_LINE: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f\ud800-\udfff]")
_LONGEST: Final = 16_384


def says_more(found: Property) -> bool:
    """Return whether a property has parameters that are not understood."""
    return bool(found.parameters.keys() - UNDERSTOOD)


def parameters_to_preserve(found: Property) -> PreservedParameters | None:
    """Return the parameters of a property that are not understood, or None if there are none."""
    if not says_more(found):
        return None
    parameters = other_parameters(found.raw, but=UNDERSTOOD)
    return {"name": found.name, "digest": digest_of(found.text), "parameters": parameters}


def preserved_parameters_from(value: Any) -> PreservedParameters | None:  # noqa: ANN401  # JSON
    """Return what `parameters_to_preserve` made, or None for anything else."""
    if not isinstance(value, dict):
        return None
    name, digest, text = (value.get(key) for key in ("name", "digest", "parameters"))
    if not isinstance(name, str) or not isinstance(digest, str) or not isinstance(text, str):
        return None
    is_safe = len(text) <= _LONGEST and _FORM.fullmatch(text) and not _BREAKS_A_LINE.search(text)
    return {"name": name, "digest": digest, "parameters": text} if is_safe else None


def with_parameters(lines: Iterable[str], preserved: Iterable[PreservedParameters]) -> Iterator[str]:
    """Yield content lines of a task, each with the parameters that belong to the same value."""
    remaining = {(each["name"], each["digest"]): each["parameters"] for each in preserved}
    for line in lines:
        name = re.split("[;:]", line, maxsplit=1)[0]
        if not any(name == each for each, _ in remaining):
            yield line
            continue
        found = next(properties_of([Line(0, line)]))
        text = remaining.pop((name, digest_of(found.text)), "") if isinstance(found, Property) else ""
        yield f"{name}{text}{line[len(name) :]}"


def digest_of(text: str) -> str:
    """Return the digest by which to see whether a value is still the same."""
    return sha256(text.strip().encode(errors="surrogatepass")).hexdigest()[:16]
