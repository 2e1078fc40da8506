"""What becomes of a task's progress and percentage when it is changed: of the two, that which is named leads."""

from datetime import datetime
from typing import Any

from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.tasks.percent_complete import (
    PercentComplete,
    is_coherent,
    percent_at,
    percent_complete_from,
    progress_at,
)
from taskharbor.domain.tasks.progress import Progress, progress_from
from taskharbor.domain.unset import UNSET, Unset
from taskharbor.domain.values.primitives import boolean_from


def changed_progress(
    changes: TaskChanges, progress: Progress, percent: PercentComplete
) -> tuple[Progress, PercentComplete]:
    """Return the progress and the percentage of a task after a change; if both are named they must tell one story.

    Args:
        changes: what is named.
        progress: what the task has.
        percent: what the task has.

    Raises:
        InvalidValue: if one is none, or they contradict each other.
    """
    named = _named_progress(changes, progress)
    if changes.percent_complete is UNSET:
        after = progress if named is UNSET else named
        return after, percent if after is progress else percent_at(after, percent)
    named_percent = percent_complete_from(changes.percent_complete)
    if named is UNSET:
        return progress_at(named_percent, progress), named_percent
    if not is_coherent(named_percent, named):
        raise InvalidValue("percent_complete", f"contradicts progress {named}")
    return named, named_percent


def reached(progress: Progress, percent: PercentComplete, *, at: datetime) -> dict[str, Any]:
    """Return what a task has that came to a progress at this moment."""
    completed = at if progress is Progress.COMPLETED else None
    return {"progress": progress, "percent_complete": percent, "completed": completed}


def _named_progress(changes: TaskChanges, progress: Progress) -> Progress | Unset:
    named = UNSET if changes.progress is UNSET else progress_from(changes.progress)
    if changes.is_completed is UNSET:
        return named
    is_completed = boolean_from("is_completed", changes.is_completed)
    if named is UNSET:
        if is_completed:
            return Progress.COMPLETED
        return progress if progress.is_open else Progress.NEEDS_ACTION
    if is_completed is not (named is Progress.COMPLETED):
        raise InvalidValue("is_completed", f"contradicts progress {named}")
    return named
