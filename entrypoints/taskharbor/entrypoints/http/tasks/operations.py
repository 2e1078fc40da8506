"""Every operation on tasks, one by one."""

from collections.abc import Sequence
from typing import Final

from taskharbor.application.errors import ConcurrentUpdate, HistoryForgotten, PreconditionFailed, UidTaken
from taskharbor.application.saved_filters.saved_filter import FilterNotFound
from taskharbor.application.search.find_tasks_as_of import MAX_LOOKED_AT
from taskharbor.domain.errors import (
    HasSubtasks,
    OpenDependencies,
    OpenSubtasks,
    SeriesWouldEnd,
    TaskharborError,
    TaskNotFound,
    TooManySubtasks,
)
from taskharbor.domain.identifiers import MAX_ID
from taskharbor.domain.tasks.progress import Progress
from taskharbor.entrypoints.http.openapi.descriptions import ETAG, LINK, LOCATION, Json, answer, request_body
from taskharbor.entrypoints.http.openapi.operation import BODY_ERRORS, UNAVAILABLE, Endpoint, Operation
from taskharbor.entrypoints.http.openapi.parameters import (
    AFTER,
    AS_OF,
    COMPLETED,
    DEPENDENCIES,
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
from taskharbor.entrypoints.http.openapi.tags import PROGRESS, TASKS, Tag
from taskharbor.entrypoints.http.requests.errors import (
    BodyTooLarge,
    InvalidRequest,
    MalformedHeader,
    UnsupportedMediaType,
)
from taskharbor.entrypoints.http.requests.json_body import JSON, MERGE_PATCH
from taskharbor.entrypoints.http.schemas.bodies import CHANGE_TASK, CREATE_TASK
from taskharbor.entrypoints.http.schemas.documents import TaskDocument
from taskharbor.entrypoints.http.schemas.examples import (
    CHANGES,
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
            method="GET",
            path="/tasks/{task_id}",
            endpoint=endpoints.get,
            summary="Get a task",
            description="Returns one live task. A deleted task is not found. With `as_of` it is told as it was then.",
            parameters=[TASK_ID, AS_OF, IF_NONE_MATCH],
            success=answer("The task", headers=ETAG, example=task_example()),
            errors=[TaskNotFound(OPEN_TASK.id), HistoryForgotten(7), NO_TASK_ID, UNAVAILABLE],
        ),
        Operation(
            name="list_tasks",
            topic=TASKS,
            method="GET",
            path="/tasks/",
            endpoint=endpoints.list,
            summary="List tasks",
            description="Returns a page of live tasks by ascending id, or those that are asked for in the order that "
            "is asked for. Whoever follows the `next` link of each page sees every task that lives throughout, and "
            "whose place in the order stays, exactly once, whatever others write meanwhile. With `as_of` they are told "
            "as they were then, by ascending id, for past states are not indexed: `filter`, `q`, `saved`, "
            "`time_zone`, `fields` and `limit` go together with it, and `after` with none of these but `limit`. A page "
            f"of the past looks at {MAX_LOOKED_AT:,} tasks at most, without a filter at `limit` tasks, so it can be "
            "short, or empty, and yet have a `next` link. A saved filter and the names of lists are taken as they are "
            "now; `now` and `today` in a filter mean the instant of `as_of`, or the moment of its revision.",
            model=list[TaskDocument],
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
            method="POST",
            path="/tasks/",
            endpoint=endpoints.create,
            summary="Create a task",
            description="Makes a task. It needs action unless its progress or percentage says otherwise. With a `uid` "
            "of your own a create can be repeated safely: as long as the task is as the first one made it, it is the "
            "answer again; after that the create is refused.",
            status=201,
            parameters=[DEPENDENCIES],
            body=request_body(
                CREATE_TASK,
                JSON,
                {"a new task": NEW_TASK, "one with a plan": PLANNED_TASK, "one that comes again": RECURRING_TASK},
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
            method="PATCH",
            path="/tasks/{task_id}",
            endpoint=endpoints.change,
            summary="Change a task",
            description="Takes either a JSON Merge Patch (RFC 7396) as its body, or `?completed=true|false` and no "
            "body. What a patch does not name stays as it is; `null` removes what can be absent. "
            "A `start`, `due` or `recurrence` is replaced as a whole: its members are not merged. Subtasks follow into "
            "another list.",
            parameters=[TASK_ID, COMPLETED, SUBTASKS, DEPENDENCIES, TIME_ZONE, IF_MATCH],
            body=request_body(CHANGE_TASK, MERGE_PATCH, CHANGES, required=False),
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
            method="DELETE",
            path="/tasks/{task_id}",
            endpoint=endpoints.delete,
            summary="Delete a task",
            description="Leaves a tombstone, whose ETag is answered; `restore` brings the task back.",
            status=204,
            model=None,
            parameters=[TASK_ID, SUBTASKS_OF_DELETED, IF_MATCH],
            success=answer("The task is deleted", headers=ETAG),
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
            "Mark a task as done. One that is done stays as it is. A task that comes again moves on to its next "
            "occurrence, and the one that is done becomes a task of its own; the last one is the task itself.",
            parameters=[SUBTASKS, DEPENDENCIES, OCCURRENCE, TIME_ZONE],
            errors=[_SUBTASKS, _SERIES, _DEPENDENCIES, TooManySubtasks(OPEN_TASK.id)],
        ),
        _move(
            "reopen",
            endpoints.reopen,
            Progress.NEEDS_ACTION,
            "Make a completed or cancelled task need action again. An open task stays as it is.",
        ),
        _move("start", endpoints.start, Progress.IN_PROCESS, "Mark a task as being worked on."),
        _move("cancel", endpoints.cancel, Progress.CANCELLED, "Mark a task as not to be done after all."),
        _move(
            "restore",
            endpoints.restore,
            Progress.NEEDS_ACTION,
            "Bring a deleted task back as it was. A live task stays as it is.",
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
    parameters: Sequence[Json] = (),
    errors: Sequence[TaskharborError] = (),
) -> Operation:
    return Operation(
        name=f"{verb}_task",
        topic=topic,
        method="POST",
        path=f"/tasks/{{task_id}}/{verb}",
        endpoint=endpoint,
        summary=f"{verb.capitalize()} a task",
        description=description,
        parameters=[TASK_ID, *parameters, IF_MATCH],
        success=answer("The task as it is now", headers=ETAG, example=task_example(progress)),
        errors=[*CHANGE_ERRORS, NO_TASK_ID, *errors],
    )
