"""Request headers as the server received them."""

from starlette.types import Scope


def header(scope: Scope, name: bytes) -> bytes | None:
    """Return the value of a header, or None; `name` in lower case. Several lines make one list (RFC 9110 5.3)."""
    values = [value for key, value in scope["headers"] if key == name]
    if not values:
        return None
    return values[0] if len(values) == 1 else b", ".join(values)
