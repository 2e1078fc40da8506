"""The name of a task in the world outside: RFC 8984 section 4.1.2, RFC 5545 section 3.8.4.7."""

from typing import Final, NewType
from uuid import UUID, uuid5

from taskharbor.domain.errors import InvalidValue

Uid = NewType("Uid", str)
"""A UUID in its canonical text form (RFC 9562 section 4): lower case, with hyphens."""

_CANONICAL_LENGTH = 36
_OTHER_NAMES: Final = UUID("8f1f6f1e-6a5c-4f0d-9a43-5d3a4c9f2b71")


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


def uid_named(name: str) -> Uid:
    """Return the uid of a task that another program calls `name`: itself if it is a UUID, else always the same one.

    RFC 5545 section 3.8.4.7 lets a UID be any text; it is hashed (RFC 9562 section 5.5).
    """
    try:
        return uid_from(name)
    except InvalidValue:
        # JSON can have halves of characters, which no encoding has.
        return Uid(str(uuid5(_OTHER_NAMES, name.encode(errors="backslashreplace").decode())))
