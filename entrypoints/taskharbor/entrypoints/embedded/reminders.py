"""The use cases on reminders as plain calls on one workspace."""

from datetime import datetime, timedelta

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.reminders.list_reminders import DEFAULT_REMINDERS, ListReminders, ReminderPage
from taskharbor.application.reminders.manage_alerts import DismissReminder, SnoozeReminder
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.domain.values.duration import Duration
from taskharbor.entrypoints.embedded.scope import HarborScope


class ReminderCalls(HarborScope):
    """Reminders that fire: a reminder that is due becomes one of the `alerts` of its task, until it is dismissed."""

    async def list_reminders(
        self, *, before: datetime | None = None, after: str | None = None, limit: int = DEFAULT_REMINDERS
    ) -> ReminderPage:
        """Return up to `limit` reminders to come, the next first; with `before` only those that are due before.

        Raises:
            InvalidValue: for `before`, `after` or `limit`.
        """
        query = ListReminders(before=before, after=after, limit=limit)
        return await self._use_cases.reminders.list_reminders(query, workspace=self._workspace)

    async def fire_reminders(self) -> datetime | None:
        """Fire the reminders that are due; return when the next one is, or None if there is none.

        A server does so by itself. Each reminder fires once, however many call this.
        """
        return await self._use_cases.reminders.fire_due(self._workspace)

    async def snooze_reminder(
        self,
        id: TaskId,
        reminder: str,
        length: str | Duration | timedelta,
        *,
        if_match: Revision | None = None,
        idempotency_key: str | None = None,
    ) -> TaskView:
        """Have a reminder that has fired, such as `due-PT15M`, fire again after a while.

        Raises:
            AlertNotFound: if it has not fired, or was dismissed.
            InvalidValue: for `length`.
        """
        command = SnoozeReminder(id=id, reminder=reminder, length=length, if_match=if_match)
        return await self._use_cases.execute(command, **self._context(idempotency_key))

    async def dismiss_reminder(
        self, id: TaskId, reminder: str, *, if_match: Revision | None = None, idempotency_key: str | None = None
    ) -> TaskView:
        """Be done with a reminder that has fired.

        Raises:
            AlertNotFound: if it has not fired, or was dismissed.
        """
        command = DismissReminder(id=id, reminder=reminder, if_match=if_match)
        return await self._use_cases.execute(command, **self._context(idempotency_key))
