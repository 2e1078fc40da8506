"""What is kept of an object of Taskwarrior, as much of it as there is room for."""

import json
from collections.abc import Mapping
from typing import Any, Final

MAX_KEPT_LENGTH: Final = 49_152
"""In characters of JSON."""


def preserved_of(attributes: Mapping[str, Any], place: str, remarks: list[str]) -> dict[str, Any] | None:
    """Return attributes without the largest of them if that is too much, and without what no text can hold.

    What is left out is added to the remarks.
    """
    kept = {name: value for name, value in attributes.items() if "\\u0000" not in json.dumps([name, value])}
    if len(kept) < len(attributes):
        remarks.append(f"{place}: attributes with U+0000 are left out")
    while _length(kept) > MAX_KEPT_LENGTH:
        largest = max(kept, key=lambda name: _length(kept[name]))
        remarks.append(f"{place} ({largest[:40]}): it is too much to keep: left out")
        del kept[largest]
    return kept or None


def _length(value: object) -> int:
    return len(json.dumps(value, ensure_ascii=False))
