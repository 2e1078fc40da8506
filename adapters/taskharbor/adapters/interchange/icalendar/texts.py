"""SUMMARY, DESCRIPTION and numbers: values that are cleaned or bounded before a task takes them."""

import re
from typing import Final

from taskharbor.adapters.interchange.icalendar.properties import Property
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.values.text import MAX_TITLE_LENGTH

UNTITLED: Final = "Untitled"

_NOT_IN_TITLE: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_NOT_IN_TEXT: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_DIGITS: Final = 3


def title_told(found: Property | None, component: str) -> tuple[str, str | None]:
    """Return the title that SUMMARY makes, and a remark if it is not what stands there.

    Raises:
        InvalidValue: for `SUMMARY`, if it is too long.
    """
    text = _NOT_IN_TITLE.sub(" ", found.text).strip() if found else ""
    if not text:
        return UNTITLED, f"{component}: it has no SUMMARY: called {UNTITLED}"
    if len(text) > MAX_TITLE_LENGTH:
        raise InvalidValue("SUMMARY", f"must have at most {MAX_TITLE_LENGTH} characters, has {len(text)}")
    is_other = found is not None and text != found.text
    return text, f"{found.place}: its line breaks were made spaces" if is_other and found else None


def description_told(found: Property | None) -> tuple[str | None, str | None]:
    """Return the text of DESCRIPTION, and a remark if something had to be left out."""
    if found is None or not found.value:
        return None, None
    text = found.text
    cleaned = _NOT_IN_TEXT.sub("", text)
    return cleaned, f"{found.place}: control characters were left out" if cleaned != text else None


def comment_told(found: Property) -> str:
    """Return the text of COMMENT."""
    return _NOT_IN_TEXT.sub(" ", found.text).strip()


def integer_told(found: Property | None, most: int) -> int | None:
    """Return the number that a property has, or None if it has none.

    Raises:
        InvalidValue: for the name of the property.
    """
    if found is None or not found.text.strip():
        return None
    digits = found.text.strip().removeprefix("+")
    if not digits.isascii() or not digits.isdigit() or len(digits) > _DIGITS or int(digits) > most:
        raise InvalidValue(found.name, f"must be an integer from 0 to {most}")
    return int(digits)
