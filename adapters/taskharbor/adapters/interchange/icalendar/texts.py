"""SUMMARY, DESCRIPTION, COMMENT and numbers, as a task can hold them. What is cut off is kept for the next export."""

from typing import Final

from taskharbor.adapters.interchange.icalendar.preserving import Preserver
from taskharbor.adapters.interchange.icalendar.properties import Property
from taskharbor.application.interchange.fitting import CUT_LIST_NAME, NOT_IN_TEXT, UNTITLED, fitted_line
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.values.text import MAX_DESCRIPTION_LENGTH, MAX_TITLE_LENGTH

_DIGITS: Final = 3
_IN_ONE_LINE: Final = "its line breaks and control characters were made spaces"


def title_from(found: Property | None, component: str, preserver: Preserver) -> str:
    """Return the title from SUMMARY; what does not fit is kept."""
    title = fitted_line(found.text) if found else ""
    if found is None or not title:
        preserver.remarks.append(f"{component}: it has no SUMMARY: called {UNTITLED}")
        if found is not None and found.text.strip():
            preserver.keep_original(found, UNTITLED)
        return UNTITLED
    if title != found.text:
        is_long = len(found.text) > MAX_TITLE_LENGTH
        done = f"is longer than {MAX_TITLE_LENGTH} characters: cut" if is_long else _IN_ONE_LINE
        if title != found.text.strip():
            preserver.remarks.append(f"{found.place}: {done}")
        preserver.keep_original(found, title)
    return title


def description_from(found: Property | None, preserver: Preserver) -> str | None:
    """Return the text of DESCRIPTION, as much of it as a task can hold; the rest is kept."""
    if found is None or not found.value:
        return None
    text = NOT_IN_TEXT.sub("", found.text)
    is_long = len(text) > MAX_DESCRIPTION_LENGTH
    if text != found.text:
        done = "left out, and not kept, as it is too long" if is_long else "left out"
        preserver.remarks.append(f"{found.place}: control characters were {done}")
        if not is_long:
            preserver.keep_original(found, text)
    if is_long:
        preserver.remarks.append(f"{found.place}: is longer than {MAX_DESCRIPTION_LENGTH} characters: cut")
        text, rest = text[:MAX_DESCRIPTION_LENGTH], text[MAX_DESCRIPTION_LENGTH:]
        preserver.keep_rest(found, text, rest)
    return text


def comment_text_from(found: Property) -> str:
    """Return the text of COMMENT."""
    return NOT_IN_TEXT.sub("", found.text).strip()


def list_name_from(found: Property, preserver: Preserver) -> str | None:
    """Return the name of a list, as much of it as one can have; what does not fit is kept."""
    name = fitted_line(found.text)
    if name != found.text.strip():
        preserver.remarks.append(f"{found.place}: {CUT_LIST_NAME}")
        preserver.keep_original(found, name)
    return name or None


def integer_from(found: Property | None, most: int) -> int | None:
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
