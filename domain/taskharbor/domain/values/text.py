"""The rules for text that people write: titles and descriptions."""

import re
from typing import Final
from unicodedata import normalize

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.values.primitives import string_from

MAX_TITLE_LENGTH: Final = 500
"""In code points, after trimming."""

MAX_DESCRIPTION_LENGTH: Final = 65_536
"""In code points."""

UNREADABLE: Final = re.compile("[\x00\ud800-\udfff]")
"""What no text has that tasks are searched for: databases could not even be asked."""

# Controls are Unicode's category Cc. A lone surrogate is half of a UTF-16 pair: no UTF-8 store can hold it.
_NOT_IN_TITLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
# RFC 5545 section 3.3.11 lets TEXT hold line breaks and tabs, and no other control.
_NOT_IN_DESCRIPTION = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def title_from(value: object, field: str = "title") -> str:
    """Return `value` as a title, or another name: trimmed, 1 to 500 characters, without control characters.

    Raises:
        InvalidValue: for `field`.
    """
    title = string_from(field, value).strip()
    if not title:
        raise InvalidValue(field, "must have at least 1 character that is not white space")
    if len(title) > MAX_TITLE_LENGTH:
        raise InvalidValue(field, f"must have at most {MAX_TITLE_LENGTH} characters, has {len(title)}")
    _refuse(_NOT_IN_TITLE, title, field)
    return title


def description_from(value: object) -> str | None:
    """Return `value` as a description: Markdown, up to 65,536 characters, or None when absent.

    Raises:
        InvalidValue: for `description`.
    """
    if value is None:
        return None
    text = string_from("description", value)
    if len(text) > MAX_DESCRIPTION_LENGTH:
        raise InvalidValue("description", f"must have at most {MAX_DESCRIPTION_LENGTH} characters, has {len(text)}")
    _refuse(_NOT_IN_DESCRIPTION, text, "description")
    return text


def multiline_from(field: str, text: str) -> str:
    """Return `text` if it has no control characters but line breaks and tabs, and can be encoded.

    Raises:
        InvalidValue: for `field`.
    """
    _refuse(_NOT_IN_DESCRIPTION, text, field)
    return text


def one_line_from(field: str, text: str) -> str:
    """Return `text` if it has no control characters, line breaks neither, and can be encoded.

    Raises:
        InvalidValue: for `field`.
    """
    _refuse(_NOT_IN_TITLE, text, field)
    return text


def _refuse(forbidden: re.Pattern[str], text: str, field: str) -> None:
    if text.isprintable():  # as almost every text is: then there is nothing that the pattern could find
        return
    if found := forbidden.search(text):
        kind = "a lone surrogate" if found[0] >= "\ud800" else "a control character"
        raise InvalidValue(field, f"must not contain {kind} (U+{ord(found[0]):04X} at {found.start()})")


SORTED_LENGTH: Final = 256
"""By how many code points of its folded form a title is sorted."""


def folded(text: str) -> str:
    """Return `text` in NFKC and casefolded: by this titles and descriptions are compared.

    `STRASSE` and `Straße` are the same, so are `ﬁ` and `fi`. Accents stay: `Äpfel` is not `apfel`, except to a search
    for words. Folded texts are ordered by code point.
    """
    if text.isascii():
        return text.lower()
    return normalize("NFKC", normalize("NFKC", text).casefold())
