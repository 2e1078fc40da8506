"""Who wants something done."""

from typing import Final

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.values.primitives import string_from
from taskharbor.domain.values.text import one_line_from

MAX_ACTOR_LENGTH: Final = 255
"""In code points."""


def actor_from(value: object) -> str | None:
    """Return `value` as the name by which the history knows somebody, or None if nobody says.

    A name is one line of 1 to 255 characters: a login, an address, the name of an agent.

    Raises:
        InvalidValue: for `actor`.
    """
    if value is None:
        return None
    name = one_line_from("actor", string_from("actor", value))
    if not 1 <= len(name) <= MAX_ACTOR_LENGTH:
        raise InvalidValue("actor", f"must have from 1 to {MAX_ACTOR_LENGTH} characters, has {len(name)}")
    return name
