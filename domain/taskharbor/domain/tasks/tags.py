"""Tags: RFC 8984 section 4.2.9 (keywords), RFC 5545 section 3.8.1.2 (CATEGORIES)."""

import re
from typing import Final, TypeAlias
from unicodedata import normalize

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.values.primitives import list_from, string_from

Tags: TypeAlias = tuple[str, ...]
"""A set of tags in the order of their keys. No two have the same key."""

MAX_TAG_LENGTH: Final = 64
"""In code points, after trimming, in NFC."""

MAX_TAGS: Final = 100

# Controls (Cc), the line and paragraph separators, and lone surrogates. A comma is allowed: iCalendar escapes it.
_FORBIDDEN: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def tag_key(tag: str) -> str:
    """Return that by which tags are compared: in NFC, casefolded. `Straße` and `STRASSE` are one tag."""
    if tag.isascii():
        return tag.lower()
    return normalize("NFC", normalize("NFC", tag).casefold())


def tag_from(field: str, value: object) -> str:
    """Return `value` as a tag: trimmed, in NFC, 1 to 64 characters, without control characters, case kept.

    Raises:
        InvalidValue: for `field`.
    """
    text = string_from(field, value)
    if len(text) > 10 * MAX_TAG_LENGTH:  # not worth normalizing: that takes its time on long text
        raise InvalidValue(field, f"must have at most {MAX_TAG_LENGTH} characters")
    tag = normalize("NFC", text).strip()
    if not tag:
        raise InvalidValue(field, "must have at least 1 character that is not white space")
    if len(tag) > MAX_TAG_LENGTH:
        raise InvalidValue(field, f"must have at most {MAX_TAG_LENGTH} characters, has {len(tag)}")
    if not tag.isprintable() and (found := _FORBIDDEN.search(tag)):
        raise InvalidValue(field, f"must not contain U+{ord(found[0]):04X}")
    return tag


def tags_from(value: object) -> Tags:
    """Return `value`, a list of strings, as a set of tags. Of several spellings of one tag the first is kept.

    Raises:
        InvalidValue: for `tags` or an item of it, such as `tags[3]`.
    """
    items = list_from("tags", value, most=MAX_TAGS)
    by_key: dict[str, str] = {}
    for place, item in enumerate(items):
        tag = tag_from(f"tags[{place}]", item)
        by_key.setdefault(tag_key(tag), tag)
    return tuple([by_key[key] for key in sorted(by_key)])
