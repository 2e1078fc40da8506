"""The use cases on reminders of a server."""

from datetime import datetime

from taskharbor.application.reminders.list_reminders import ComingReminder, ListReminders, ReminderPage
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE, WorkspaceId
from taskharbor.domain.values.instant import instant_of
from taskharbor.entrypoints.client.errors import NotServed
from taskharbor.entrypoints.client.reading import Reading
from taskharbor.entrypoints.client.wire import named_members


class RemoteReminders(Reading):
    """What `ReminderUseCases` does, by asking a server."""

    async def list_reminders(self, query: ListReminders, *, workspace: WorkspaceId = DEFAULT_WORKSPACE) -> ReminderPage:
        """Return a page of the reminders to come."""
        reply = await self._get("/reminders", workspace, named_members(query))
        items = [ComingReminder(instant_of(one["at"]), one["task"], one["reminder"]) for one in reply.json]
        return ReminderPage(items=items, next_after=reply.next.get("after"))

    async def fire_due(self, workspace: WorkspaceId) -> datetime | None:  # noqa: ARG002  # what a store of one's own takes
        """Refuse: a server fires reminders by itself."""
        raise NotServed("firing reminders", "it does so by itself")
