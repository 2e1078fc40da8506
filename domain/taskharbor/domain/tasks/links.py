"""Links to what a task is about: RFC 3986, RFC 8984 section 1.4.11, RFC 5545 section 3.8.4.6."""

import re
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.values.primitives import list_from, string_from

Links: TypeAlias = tuple[str, ...]
"""URLs in the order in which they were given, none of them twice."""

MAX_LINK_LENGTH: Final = 2_000
MAX_LINKS: Final = 50

REFUSED_SCHEMES: Final = frozenset({"javascript", "vbscript", "data", "blob", "filesystem", "view-source", "about"})
"""Those that run code or show made-up content in the page that offers the link. All others lead elsewhere: https,
mailto, tel, and those by which mail clients and note-takers name their things."""

# Percent-encoded where RFC 3986 wants it, but square brackets may stand anywhere: queries in use have them.
_URL: Final = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?:[A-Za-z0-9._~:/?@!$&'()*+,;=\[\]-]|%[0-9A-Fa-f]{2})+"
    r"(?:#(?:[A-Za-z0-9._~:/?@!$&'()*+,;=\[\]-]|%[0-9A-Fa-f]{2})*)?"
)


def link_from(field: str, value: object) -> str:
    """Return `value` as a link: an absolute URL (RFC 3986 section 3), with its fragment if any, exactly as written.

    Raises:
        InvalidValue: for `field`.
    """
    url = string_from(field, value)
    if len(url) > MAX_LINK_LENGTH:
        raise InvalidValue(field, f"must have at most {MAX_LINK_LENGTH} characters, has {len(url)}")
    found = _URL.fullmatch(url)
    if not found:
        raise InvalidValue(field, "must be an absolute URL such as https://example.org/, percent-encoded")
    scheme = found["scheme"].lower()
    if scheme in REFUSED_SCHEMES:
        raise InvalidValue(field, f"must not have the scheme {scheme}")
    if scheme in {"http", "https"} and not _has_host(url):
        raise InvalidValue(field, "must name a host, and a port only if it is one")
    return url


def links_from(value: object) -> Links:
    """Return `value`, a list of strings, as links. Duplicates are dropped.

    Raises:
        InvalidValue: for `links` or an item of it, such as `links[3]`.
    """
    items = list_from("links", value, most=MAX_LINKS)
    return tuple(dict.fromkeys(link_from(f"links[{place}]", item) for place, item in enumerate(items)))


def _has_host(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port above 65535, brackets around what is no IPv6 address
        return False
