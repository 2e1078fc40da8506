"""The name of a task in the world outside: RFC 8984 section 4.1.2, RFC 5545 section 3.8.4.7."""

from typing import NewType
from uuid import UUID

from taskharbor.domain.errors import InvalidValue

Uid = NewType("Uid", str)
"""A UUID in its canonical text form (RFC 9562 section 4): lower case, with hyphens."""

_CANONICAL_LENGTH = 36


def uid_from(value: str | UUID) -> Uid:
    """Return `value` as a uid.

    Raises:
        InvalidValue: for `uid`, when `value` is not a UUID with hyphens.
    """
    if isinstance(value, UUID):
        return Uid(str(value))
    try:
        uid = str(UUID(value))
    except ValueError:
        uid = ""
    # UUID() also reads braces, a URN prefix and no hyphens at all: one name must not have several spellings.
    if len(value) != _CANONICAL_LENGTH or uid != value.lower():
        raise InvalidValue("uid", "must be a UUID such as 0190b1f4-1234-7abc-8def-0123456789ab")
    return Uid(uid)
