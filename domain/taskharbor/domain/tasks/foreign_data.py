"""Data of other programs that this one does not understand: preserved and exported again.

An X- property of an iCalendar file, a UDA of Taskwarrior, a `key:value` of todo.txt: a round trip
of import and export must not lose it. It is opaque JSON, filed by format.
"""

import json
from collections.abc import Mapping
from typing import Final, TypeAlias, cast

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.values.primitives import string_from

ForeignData: TypeAlias = tuple[tuple[str, str], ...]
"""The name of a format and the JSON text filed under it, in the order of the names."""

MAX_FOREIGN_LENGTH: Final = 65_536
"""In code points of JSON text, all formats together."""

AWAITED: Final = "awaited"
"""Under which name it says of which tasks that have not come yet a task is a part, an occurrence, or a dependent."""

_LONGEST_FORMAT: Final = 32


def foreign_from(value: object) -> ForeignData:
    """Return `value`, an object with a member for each format, as foreign data.

    Raises:
        InvalidValue: for `foreign` or a member of it, such as `foreign.icalendar`.
    """
    if not isinstance(value, Mapping):
        raise InvalidValue("foreign", "must be an object with a member for each format")
    texts = {_format_from(name): _text_of(name, data) for name, data in cast("Mapping[object, object]", value).items()}
    length = sum(map(len, texts.values()))
    if length > MAX_FOREIGN_LENGTH:
        raise InvalidValue("foreign", f"must have at most {MAX_FOREIGN_LENGTH} characters of JSON, has {length}")
    return tuple(sorted(texts.items()))


def foreign_as_json(foreign: ForeignData) -> dict[str, object]:
    """Return the wire form."""
    return {name: json.loads(text) for name, text in foreign}


def _format_from(name: object) -> str:
    text = string_from("foreign", name)
    if not text.isidentifier() or not text.isascii() or len(text) > _LONGEST_FORMAT:
        raise InvalidValue("foreign", "must be filed under names of formats, such as icalendar")
    return text


def _text_of(name: object, data: object) -> str:
    try:
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False, sort_keys=True)
        text.encode()
    except (TypeError, ValueError, RecursionError):
        raise InvalidValue(f"foreign.{name}", "must be JSON") from None
    if "\x00" in text or "\\u0000" in text:
        raise InvalidValue(f"foreign.{name}", "must not contain U+0000")
    return text
