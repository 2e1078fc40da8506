"""What one attempt at a piece of business learns for the next one, if it loses a race."""

from collections.abc import Iterable

from taskharbor.domain.identifiers import TaskId
from taskharbor.domain.recurrence.occurrence import occurrence_uid
from taskharbor.domain.recurrence.recurrence import Recurrence, is_same_kind, wall_of
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.calendar_time import CalendarTime
from taskharbor.domain.values.uid import Uid


class RetryMemory:
    """Remembers which occurrences the caller meant, so that two who complete one at once complete just that one.

    Attributes:
        attempts: how many have begun that asked for it.
    """

    def __init__(self) -> None:
        self.attempts = 0
        self._meant: dict[TaskId, list[CalendarTime]] = {}
        self._asked: dict[TaskId, int] = {}
        self._taken: set[Uid] = set()
        self._given: set[Uid] = set()
        self._free: set[Uid] = set()

    def begin(self) -> None:
        """Take note that all is tried again from the start."""
        self.attempts += 1
        self._asked.clear()
        self._given.clear()
        self._free.clear()

    def is_meant(self, task_id: TaskId, recurrence: Recurrence) -> bool:
        """Return whether the current occurrence is the one that was current when this was asked first.

        It is not if another call has completed or skipped that one since. A batch can ask several times.
        """
        place = self._asked.get(task_id, 0)
        self._asked[task_id] = place + 1
        meant = self._meant.setdefault(task_id, [])
        if place == len(meant):
            meant.append(recurrence.current)
        then, now = meant[place], recurrence.current
        return not is_same_kind(then, now) or wall_of(now) <= wall_of(then)

    def occurrence_uid(self, task: Task, recurrence: Recurrence) -> Uid:
        """Return the uid for the finished copy of the current occurrence.

        A series that is set back by hand reaches occurrences that have a copy already; these get other names.
        """
        again = 0
        while (uid := occurrence_uid(task.uid, recurrence.current, again=again)) in self._taken | self._given:
            again += 1
        self._given.add(uid)
        return uid

    def expect_free(self, uids: Iterable[Uid]) -> None:
        """Note that these uids were free when this attempt looked."""
        self._free.update(uids)

    def record_conflict(self, taken: Uid) -> bool:
        """Note that this uid is taken; return whether a retry can help."""
        if taken in self._free:
            return True
        if taken not in self._given or taken in self._taken:
            return False
        self._taken.add(taken)
        return True
