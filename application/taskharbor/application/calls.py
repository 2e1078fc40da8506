"""The names that a caller can give: to itself, and to a call."""

import re
from typing import Final, TypeAlias

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.values.primitives import string_from
from taskharbor.domain.values.text import one_line_from

MAX_ACTOR_LENGTH: Final = 255
"""In code points."""


def actor_from(value: object) -> str | None:
    """Return `value` as the name of an actor, or None.

    A name is one line of 1 to 255 characters: a login, an address, the name of an agent.

    Raises:
        InvalidValue: for `actor`.
    """
    if value is None:
        return None
    name = one_line_from("actor", string_from("actor", value))
    if not 1 <= len(name) <= MAX_ACTOR_LENGTH:
        raise InvalidValue("actor", f"must have from 1 to {MAX_ACTOR_LENGTH} characters, has {len(name)}")
    return name


IdempotencyKey: TypeAlias = str
"""1 to 255 printable ASCII characters; a random UUID, say."""

# What a String of RFC 9651 section 3.3.3 can hold.
_KEY: Final = re.compile(r"[\x20-\x7e]{1,255}")


def idempotency_key_from(value: object) -> IdempotencyKey:
    """Return `value` as the name of a call.

    Raises:
        InvalidValue: for `idempotency_key`.
    """
    if not isinstance(value, str) or not _KEY.fullmatch(value):
        raise InvalidValue("idempotency_key", "must be 1 to 255 printable ASCII characters")
    return value
