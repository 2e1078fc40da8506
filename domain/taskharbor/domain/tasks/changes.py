"""New values for any subset of a task's fields."""

from collections.abc import Sequence
from typing import Final

from taskharbor.domain.access.members import MemberId
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import ListId, TaskId
from taskharbor.domain.recurrence.recurrence import RecurrenceInput
from taskharbor.domain.tasks.priority import Priority
from taskharbor.domain.tasks.progress import PercentComplete, Progress
from taskharbor.domain.tasks.reminder import ReminderInput
from taskharbor.domain.unset import UNSET, Unset
from taskharbor.domain.values.calendar_time import CalendarTimeInput
from taskharbor.domain.values.duration import Duration


@frozen(kw_only=True)
class TaskChanges:
    """What is named gets this value, the rest stays. Nothing is checked before a task takes it.

    None takes away what can be absent. `is_completed` is another way to say `progress`: True completes the task,
    False reopens it.
    """

    title: str | Unset = UNSET
    description: str | Unset | None = UNSET
    progress: Progress | Unset = UNSET
    is_completed: bool | Unset = UNSET
    percent_complete: PercentComplete | Unset = UNSET
    priority: Priority | Unset = UNSET
    start: CalendarTimeInput | Unset | None = UNSET
    due: CalendarTimeInput | Unset | None = UNSET
    estimated_duration: Duration | str | Unset | None = UNSET
    tags: Sequence[str] | Unset = UNSET
    links: Sequence[str] | Unset = UNSET
    reminders: Sequence[ReminderInput] | Unset = UNSET
    recurrence: RecurrenceInput | Unset | None = UNSET
    list: ListId | Unset = UNSET
    parent: TaskId | Unset | None = UNSET
    depends_on: Sequence[TaskId] | Unset = UNSET
    assignees: Sequence[MemberId] | Unset = UNSET


NO_CHANGES: Final = TaskChanges()
"""Leaves everything as it is."""
