"""What a unit of work needs to know of reminders."""

from collections.abc import Callable
from dataclasses import field
from typing import TypeAlias

from taskharbor.application.ports.record_store import Record
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import WorkspaceId
from taskharbor.domain.tasks.alert import ReminderRules

ChannelName: TypeAlias = str
"""`email`, `ntfy` or `apprise`."""


@frozen
class ReminderSettings:
    """How reminders are counted and told.

    Attributes:
        rules: how they are counted.
        channels: by what they are told, beside the feed.
        on_scheduled: is called with the workspace when this process has scheduled a reminder.
        zones: the records of time zones as this process has last read them, by workspace. Commits guard them, so one
            that is no longer right does no harm.
    """

    rules: ReminderRules = field(default_factory=ReminderRules)
    channels: tuple[ChannelName, ...] = ()
    on_scheduled: list[Callable[[WorkspaceId], None]] = field(default_factory=list[Callable[[WorkspaceId], None]])
    zones: dict[WorkspaceId, Record] = field(default_factory=dict[WorkspaceId, Record])

    def note(self, workspace: WorkspaceId) -> None:
        """Take note that reminders were scheduled in a workspace."""
        for call in self.on_scheduled:
            call(workspace)
