"""The header `Prefer` (RFC 7240)."""

from typing import Final

from starlette.types import Scope

from taskharbor.entrypoints.http.requests.headers import headers_of

RETURN_REPRESENTATION: Final = "return=representation"


def prefers_representation(scope: Scope) -> bool:
    """Return whether a request that changes something wants what it has changed as the answer (section 4.2)."""
    value = headers_of(scope).get(b"prefer")
    if value is None:
        return False
    return any(
        item.partition(";")[0].strip().lower() == RETURN_REPRESENTATION for item in value.decode("latin-1").split(",")
    )
