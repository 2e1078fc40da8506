"""The bearer token of a request (RFC 6750 section 2.1)."""

from typing import Final

_SCHEME: Final = b"bearer "


def bearer_in(authorization: bytes) -> str:
    """Return the token in this header; empty if there is none. The scheme is in any case."""
    if authorization[: len(_SCHEME)].lower() != _SCHEME:
        return ""
    return authorization[len(_SCHEME) :].strip().decode("ascii", "replace")
