"""The port by which people are told of reminders."""

from abc import abstractmethod
from datetime import datetime
from typing import Protocol

from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import TaskId, WorkspaceId


@frozen(kw_only=True)
class Told:
    """What is told of a reminder.

    Attributes:
        workspace: where its task is.
        task: the id of the task.
        title: what the task was called when the reminder fired.
        reminder: which reminder of the task.
        at: when it was due; aware, in UTC.
        late: whether it fired later than a minute.
    """

    workspace: WorkspaceId
    task: TaskId
    title: str
    reminder: str
    at: datetime
    late: bool

    @property
    def sentence(self) -> str:
        """What to say beside the title."""
        missed = ", late" if self.late else ""
        return f"Reminder of task {self.task}, due at {self.at:%Y-%m-%d %H:%M} UTC{missed}"


class ReminderChannel(Protocol):
    """A way to tell people of reminders."""

    @property
    @abstractmethod
    def name(self) -> str:
        """What it is called: `email`, `ntfy` or `apprise`."""
        ...

    @abstractmethod
    async def tell(self, told: Told) -> None:
        """Tell of a reminder. Whatever it raises means that it was not told, and is to be tried again."""
        ...
