"""Every operation on tasks, one by one."""

from collections.abc import Sequence
from typing import Any, Final

from taskharbor.application.errors import ConcurrentUpdate, HistoryForgotten, PreconditionFailed, UidTaken
from taskharbor.application.saved_filters.saved_filter import FilterNotFound
from taskharbor.application.search.find_tasks_as_of import MAX_LOOKED_AT
from taskharbor.domain.access.permission import Permission
from taskharbor.domain.errors import (
    ClaimEnded,
    HasSubtasks,
    OpenDependencies,
    OpenSubtasks,
    SeriesWouldEnd,
    TaskClaimed,
    TaskharborError,
    TaskNotFound,
    TooManySubtasks,
)
from taskharbor.domain.identifiers import MAX_ID
from taskharbor.domain.tasks.progress import Progress
from taskharbor.entrypoints.http.openapi.descriptions import ETAG, LINK, LOCATION, RequestBody, answer, deleted
from taskharbor.entrypoints.http.openapi.operation import BODY_ERRORS, UNAVAILABLE, Endpoint, Operation
from taskharbor.entrypoints.http.openapi.tags import PROGRESS, TASKS, Tag
from taskharbor.entrypoints.http.requests.errors import (
    BodyTooLarge,
    InvalidRequest,
    MalformedHeader,
    UnsupportedMediaType,
)
from taskharbor.entrypoints.http.requests.headers import JSON, MERGE_PATCH
from taskharbor.entrypoints.http.requests.parameter import Parameter
from taskharbor.entrypoints.http.requests.parameters import (
    AFTER,
    AS_OF,
    COMPLETED,
    DEPENDENCIES,
    IF_CLAIM,
    IF_MATCH,
    IF_NONE_MATCH,
    LIMIT,
    OCCURRENCE,
    SKIP,
    SUBTASKS,
    SUBTASKS_OF_DELETED,
    TASK_ID,
    TIME_ZONE,
)
from taskharbor.entrypoints.http.schemas.bodies import CHANGE_TASK, CREATE_TASK
from taskharbor.entrypoints.http.schemas.documents import ChosenFieldsDocument, TaskDocument
from taskharbor.entrypoints.http.schemas.examples import (
    CHANGES,
    CLAIM_OF_BOT,
    NEW_TASK,
    OPEN_TASK,
    PLANNED_TASK,
    RECURRING_TASK,
    task_example,
)
from taskharbor.entrypoints.http.search.parameters import PAGE_PARAMETERS, QUESTION_PARAMETERS, TOTAL_COUNT
from taskharbor.entrypoints.http.tasks.endpoints import TaskEndpoints
from taskharbor.entrypoints.http.tasks.occurrence_operations import occurrence_operations

NO_TASK_ID: Final = InvalidRequest.at("path.task_id", f"must be an integer from 1 to {MAX_ID}", code="invalid_value")
CHANGE_ERRORS: Final = (
    MalformedHeader("If-Match", '* or entity tags such as "7", separated by commas'),
    TaskNotFound(OPEN_TASK.id),
    ConcurrentUpdate(OPEN_TASK.id),
    PreconditionFailed(OPEN_TASK.id, expected=6, current=OPEN_TASK.revision),
    TaskClaimed(OPEN_TASK.id, holder=CLAIM_OF_BOT.holder, until=CLAIM_OF_BOT.until),
    ClaimEnded(OPEN_TASK.id, fence=CLAIM_OF_BOT.fence),
    BodyTooLarge(1_048_576),
    UNAVAILABLE,
)


_SUBTASKS: Final = OpenSubtasks(OPEN_TASK.id, open_subtasks=2)
_SERIES: Final = SeriesWouldEnd(OPEN_TASK.id, series=(8,))
_DEPENDENCIES: Final = OpenDependencies(OPEN_TASK.id, needed=(7, 12))


