"""The header `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header-07)."""

import re
from typing import Final

from starlette.types import Scope

from taskharbor.application.calls import IdempotencyKey
from taskharbor.application.errors import IdempotencyKeyInFlight, IdempotencyKeyReused
from taskharbor.entrypoints.http.requests.errors import InvalidRequest, MalformedHeader
from taskharbor.entrypoints.http.requests.headers import headers_of

_NAME: Final = "Idempotency-Key"
_SYNTAX: Final = (
    'a quoted string of 1 to 255 printable ASCII characters, such as "8e03978e-40d5-43dd-bc93-6894a57f9324"'
)

# A String of RFC 9651 section 3.3.3, as the draft wants it; or bare, as many clients send it.
_QUOTED: Final = re.compile(rb'"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\]){1,255})"')
_BARE: Final = re.compile(rb"[A-Za-z0-9!#$%&'*+\-.^_`|~:/=@]{1,255}")
_ESCAPED: Final = re.compile(rb"\\(.)")

IDEMPOTENCY_ERRORS: Final = (MalformedHeader(_NAME, _SYNTAX), IdempotencyKeyInFlight(), IdempotencyKeyReused())
"""Why a request may be refused for its key."""


def idempotency_key_from(value: bytes) -> IdempotencyKey:
    """Return the name that a request gives itself in this header.

    Raises:
        MalformedHeader: if it is not what it must be.
    """
    value = value.strip(b" \t")
    if quoted := _QUOTED.fullmatch(value):
        return _ESCAPED.sub(rb"\1", quoted[1]).decode("ascii")
    if _BARE.fullmatch(value):
        return value.decode("ascii")
    raise MalformedHeader(_NAME, _SYNTAX)


def refuse_idempotency_key(scope: Scope) -> None:
    """Make sure that there is no key: an operation that takes none must not be repeated as if it had one.

    Raises:
        InvalidRequest: if there is one.
    """
    if b"idempotency-key" in headers_of(scope):
        raise InvalidRequest.at(
            f"header.{_NAME}", "is not taken by this operation, whose answer is not kept", code="unknown"
        )
