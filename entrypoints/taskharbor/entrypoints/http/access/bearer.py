"""The bearer token of a request (RFC 6750 section 2.1)."""

from typing import Final

from starlette.types import Scope

from taskharbor.entrypoints.http.requests.headers import headers_of

_SCHEME: Final = b"bearer "


def bearer_of(scope: Scope) -> str:
    """Return the token; empty if there is none. The scheme is in any case."""
    header = headers_of(scope).get(b"authorization")
    if header is None or header[: len(_SCHEME)].lower() != _SCHEME:
        return ""
    return header[len(_SCHEME) :].strip().decode("ascii", "replace")
