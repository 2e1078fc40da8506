"""The operations on recurring tasks."""

from collections.abc import Sequence
from typing import Final

from taskharbor.application.errors import NotRecurring
from taskharbor.domain.access.permission import Permission
from taskharbor.domain.errors import InvalidValue, TaskharborError, TaskNotFound
from taskharbor.entrypoints.http.openapi.descriptions import ETAG, LINK, answer
from taskharbor.entrypoints.http.openapi.operation import UNAVAILABLE, Operation
from taskharbor.entrypoints.http.openapi.tags import PROGRESS
from taskharbor.entrypoints.http.requests.parameters import (
    FROM,
    IF_CLAIM,
    IF_MATCH,
    OCCURRENCE,
    OCCURRENCES_LIMIT,
    TASK_ID,
    TIME_ZONE,
    TO,
)
from taskharbor.entrypoints.http.schemas.documents import OccurrenceDocument
from taskharbor.entrypoints.http.schemas.examples import NEXT_OCCURRENCE, OCCURRENCES, OPEN_TASK
from taskharbor.entrypoints.http.tasks.endpoints import TaskEndpoints

_TO_COME: Final = InvalidValue("occurrence", "must be the current one, 2026-03-15, or one before it")


def occurrence_operations(endpoints: TaskEndpoints, of_changes: Sequence[TaskharborError]) -> list[Operation]:
    """Return the operations; `of_changes` is what every change of a task can be refused with."""
    return [
        Operation(
            name="skip_occurrence",
            topic=PROGRESS,
            needs=Permission.WRITE,
            method="POST",
            path="/tasks/{task_id}/skip",
            endpoint=endpoints.skip,
            summary="Skip an occurrence of a task",
            description="Advances a recurring task to its next occurrence without completing the current one. If the "
            "current one is the last, the task is cancelled.",
            parameters=[TASK_ID, OCCURRENCE, TIME_ZONE, IF_MATCH, IF_CLAIM],
            success=answer("The task as it is now", headers=ETAG, example=NEXT_OCCURRENCE),
            errors=[*of_changes, NotRecurring(OPEN_TASK.id), _TO_COME],
        ),
        Operation(
            name="list_occurrences",
            topic=PROGRESS,
            needs=Permission.READ,
            method="GET",
            path="/tasks/{task_id}/occurrences",
            endpoint=endpoints.occurrences,
            summary="List the occurrences of a task",
            description="Returns the current occurrence of a task and those after it, each with the start and due that "
            "the task will have. A task that is not recurring, or is completed or cancelled, has none.",
            model=list[OccurrenceDocument],
            parameters=[TASK_ID, FROM, TO, OCCURRENCES_LIMIT],
            success=answer("Occurrences, in order", headers=LINK, example=OCCURRENCES),
            errors=[
                TaskNotFound(OPEN_TASK.id),
                InvalidValue("from", "must be within a hundred years of the current occurrence"),
                UNAVAILABLE,
            ],
        ),
    ]
