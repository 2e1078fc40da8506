"""What tells one request from another that comes with the same key."""

import json
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from enum import Enum
from hashlib import sha256
from typing import Any, Final

from taskharbor.domain.unset import UNSET


def fingerprint_of(command: object, actor: str | None) -> str | None:
    """Return a digest of what is asked for, by whom, and on which condition: `if_match` is a part of a command.

    A value object and its wire form have the same one, and so has an object whatever the order of its members. None
    means that `command` holds what no command can, such as a list in itself; it will be refused.
    """
    try:
        text = _encode([type(command).__name__, actor, command])
    except (RecursionError, TypeError, ValueError):
        return None
    return sha256(text.encode("ascii")).hexdigest()


def _plain(value: object) -> object:
    as_json = getattr(value, "as_json", None)
    if callable(as_json):
        return as_json()
    if is_dataclass(value):
        members: dict[str, object] = {field.name: getattr(value, field.name) for field in fields(value)}
        named = {name: member for name, member in members.items() if member is not UNSET}
        return {"": type(value).__name__, **named}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, AbstractSet):
        return sorted(str(member) for member in value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]  # any will do
    return str(value)


_encode: Final[Any] = json.JSONEncoder(separators=(",", ":"), sort_keys=True, default=_plain).encode
