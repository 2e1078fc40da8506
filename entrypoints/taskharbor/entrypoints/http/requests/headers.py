"""Request headers as the server received them, and what they say of the body: its media type (RFC 9110 section 8.3)."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from starlette.types import Scope

from taskharbor.entrypoints.http.requests.errors import UnsupportedMediaType

JSON: Final = ("application/json",)

FORMS: Final = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})

SIMPLE: Final = FORMS | {"text/plain"}
"""What a page may send to any site without asking it first (the Fetch standard's CORS-safelisted types)."""

MERGE_PATCH: Final = ("application/merge-patch+json", "application/json")
"""RFC 7396, or plain JSON, which is read as the same."""

_CHARSETS: Final = frozenset({"utf-8", "utf8", "us-ascii"})
"""UTF-8 and what is a part of it."""

_UTF_8: Final = re.compile(r"""[ \t]*+(charset=("?)utf-8\2[ \t]*+)?""", re.IGNORECASE)

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


def refuse_media_types(scope: Scope, refused: Collection[str], *, accepted: Sequence[str]) -> None:
    """Make sure that the body does not say to be in one of the `refused` types.

    Raises:
        UnsupportedMediaType: if it does.
    """
    content_type = headers_of(scope).get(b"content-type", b"").decode("latin-1")
    if content_type.partition(";")[0].strip(" \t").lower() in refused:
        raise UnsupportedMediaType(accepted)


def require_media_type(headers: Mapping[bytes, bytes], accepted: Sequence[str]) -> None:
    """Make sure that the body says to be in one of the `accepted` types.

    Raises:
        UnsupportedMediaType: if not.
    """
    content_type = headers.get(b"content-type", b"").decode("latin-1")
    coding = headers.get(b"content-encoding") or b"identity"
    if content_type in accepted and coding == b"identity":  # by far the most common
        return
    media_type, *parameters = content_type.split(";")
    if (
        media_type.strip(" \t").lower() not in accepted
        or not all(_UTF_8.fullmatch(parameter) for parameter in parameters)
        or coding.lower() != b"identity"
    ):
        raise UnsupportedMediaType(accepted)


def require_utf_8(scope: Scope, accepted: Sequence[str]) -> None:
    """Make sure that the body, of whatever media type, does not say to be in another charset than UTF-8.

    Raises:
        UnsupportedMediaType: if it does.
    """
    content_type = (headers_of(scope).get(b"content-type") or b"").decode("latin-1")
    for parameter in content_type.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset" and value.strip().strip('"').lower() not in _CHARSETS:
            raise UnsupportedMediaType(accepted)
