"""How much each property of a task counts for its urgency, in whole millionths."""

from collections.abc import Sequence
from dataclasses import fields
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from taskharbor.domain.frozen import frozen
from taskharbor.domain.tasks.priority import LOWEST, Level, Priority, level_of

Millionths: TypeAlias = int

ONE: Final[Millionths] = 1_000_000

TENTHS: Final = (0, 8, 9, 10)
"""How much no, one, two, and three or more comments or tags count."""

MANY: Final = len(TENTHS) - 1

_MOST: Final = 1000.0
_LONGEST: Final = 100_000.0


@frozen(kw_only=True)
class UrgencyWeights:
    """The weight of each property of a task; the defaults are Taskwarrior's.

    Attributes:
        age_max: the age in days from which on age counts in full; 0: always.

    Raises:
        ValueError: if a weight is beyond -1000 or 1000, or `age_max` not from 0 to 100,000.
    """

    next: float = 15.0
    due: float = 12.0
    blocking: float = 8.0
    priority_high: float = 6.0
    priority_medium: float = 3.9
    priority_low: float = 1.8
    scheduled: float = 5.0
    active: float = 4.0
    age: float = 2.0
    annotations: float = 1.0
    tags: float = 1.0
    project: float = 1.0
    blocked: float = -5.0
    age_max: float = 365.0

    def __post_init__(self) -> None:
        for field in fields(self):
            value: float = getattr(self, field.name)
            least, most = (0.0, _LONGEST) if field.name == "age_max" else (-_MOST, _MOST)
            if not least <= value <= most:
                raise ValueError(f"{field.name} must be from {least:g} to {most:g}")


DEFAULT_WEIGHTS: Final = UrgencyWeights()


def millionths(weight: float) -> Millionths:
    """Return a weight, or an urgency, in millionths."""
    return round(weight * ONE)


def share(weight: float, part: int, whole: int) -> Millionths:
    """Return a part of a weight, cut towards zero, as databases divide."""
    size = abs(millionths(weight)) * part // whole
    return size if weight >= 0 else -size


class UrgencyParts(NamedTuple):
    """What each property counts, and how much each priority, and 0 to `MANY` comments or tags."""

    next: Millionths
    blocking: Millionths
    scheduled: Millionths
    active: Millionths
    project: Millionths
    blocked: Millionths
    priority: Sequence[Millionths]
    annotations: Sequence[Millionths]
    tags: Sequence[Millionths]


@lru_cache(maxsize=16)
def parts_of(weights: UrgencyWeights) -> UrgencyParts:
    """Return what each property counts by these weights."""
    return UrgencyParts(
        next=millionths(weights.next),
        blocking=millionths(weights.blocking),
        scheduled=millionths(weights.scheduled),
        active=millionths(weights.active),
        project=millionths(weights.project),
        blocked=millionths(weights.blocked),
        priority=[millionths(_priority_weight(priority, weights)) for priority in range(LOWEST + 1)],
        annotations=[share(weights.annotations, tenths, 10) for tenths in TENTHS],
        tags=[share(weights.tags, tenths, 10) for tenths in TENTHS],
    )


def _priority_weight(priority: Priority, weights: UrgencyWeights) -> float:
    match level_of(priority):
        case Level.HIGH:
            return weights.priority_high
        case Level.MEDIUM:
            return weights.priority_medium
        case Level.LOW:
            return weights.priority_low
        case None:
            return 0.0
