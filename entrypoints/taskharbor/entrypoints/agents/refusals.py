"""Why something was refused, as agents are told: what and why, and not how to get around it."""

from typing import Any, Final

from taskharbor.application.errors import BatchRefused, PreconditionFailed
from taskharbor.domain.errors import InvalidValue, TaskharborError

_ADVICE: Final = "; "
"""Before what the sentence of an error says of parameters that would override the rule."""


def refusal_of(error: TaskharborError) -> dict[str, Any]:
    """Return what is told of an error: its code, a sentence, and the place or task that it is about."""
    told: dict[str, Any] = {}
    if isinstance(error, BatchRefused):
        told["at"] = error.place
        error = error.refusal
    told |= {"error": error.code, "why": str(error).partition(_ADVICE)[0]}
    if isinstance(error, InvalidValue):
        told["place"] = error.field
    if isinstance(error, PreconditionFailed):
        told["revision"] = error.current
    for name in ("task_id", "needed", "series", "holder"):
        found = getattr(error, name, None)
        if found is not None:
            told["task" if name == "task_id" else name] = list(found) if isinstance(found, tuple) else found
    return told
