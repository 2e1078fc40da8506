"""How far a task has come: RFC 8984 section 5.2.5."""

from enum import StrEnum


class Progress(StrEnum):
    """The values of RFC 8984 that a task of its own (without participants) can have.

    The standard puts no order on them: any value may follow any other.
    """

    NEEDS_ACTION = "needs-action"
    IN_PROCESS = "in-process"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
