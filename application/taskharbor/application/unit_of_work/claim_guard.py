"""Who may change the progress of a claimed task."""

from datetime import datetime

from taskharbor.domain.errors import ClaimEnded, TaskClaimed
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.domain.recurrence.recurrence import is_same_kind, wall_of
from taskharbor.domain.tasks.claim import Claim
from taskharbor.domain.tasks.task import Task


class ClaimGuard:
    """Keeps others from changing the progress of a claimed task, and ends a claim with its work.

    Others are all but the holder: an actor of its name, or whoever has shown the fence of the claim.
    """

    def __init__(self, *, now: datetime, actor: str | None) -> None:
        self._now = now
        self._actor = actor
        self._own: set[TaskId] = set()

    def require(self, task: Task, fence: Revision) -> None:
        """Make sure that a claim with this fence holds on the task; from now on, its progress may be changed.

        Raises:
            ClaimEnded: if there is none.
        """
        claim = task.claim_at(self._now)
        if claim is None or claim.fence != fence:
            raise ClaimEnded(task.id, fence=fence)
        self._own.add(task.id)

    def made(self, task_id: TaskId) -> None:
        """Take note that this unit of work makes a claim on the task, so that it may do the work, too."""
        self._own.add(task_id)

    def own_claim(self, task: Task) -> Claim | None:
        """Return the claim that holds on the task; None if none does.

        Raises:
            TaskClaimed: if another one holds it.
        """
        claim = task.claim_at(self._now)
        if claim is None:
            return None
        if claim.holder != self._actor and task.id not in self._own:
            raise TaskClaimed(task.id, holder=claim.holder, until=claim.until)
        return claim

    def settled(self, before: Task, after: Task) -> Task:
        """Return a task that is or was claimed as it is to be written: without its claim, if its work has ended.

        Raises:
            TaskClaimed: if its progress would be changed, and another one holds a claim on it.
        """
        moves_on = _moves_on(before, after)
        if moves_on or (before.progress, before.percent_complete) != (after.progress, after.percent_complete):
            self.own_claim(before)
        return after if after.is_open and not after.is_deleted and not moves_on else after.claimed(None)


def _moves_on(before: Task, after: Task) -> bool:
    """Return whether a recurring task has come to another occurrence of the same series."""
    was, now = before.recurrence, after.recurrence
    if was is None or now is None or not is_same_kind(was.current, now.current):
        return False
    return wall_of(was.current) < wall_of(now.current)
