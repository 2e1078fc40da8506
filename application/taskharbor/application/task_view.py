"""What the service tells of a task."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from taskharbor.domain.calendar_time import CalendarTime
from taskharbor.domain.duration import Duration
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.domain.link import Links
from taskharbor.domain.percent_complete import PercentComplete
from taskharbor.domain.priority import Priority
from taskharbor.domain.progress import Progress
from taskharbor.domain.reminder import Reminders
from taskharbor.domain.tags import Tags
from taskharbor.domain.task import Task
from taskharbor.domain.uid import Uid


# Not frozen: a page builds a thousand of these, and a frozen dataclass takes seven times as long to build.
# Each one is a copy that belongs to whoever asked, so changing it changes nothing else.
@dataclass(slots=True)
class TaskView:
    """A live task as readers see it: the answer of every use case, and the JSON of the HTTP API.

    Attributes:
        id: its number, unique within the workspace.
        uid: its name in the world outside: a UUID.
        title: one line, 1 to 500 characters.
        description: Markdown, or None.
        progress: how far it has come (RFC 8984 section 5.2.5).
        is_completed: whether `progress` is `completed`.
        percent_complete: how much of it is done, 0 to 100.
        priority: 0 (undefined), 1 (highest) to 9 (lowest).
        start: when it is to be begun, or None.
        due: when it is to be done, or None.
        estimated_duration: how long it takes, or None.
        tags: its tags, ordered by their casefolded form.
        links: URLs of what it is about.
        reminders: when to remind somebody of it.
        created: when it was made. All instants are aware and in UTC.
        updated: when it last changed.
        completed: when it was completed, or None.
        revision: the revision of the workspace that last changed it; quoted, it is the ETag.
    """

    id: TaskId
    uid: Uid
    title: str
    description: str | None
    progress: Progress
    is_completed: bool
    percent_complete: PercentComplete
    priority: Priority
    start: CalendarTime | None
    due: CalendarTime | None
    estimated_duration: Duration | None
    tags: Tags
    links: Links
    reminders: Reminders
    created: datetime
    updated: datetime
    completed: datetime | None
    revision: Revision

    @classmethod
    def of(cls, task: Task) -> Self:
        """Return what readers see of `task`."""
        return cls(
            task.id,
            task.uid,
            task.title,
            task.description,
            task.progress,
            task.is_completed,
            task.percent_complete,
            task.priority,
            task.start,
            task.due,
            task.estimated_duration,
            task.tags,
            task.links,
            task.reminders,
            task.created,
            task.updated,
            task.completed,
            task.revision,
        )
