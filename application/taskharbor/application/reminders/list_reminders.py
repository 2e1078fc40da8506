"""List the reminders that are to come."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from taskharbor.application.pagination import require_limit
from taskharbor.application.ports.record_store import RecordStore
from taskharbor.application.unit_of_work.reminder_records import REMINDER, reminder_of
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import TaskId, WorkspaceId
from taskharbor.domain.tasks.alert import ReminderId

DEFAULT_REMINDERS: Final = 100
MAX_KEY_LENGTH: Final = 255


@frozen(kw_only=True)
class ListReminders:
    """Ask for up to `limit` reminders that have not fired yet, the next first.

    Attributes:
        before: only those that are due before; None for all. Aware.
        after: the `next_after` of an earlier page.
        limit: how many at most.

    Raises:
        InvalidValue: if a value is wrong.
    """

    before: datetime | None = None
    after: str | None = None
    limit: int = DEFAULT_REMINDERS

    def __post_init__(self) -> None:
        require_limit(self.limit)
        if self.after is not None and not 1 <= len(self.after) <= MAX_KEY_LENGTH:
            raise InvalidValue("after", "must come from a page of reminders")
        if self.before is not None and self.before.tzinfo is None:
            raise InvalidValue("before", "must have a time zone")


@frozen
class ComingReminder:
    """A reminder that is to fire.

    Attributes:
        at: when; aware, in UTC.
        task: the id of its task.
        reminder: which one of that.
    """

    at: datetime
    task: TaskId
    reminder: ReminderId


@frozen(kw_only=True)
class ReminderPage:
    """Some reminders, the next first.

    Attributes:
        items: the reminders.
        next_after: pass it as `after` for the next page; None on the last page.
    """

    items: Sequence[ComingReminder]
    next_after: str | None


async def list_reminders(query: ListReminders, store: RecordStore, workspace: WorkspaceId) -> ReminderPage:
    """Answer `query`."""
    records = await store.list_records(workspace, REMINDER, after=query.after or "", limit=query.limit + 1)
    found = [(record.key, ComingReminder(*reminder_of(record.key))) for record in records]
    wanted = [one for one in found if query.before is None or one[1].at < query.before]
    items = wanted[: query.limit]
    return ReminderPage(
        items=[reminder for _, reminder in items],
        next_after=items[-1][0] if len(wanted) > query.limit else None,
    )
