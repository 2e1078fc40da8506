"""The operations on reminders, one by one."""

from datetime import UTC, datetime
from typing import Final

import msgspec

from taskharbor.application.errors import ConcurrentUpdate, PreconditionFailed
from taskharbor.application.reminders.list_reminders import ComingReminder
from taskharbor.domain.access.permission import Permission
from taskharbor.domain.errors import AlertNotFound, InvalidValue, TaskNotFound
from taskharbor.entrypoints.http.openapi.descriptions import ETAG, LINK, RequestBody, answer
from taskharbor.entrypoints.http.openapi.operation import BODY_ERRORS, UNAVAILABLE, Operation
from taskharbor.entrypoints.http.openapi.tags import REMINDERS
from taskharbor.entrypoints.http.reminders.bodies import SNOOZE
from taskharbor.entrypoints.http.reminders.documents import ReminderDocument, reminder_document
from taskharbor.entrypoints.http.reminders.endpoints import ReminderEndpoints
from taskharbor.entrypoints.http.reminders.parameters import BEFORE, REMINDER, REMINDERS_AFTER, REMINDERS_LIMIT
from taskharbor.entrypoints.http.requests.errors import InvalidRequest, UnsupportedMediaType
from taskharbor.entrypoints.http.requests.headers import JSON
from taskharbor.entrypoints.http.requests.parameters import IF_MATCH, TASK_ID
from taskharbor.entrypoints.http.schemas.examples import OPEN_TASK, alerted_example, task_example

_COMING: Final = msgspec.to_builtins(
    reminder_document(ComingReminder(datetime(2026, 3, 15, 16, tzinfo=UTC), OPEN_TASK.id, "due-PT1H"))
)
_ERRORS: Final = (
    TaskNotFound(OPEN_TASK.id),
    AlertNotFound(OPEN_TASK.id, "due-PT1H"),
    ConcurrentUpdate(OPEN_TASK.id),
    PreconditionFailed(OPEN_TASK.id, expected=6, current=OPEN_TASK.revision),
    UNAVAILABLE,
)


def reminder_operations(endpoints: ReminderEndpoints) -> list[Operation]:
    """Return these operations."""
    return [
        Operation(
            name="list_reminders",
            topic=REMINDERS,
            needs=Permission.READ,
            method="GET",
            path="/reminders",
            endpoint=endpoints.coming,
            summary="List the reminders to come",
            description="Returns the reminders that have not fired yet, the next first.",
            model=list[ReminderDocument],
            parameters=[BEFORE, REMINDERS_AFTER, REMINDERS_LIMIT],
            success=answer("Reminders, in order", headers=LINK, example=[_COMING]),
            errors=[
                InvalidRequest.at(
                    "query.before", "must be an instant such as 2026-12-01T09:00:00Z", code="invalid_value"
                ),
                UNAVAILABLE,
            ],
        ),
        Operation(
            name="snooze_reminder",
            topic=REMINDERS,
            needs=Permission.WRITE,
            method="POST",
            path="/tasks/{task_id}/reminders/{reminder}/snooze",
            endpoint=endpoints.snooze,
            summary="Snooze a reminder",
            description="Has a reminder that has fired fire again after a while.",
            parameters=[TASK_ID, REMINDER, IF_MATCH],
            body=RequestBody(SNOOZE, JSON, {"for ten minutes": {"length": "PT10M"}}, required=True),
            success=answer("The task as it is now", headers=ETAG, example=alerted_example()),
            errors=[
                *BODY_ERRORS,
                *_ERRORS,
                UnsupportedMediaType(JSON),
                InvalidValue("length", "must be from PT1S to P366D"),
            ],
        ),
        Operation(
            name="dismiss_reminder",
            topic=REMINDERS,
            needs=Permission.WRITE,
            method="POST",
            path="/tasks/{task_id}/reminders/{reminder}/dismiss",
            endpoint=endpoints.dismiss,
            summary="Dismiss a reminder",
            description="Is done with a reminder that has fired: the task does not show it any more.",
            parameters=[TASK_ID, REMINDER, IF_MATCH],
            success=answer("The task as it is now", headers=ETAG, example=task_example()),
            errors=_ERRORS,
        ),
    ]
