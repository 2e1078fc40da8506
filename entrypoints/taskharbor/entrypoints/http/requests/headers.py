"""Request headers as the server received them."""

from collections.abc import Mapping
from typing import Final

from starlette.types import Scope

_HEADERS: Final = "taskharbor.headers"
"""In the scope of a request: its headers, once they have been read."""


def headers_of(scope: Scope) -> Mapping[bytes, bytes]:
    """Return the headers of a request by their names in lower case. Several lines make one list (RFC 9110 5.3).

    They are parsed once, however often they are read.
    """
    found: dict[bytes, bytes] | None = scope.get(_HEADERS)
    if found is None:
        lines = scope["headers"]
        found = dict(lines)
        if len(found) < len(lines):
            found = {}
            for name, value in lines:
                found[name] = found[name] + b", " + value if name in found else value
        scope[_HEADERS] = found
    return found


def with_headers(scope: Scope, changed: Mapping[bytes, bytes]) -> Scope:
    """Return the request with other values of some of its headers."""
    rest = [line for line in scope["headers"] if line[0] not in changed]
    return {**scope, "headers": [*rest, *changed.items()], _HEADERS: {**headers_of(scope), **changed}}
