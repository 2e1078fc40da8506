"""What a store gives back and cannot have been written by us: it is damaged, which is no fault of who asks."""

from typing import Final

from taskharbor.application.errors import StoreNotReady
from taskharbor.domain.errors import TaskharborError

UNREADABLE: Final = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    TaskharborError,
)
"""What reading such a document raises."""


def unreadable(what: str, error: BaseException) -> StoreNotReady:
    """Return the error that says so. What stands in the document is not repeated."""
    remedy = "see what `taskharbor verify` says, and restore a backup"
    return StoreNotReady(f"{what} cannot be read ({type(error).__name__})", remedy=remedy)
