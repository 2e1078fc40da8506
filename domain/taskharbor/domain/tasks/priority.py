"""How much a task matters: RFC 5545 section 3.8.1.9, RFC 8984 section 4.4.1."""

from enum import StrEnum
from typing import Final, TypeAlias

from taskharbor.domain.values.primitives import integer_from

Priority: TypeAlias = int
"""0 (undefined), or 1 (highest) to 9 (lowest)."""

UNDEFINED: Final[Priority] = 0

_MEDIUM: Final = 5
LOWEST: Final[Priority] = 9


class Level(StrEnum):
    """The three levels by which many clients know priorities."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


def priority_from(value: object) -> Priority:
    """Return `value` as a priority.

    Raises:
        InvalidValue: for `priority`.
    """
    return integer_from("priority", value, least=UNDEFINED, most=LOWEST)


def level_of(priority: Priority) -> Level | None:
    """Return the level by the standard's table: 1 to 4 are high, 5 is medium, 6 to 9 are low; None if undefined."""
    if priority == UNDEFINED:
        return None
    return Level.HIGH if priority < _MEDIUM else Level.MEDIUM if priority == _MEDIUM else Level.LOW
