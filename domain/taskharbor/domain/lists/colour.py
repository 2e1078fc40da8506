"""The colour of a list: RFC 8984 section 4.2.11, of which one form is taken."""

import re
from typing import Final, NewType

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.values.primitives import string_from

Colour = NewType("Colour", str)
"""Red, green and blue as `#rrggbb`, in lower case."""

_HEX: Final = re.compile(r"#[0-9A-Fa-f]{6}")


def colour_from(field: str, value: object) -> Colour:
    """Return `value` as a colour.

    The names of CSS, which are all that COLOR of RFC 7986 section 5.9 has, are refused, and so are `#rgb` and
    `#rrggbbaa`: one colour must not have several spellings.

    Raises:
        InvalidValue: for `field`.
    """
    text = string_from(field, value)
    if not _HEX.fullmatch(text):
        raise InvalidValue(field, "must be a colour such as #1e90ff")
    return Colour(text.lower())
