"""How far a task has come: RFC 8984 section 5.2.5."""

from enum import StrEnum

from taskharbor.domain.errors import InvalidValue


class Progress(StrEnum):
    """The values of RFC 8984 that a task of its own (without participants) can have.

    The standard puts no order on them: any value may follow any other.
    """

    NEEDS_ACTION = "needs-action"
    IN_PROCESS = "in-process"
    COMPLETED = "completed"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        """Whether something is still to be done."""
        return self is Progress.NEEDS_ACTION or self is Progress.IN_PROCESS


def progress_from(value: object) -> Progress:
    """Return `value`, a progress or its name, as a progress.

    Raises:
        InvalidValue: for `progress`.
    """
    if not isinstance(value, str) or value not in {*Progress}:
        raise InvalidValue("progress", f"must be one of {', '.join(Progress)}")
    return Progress(value)
