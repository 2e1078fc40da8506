"""The responses about reminders."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from taskharbor.application.reminders.list_reminders import ComingReminder
from taskharbor.entrypoints.http.schemas.documents import Document


class ReminderDocument(Document):
    """A reminder that is to fire."""

    at: Annotated[datetime, Field(description="When it is due, in UTC.")]
    task: Annotated[int, Field(description="The number of its task.")]
    reminder: Annotated[str, Field(description="Which reminder of the task.", examples=["due-PT15M"])]


def reminder_document(reminder: ComingReminder) -> ReminderDocument:
    """Return the document of a reminder."""
    return ReminderDocument(reminder.at, reminder.task, reminder.reminder)
