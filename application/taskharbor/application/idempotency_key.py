"""The name of a call that may be repeated (draft-ietf-httpapi-idempotency-key-header-07)."""

import re
from typing import Final, TypeAlias

from taskharbor.domain.errors import InvalidValue

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
