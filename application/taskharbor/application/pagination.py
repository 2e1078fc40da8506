"""What pages may be asked for. A number beyond its bounds is an error, never a silent clamp."""

from typing import Final

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import MAX_ID

MAX_LIMIT: Final = 1000
"""How many things one page holds at the most."""


def require_limit(limit: int) -> None:
    """Make sure that a page of so many things can be asked for.

    Raises:
        InvalidValue: for `limit`.
    """
    if not 1 <= limit <= MAX_LIMIT:
        raise InvalidValue("limit", f"must be from 1 to {MAX_LIMIT}")


def require_place(name: str, place: int) -> None:
    """Make sure that a page can begin at this place: an id, or how many things to pass over.

    Raises:
        InvalidValue: for `name`.
    """
    if not 0 <= place <= MAX_ID:
        raise InvalidValue(name, f"must be from 0 to {MAX_ID}")
