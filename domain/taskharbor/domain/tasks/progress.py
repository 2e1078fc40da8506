"""How far a task has come: its progress (RFC 8984 section 5.2.5) and its percentage (5.2.4; RFC 5545 section 3.8.1.8).

The two agree. Setting one adjusts the other:

- `completed` is 100 and nothing else is;
- `needs-action` is 0;
- `in-process` and `cancelled` are 0 to 99.
"""

from enum import StrEnum
from typing import Final, TypeAlias

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.values.primitives import integer_from


class Progress(StrEnum):
    """The values of RFC 8984 that a task of its own (without participants) can have.

    The standard puts no order on them: any value may follow any other.

    Attributes:
        is_open: whether something is still to be done.
    """

    is_open: bool

    NEEDS_ACTION = "needs-action"
    IN_PROCESS = "in-process"
    COMPLETED = "completed"
    CANCELLED = "cancelled"

    def __init__(self, name: str) -> None:
        self.is_open = name in {"needs-action", "in-process"}


def progress_from(value: object) -> Progress:
    """Return `value`, a progress or its name, as a progress.

    Raises:
        InvalidValue: for `progress`.
    """
    if not isinstance(value, str) or value not in {*Progress}:
        raise InvalidValue("progress", f"must be one of {', '.join(Progress)}")
    return Progress(value)


PercentComplete: TypeAlias = int
"""0 to 100."""

NOTHING: Final[PercentComplete] = 0
EVERYTHING: Final[PercentComplete] = 100


def percent_complete_from(value: object) -> PercentComplete:
    """Return `value` as a percentage.

    Raises:
        InvalidValue: for `percent_complete`.
    """
    return integer_from("percent_complete", value, least=NOTHING, most=EVERYTHING)


def is_coherent(percent: PercentComplete, progress: Progress) -> bool:
    """Return whether the two are consistent."""
    return percent_at(progress, percent) == percent


def percent_at(progress: Progress, percent: PercentComplete) -> PercentComplete:
    """Return the percentage of a task that had `percent` when its progress is set to `progress`.

    Completing sets 100. Reopening sets 0, and so does cancelling what was complete. Otherwise it stays.
    """
    if progress is Progress.COMPLETED:
        return EVERYTHING
    if progress is Progress.NEEDS_ACTION or percent == EVERYTHING:
        return NOTHING
    return percent


def progress_at(percent: PercentComplete, progress: Progress) -> Progress:
    """Return the progress of a task that had `progress` when its percentage is set to `percent`.

    100 completes, even what was cancelled. Less puts a completed task, and more than 0 one that needs action,
    in process. Otherwise it stays.
    """
    if percent == EVERYTHING:
        return Progress.COMPLETED
    if progress is Progress.COMPLETED or (progress is Progress.NEEDS_ACTION and percent > NOTHING):
        return Progress.IN_PROCESS
    return progress
