"""What distinguishes requests with the same key."""

import json
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from datetime import date, time, timedelta
from enum import Enum
from hashlib import sha256
from typing import Any, Final, cast
from uuid import UUID

from taskharbor.application.idempotency.stored_names import REQUEST_NAMES
from taskharbor.domain.unset import UNSET


def fingerprint_of(request: object, actor: str | None) -> str | None:
    """Return a digest of what is asked for, by whom, and on which condition: `if_match` is a part of a command.

    A value object and its wire form have the same one, and so has an object whatever the order of its members. None
    means that `request` holds what no command can, such as a list in itself; it will be refused.
    """
    try:
        text = _canonical_json([_name_of(request), actor, request])
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
        return {"": _name_of(value), **named}
    match value:
        case Enum():
            return value.value
        case Mapping():
            return dict(cast("Mapping[str, object]", value))
        case AbstractSet():
            return sorted(cast("AbstractSet[str]", value))
        case UUID() | date() | time() | timedelta():
            return str(value)
        case _:
            # What it looks like may be different in another process: no address must get in here.
            raise TypeError(f"{type(value).__name__} is no part of a command")


def _name_of(request: object) -> str:
    name = REQUEST_NAMES.get(type(request))
    if name is None:
        raise TypeError(f"{type(request).__name__} is no part of a command")
    return name


_canonical_json: Final[Any] = json.JSONEncoder(separators=(",", ":"), sort_keys=True, default=_plain).encode
