"""STATUS, PERCENT-COMPLETE and COMPLETED as the progress of a task. RFC 5545 section 3.8.1.11, 3.8.1.8, 3.8.2.1."""

from typing import Final

from taskharbor.domain.tasks.progress import EVERYTHING, NOTHING, PercentComplete, Progress

STATUS_OF: Final = {
    Progress.NEEDS_ACTION: "NEEDS-ACTION",
    Progress.IN_PROCESS: "IN-PROCESS",
    Progress.COMPLETED: "COMPLETED",
    Progress.CANCELLED: "CANCELLED",
}
_PROGRESS_OF: Final = {status: progress for progress, status in STATUS_OF.items()}


def progress_from(
    status: str | None, percent: int | None, *, has_completed: bool
) -> tuple[Progress, PercentComplete, str | None]:
    """Return progress and percentage that are consistent, and a remark if those given are not.

    STATUS has the last word, except that a task that needs action and of which a part is done is in process. Without
    one, COMPLETED or 100 percent mean that it is completed.
    """
    progress = _PROGRESS_OF.get((status or "").upper())
    remark = f"STATUS {status[:40]} is not known: read as NEEDS-ACTION" if status and progress is None else None
    if progress is None:
        done = has_completed or percent == EVERYTHING
        progress = Progress.COMPLETED if done and not status else Progress.NEEDS_ACTION
    percent = percent or NOTHING
    if progress is Progress.COMPLETED:
        return progress, EVERYTHING, remark
    if progress is Progress.NEEDS_ACTION:
        if percent == NOTHING:
            return progress, NOTHING, remark
        if percent < EVERYTHING:
            return Progress.IN_PROCESS, percent, remark
        return progress, NOTHING, remark or f"PERCENT-COMPLETE {percent} contradicts STATUS: read as 0"
    if percent == EVERYTHING:
        return progress, EVERYTHING - 1, remark or f"PERCENT-COMPLETE {percent} contradicts STATUS: read as 99"
    return progress, percent, remark