def task_operations(endpoints: TaskEndpoints) -> list[Operation]:
    """Return all operations on single tasks, the busiest first: routes are tried in this order."""
    return [
        Operation(
            name="get_task",
            topic=TASKS,
            needs=Permission.READ,
            method="GET",
            path="/tasks/{task_id}",
            endpoint=endpoints.get,
            summary="Get a task",
            description="Returns one live task. A deleted task is not found. With `as_of`, returns it as it was.",
            parameters=[TASK_ID, AS_OF, IF_NONE_MATCH],
            success=answer("The task", headers=ETAG, example=task_example()),
            errors=[TaskNotFound(OPEN_TASK.id), HistoryForgotten(7), NO_TASK_ID, UNAVAILABLE],
        ),
        Operation(
            name="list_tasks",
            topic=TASKS,
            needs=Permission.READ,
            method="GET",
            path="/tasks/",
            endpoint=endpoints.list,
            summary="List tasks",
            description="Returns a page of tasks, by id unless `sort` says otherwise. Following `next` visits every "
            "task that exists throughout, and keeps its place in the order, exactly once, even under concurrent "
            "writes.\n\n"
            "With `as_of`, returns tasks as they were, by id, since past states are not indexed. It can be combined "
            "with `filter`, `q`, `saved`, `time_zone`, `fields` and `limit`; `after` only with `limit`. A page of past "
            f"states examines at most {MAX_LOOKED_AT:,} tasks (`limit` without a filter), so it can be short or empty "
            "and still have a `next` link. Saved filters and list names are the current ones; `now` and `today` in a "
            "filter mean the instant of `as_of`, or of its revision.",
            model=list[TaskDocument] | list[ChosenFieldsDocument],
            parameters=[SKIP, LIMIT, AFTER, *QUESTION_PARAMETERS, *PAGE_PARAMETERS, AS_OF, IF_NONE_MATCH],
            success=answer("A page of tasks", headers=ETAG | LINK | TOTAL_COUNT, example=[task_example()]),
            errors=[
                InvalidRequest.at("query.limit", "must be an integer", code="wrong_type"),
                FilterNotFound("shopping"),
                HistoryForgotten(7),
                UNAVAILABLE,
            ],
        ),
        Operation(
            name="create_task",
            topic=TASKS,
            needs=Permission.WRITE,
            method="POST",
            path="/tasks/",
            endpoint=endpoints.create,
            summary="Create a task",
            description="Creates a task, with progress `needs-action` by default. With a `uid` of your own, the "
            "request is safe to repeat: it returns the existing task as long as that is unchanged, and is refused "
            "afterwards.",
            status=201,
            parameters=[DEPENDENCIES],
            body=RequestBody(
                CREATE_TASK,
                JSON,
                {"a new task": NEW_TASK, "a planned task": PLANNED_TASK, "a recurring task": RECURRING_TASK},
                required=True,
            ),
            success=answer("The new task", headers=ETAG | LOCATION, example=task_example()),
            errors=[
                *BODY_ERRORS,
                UidTaken(OPEN_TASK.uid),
                UnsupportedMediaType(JSON),
                InvalidRequest.at("body.title", "is required", code="missing"),
                _DEPENDENCIES,
                UNAVAILABLE,
            ],
        ),
        Operation(
            name="change_task",
            topic=TASKS,
            needs=Permission.WRITE,
            method="PATCH",
            path="/tasks/{task_id}",
            endpoint=endpoints.change,
            summary="Change a task",
            description="Takes either a JSON Merge Patch (RFC 7396), or `?completed=true|false` without a body. Fields "
            "that the patch does not name keep their values; `null` removes optional ones. `start`, `due` and "
            "`recurrence` are replaced as a whole, not merged. If the task moves to another list, so do its subtasks.",
            parameters=[TASK_ID, COMPLETED, SUBTASKS, DEPENDENCIES, TIME_ZONE, IF_MATCH, IF_CLAIM],
            body=RequestBody(CHANGE_TASK, MERGE_PATCH, CHANGES, required=False),
            success=answer("The changed task", headers=ETAG, example=task_example(Progress.COMPLETED)),
            errors=[
                *BODY_ERRORS,
                *CHANGE_ERRORS,
                UnsupportedMediaType(MERGE_PATCH),
                InvalidRequest.at("body.title", "must be a string", code="wrong_type"),
                _SUBTASKS,
                _SERIES,
                _DEPENDENCIES,
                TooManySubtasks(OPEN_TASK.id),
            ],
        ),
        Operation(
            name="delete_task",
            topic=TASKS,
            needs=Permission.WRITE,
            method="DELETE",
            path="/tasks/{task_id}",
            endpoint=endpoints.delete,
            summary="Delete a task",
            description="Leaves a tombstone, whose ETag is returned; `restore` brings the task back.",
            status=204,
            model=None,
            deleted=deleted(TaskDocument, task_example()),
            parameters=[TASK_ID, SUBTASKS_OF_DELETED, IF_MATCH, IF_CLAIM],
            success=answer("The task was deleted", headers=ETAG),
            errors=[
                *CHANGE_ERRORS,
                NO_TASK_ID,
                HasSubtasks(OPEN_TASK.id, subtasks=2),
                TooManySubtasks(OPEN_TASK.id),
            ],
        ),
        _move(
            "complete",
            endpoints.complete,
            Progress.COMPLETED,
            "Completes a task; a completed one is left unchanged. A recurring task advances to its next occurrence, "
            "and the completed one becomes a task of its own; the last occurrence is the task itself.",
            parameters=[SUBTASKS, DEPENDENCIES, OCCURRENCE, TIME_ZONE],
            errors=[_SUBTASKS, _SERIES, _DEPENDENCIES, TooManySubtasks(OPEN_TASK.id)],
        ),
        _move(
            "reopen",
            endpoints.reopen,
            Progress.NEEDS_ACTION,
            "Sets a completed or cancelled task back to `needs-action`. An open task is left unchanged.",
        ),
        _move("start", endpoints.start, Progress.IN_PROCESS, "Sets a task to `in-process`."),
        _move("cancel", endpoints.cancel, Progress.CANCELLED, "Cancels a task."),
        _move(
            "restore",
            endpoints.restore,
            Progress.NEEDS_ACTION,
            "Restores a deleted task as it was. A live task is left unchanged.",
            topic=TASKS,
        ),
        *occurrence_operations(endpoints, CHANGE_ERRORS),
    ]


def _move(
    verb: str,
    endpoint: Endpoint,
    progress: Progress,
    description: str,
    *,
    topic: Tag = PROGRESS,
    parameters: Sequence[Parameter[Any]] = (),
    errors: Sequence[TaskharborError] = (),
) -> Operation:
    return Operation(
        name=f"{verb}_task",
        topic=topic,
        needs=Permission.WRITE,
        method="POST",
        path=f"/tasks/{{task_id}}/{verb}",
        endpoint=endpoint,
        summary=f"{verb.capitalize()} a task",
        description=description,
        parameters=[TASK_ID, *parameters, IF_MATCH, *([] if verb == "restore" else [IF_CLAIM])],
        success=answer("The task as it is now", headers=ETAG, example=task_example(progress)),
        errors=[*CHANGE_ERRORS, NO_TASK_ID, *errors],
    )
