"""The fields that callers can set."""

from collections.abc import Sequence
from typing import TypedDict

from taskharbor.domain.identifiers import ListId, TaskId
from taskharbor.domain.recurrence.recurrence import RecurrenceInput
from taskharbor.domain.tasks.priority import Priority
from taskharbor.domain.tasks.progress import PercentComplete, Progress
from taskharbor.domain.tasks.reminder import ReminderInput
from taskharbor.domain.values.calendar_time import CalendarTimeInput
from taskharbor.domain.values.duration import Duration


class OptionalFields(TypedDict, total=False):
    """All fields but the title, by keyword. None removes an optional value; fields that are not named keep theirs.

    Dates, durations, reminders and recurrences are value objects or their wire forms: `due={"date": "2026-12-01"}`.
    """

    description: str | None
    progress: Progress
    is_completed: bool
    percent_complete: PercentComplete
    priority: Priority
    start: CalendarTimeInput | None
    due: CalendarTimeInput | None
    estimated_duration: Duration | str | None
    tags: Sequence[str]
    links: Sequence[str]
    reminders: Sequence[ReminderInput]
    recurrence: RecurrenceInput | None
    list: ListId
    parent: TaskId | None
    depends_on: Sequence[TaskId]
    assignees: Sequence[str]


class TaskFields(OptionalFields, total=False):
    """All fields, including the title."""

    title: str


class PlaceOptions(TypedDict, total=False):
    """Where to move a task: see `MoveTask`."""

    before: TaskId
    after: TaskId
    first: bool
    last: bool
    list: ListId
    parent: TaskId | None


class ListFields(TypedDict, total=False):
    """All fields of a list but the name. None removes an optional value; fields that are not named keep theirs."""

    colour: str | None
    description: str | None
    archived: bool
