"""The parts of the OpenAPI description that FastAPI cannot read off an endpoint which reads its request itself."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import TypeAdapter

from taskharbor.application.history.list_changes import DEFAULT_CHANGES, EVERYTHING
from taskharbor.application.lists.change_list import DEFAULT_LISTS
from taskharbor.application.progress.list_occurrences import DEFAULT_OCCURRENCES, MAX_OCCURRENCES
from taskharbor.application.progress.task_completion import DEPENDENCIES_RULES, SUBTASKS_RULES
from taskharbor.application.tasks import delete_task
from taskharbor.application.tasks.list_tasks import DEFAULT_LIMIT, MAX_LIMIT
from taskharbor.domain.errors import TaskharborError
from taskharbor.domain.identifiers import MAX_ID
from taskharbor.entrypoints.http.problems import PROBLEM_JSON, Problem, kind_of, problem_of

Json = dict[str, Any]

_ID: Final = {"type": "integer", "format": "int64", "maximum": MAX_ID}

TASK_ID: Final[Json] = {
    "name": "task_id",
    "in": "path",
    "required": True,
    "description": "The number of the task.",
    "schema": {**_ID, "minimum": 1},
    "example": 42,
}
LIST_ID: Final[Json] = {
    "name": "list_id",
    "in": "path",
    "required": True,
    "description": "The number of the list; 1 is the inbox.",
    "schema": {**_ID, "minimum": 1},
    "example": 7,
}
COMMENT_ID: Final[Json] = {
    "name": "comment_id",
    "in": "path",
    "required": True,
    "description": "The number of the comment within its task.",
    "schema": {**_ID, "minimum": 1},
    "example": 3,
}
MOVE_TO: Final[Json] = {
    "name": "move_to",
    "in": "query",
    "description": "The list into which the tasks are moved. Either this or `tasks=delete` must be said.",
    "schema": {**_ID, "minimum": 1},
}
TASKS: Final[Json] = {
    "name": "tasks",
    "in": "query",
    "description": "Delete the tasks, too. Either this or `move_to` must be said.",
    "schema": {"type": "string", "enum": ["delete"]},
}
URGENCY_ZONE: Final[Json] = {
    "name": "time_zone",
    "in": "query",
    "description": "Where the caller is, by the IANA name of the zone: dates, and times without a zone, are read on "
    "the clocks there.",
    "schema": {"type": "string", "default": "UTC"},
    "example": "Europe/Berlin",
}
SUBTASKS: Final[Json] = {
    "name": "subtasks",
    "in": "query",
    "description": "What becomes of its open subtasks, at every depth, if this completes the task.",
    "schema": {"type": "string", "enum": list(SUBTASKS_RULES), "default": "refuse"},
}
DEPENDENCIES: Final[Json] = {
    "name": "dependencies",
    "in": "query",
    "description": "Whether this may complete the task before those that it depends on.",
    "schema": {"type": "string", "enum": list(DEPENDENCIES_RULES), "default": "refuse"},
}
SUBTASKS_OF_DELETED: Final[Json] = {
    "name": "subtasks",
    "in": "query",
    "description": "What becomes of its subtasks: `delete` takes them along, at every depth; `keep` puts them where "
    "the task was, below its own parent or none.",
    "schema": {"type": "string", "enum": list(delete_task.SUBTASKS_RULES), "default": "refuse"},
}
LISTS_LIMIT: Final[Json] = {
    "name": "limit",
    "in": "query",
    "description": "How many lists to return at most.",
    "schema": {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LISTS},
}
LISTS_AFTER: Final[Json] = {
    "name": "after",
    "in": "query",
    "description": "Begin after the list with this number.",
    "schema": {**_ID, "minimum": 0, "default": 0},
}
SKIP: Final[Json] = {
    "name": "skip",
    "in": "query",
    "description": "How many tasks to pass over. For more than a few pages follow the `next` link instead.",
    "schema": {**_ID, "minimum": 0, "default": 0},
}
LIMIT: Final[Json] = {
    "name": "limit",
    "in": "query",
    "description": "How many tasks to return at most.",
    "schema": {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_LIMIT},
}
CHANGES_LIMIT: Final[Json] = {
    **LIMIT,
    "description": "How many changes to return at most.",
    "schema": {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": DEFAULT_CHANGES},
}
SINCE: Final[Json] = {
    "name": "since",
    "in": "query",
    "description": f"The `next` of an earlier answer; `{EVERYTHING}` means from the beginning.",
    "schema": {"type": "string", "default": EVERYTHING},
    "example": "7",
}
AFTER: Final[Json] = {
    "name": "after",
    "in": "query",
    "description": "Begin after the task with this number. Does not go together with `skip`.",
    "schema": {**_ID, "minimum": 0},
}
COMPLETED: Final[Json] = {
    "name": "completed",
    "in": "query",
    "description": "Complete the task, or reopen it, without a body.",
    "schema": {"type": "boolean"},
}
OCCURRENCES_LIMIT: Final[Json] = {
    **LIMIT,
    "description": "How many occurrences to return at most.",
    "schema": {"type": "integer", "minimum": 1, "maximum": MAX_OCCURRENCES, "default": DEFAULT_OCCURRENCES},
}
FROM: Final[Json] = {
    "name": "from",
    "in": "query",
    "description": "From which date or local time on, on the clock of the task: at the most a hundred years after its "
    "current occurrence. Unless said, from that one on.",
    "schema": {"type": "string"},
    "example": "2026-12-01",
}
TO: Final[Json] = {
    "name": "to",
    "in": "query",
    "description": "Before which date or local time, on the clock of the task. One sees a hundred years from `from`.",
    "schema": {"type": "string"},
    "example": "2027-01-01T09:00:00",
}
OCCURRENCE: Final[Json] = {
    "name": "occurrence",
    "in": "query",
    "description": "Which occurrence of a task that comes again is meant: the date or local time in its "
    "`recurrence.current`. If the task is past it already, nothing is done, so this can be repeated safely.",
    "schema": {"type": "string"},
    "example": "2026-12-01",
}
TIME_ZONE: Final[Json] = {
    "name": "time_zone",
    "in": "query",
    "description": "Your time zone. It says what day it is where a task that comes again has no time zone.",
    "schema": {"type": "string", "default": "UTC"},
    "example": "Europe/Berlin",
}
AS_OF: Final[Json] = {
    "name": "as_of",
    "in": "query",
    "description": "Tell what was: as of a revision, or of an instant (RFC 3339; a `+` is sent as `%2B`).",
    "schema": {"type": "string"},
    "example": "2026-03-15T18:00:00Z",
}
IF_MATCH: Final[Json] = {
    "name": "If-Match",
    "in": "header",
    "description": "Change the task only if this is still its ETag (RFC 9110 section 13.1.1).",
    "schema": {"type": "string"},
    "example": '"7"',
}
IF_NONE_MATCH: Final[Json] = {
    "name": "If-None-Match",
    "in": "header",
    "description": "Answer 304 without a body if this is still the ETag (RFC 9110 section 13.1.2).",
    "schema": {"type": "string"},
    "example": '"7"',
}
IDEMPOTENCY_KEY: Final[Json] = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Names this request, so that it can be repeated safely: it is carried out once, and each repetition "
    "gets the first answer (draft-ietf-httpapi-idempotency-key-header-07).",
    "schema": {"type": "string"},
    "example": '"8e03978e-40d5-43dd-bc93-6894a57f9324"',
}

ETAG: Final[Json] = {"ETag": {"description": "Names this state.", "schema": {"type": "string"}, "example": '"7"'}}
LOCATION: Final[Json] = {
    "Location": {"description": "Where the task is.", "schema": {"type": "string"}, "example": "/tasks/42"}
}
LINK: Final[Json] = {
    "Link": {
        "description": 'The next page, with rel="next" (RFC 8288). The last page has none.',
        "schema": {"type": "string"},
        "example": '</tasks/?after=42&limit=10>; rel="next"',
    }
}


def answer(description: str, *, headers: Json | None = None, example: object = None) -> Json:
    """Describe an answer that is no problem."""
    found: Json = {"description": description}
    if headers:
        found["headers"] = headers
    if example is not None:
        found["content"] = {"application/json": {"example": example}}
    return found


def request_body(
    adapter: TypeAdapter[Any], media_types: Sequence[str], examples: Mapping[str, object], *, required: bool
) -> Json:
    """Describe a request body."""
    content = {
        "schema": adapter.json_schema(),
        "examples": {name: {"value": value} for name, value in examples.items()},
    }
    return {"required": required, "content": dict.fromkeys(media_types, content)}


def problems(*errors: TaskharborError) -> dict[int | str, Json]:
    """Describe the answers to these errors, each with its problem document as an example."""
    found: dict[int | str, Json] = {}
    for error in errors:
        if kind := kind_of(error):
            problem = problem_of(error, kind)
            example = {"value": problem.model_dump(exclude_none=True)}
            described = found.setdefault(
                kind.status,
                {
                    "description": kind.title,
                    "model": Problem,
                    "content": _ProblemContent({PROBLEM_JSON: {"examples": {}}}),
                },
            )
            described["content"][PROBLEM_JSON]["examples"][problem.code] = example
    return found


class _ProblemContent(dict[str, Json]):
    """Files the schema of `model` under our media type: FastAPI would file it under that of the successful answer."""

    def setdefault(self, _media_type: str, default: Json) -> Json:
        return super().setdefault(PROBLEM_JSON, default)
