"""The parameters of requests as OpenAPI describes them: the endpoints read them off the request themselves."""

from typing import Any, Final

from taskharbor.application.lists.manage_lists import DEFAULT_LISTS
from taskharbor.application.pagination import MAX_LIMIT
from taskharbor.application.progress.completion import DEPENDENCIES_RULES, SUBTASKS_RULES
from taskharbor.application.progress.list_occurrences import DEFAULT_OCCURRENCES, MAX_OCCURRENCES
from taskharbor.application.sync.list_changes import DEFAULT_CHANGES, EVERYTHING
from taskharbor.application.tasks import delete_task
from taskharbor.application.tasks.list_tasks import DEFAULT_LIMIT
from taskharbor.domain.identifiers import MAX_ID
from taskharbor.entrypoints.http.openapi.descriptions import Json

TEXT: Final[Json] = {"type": "string"}


def number_from(least: int, **more: int) -> Json:
    """Describe an id, a revision or a count."""
    return {"type": "integer", "format": "int64", "minimum": least, "maximum": MAX_ID, **more}


def in_path(name: str, description: str, schema: Json, *, example: object) -> Json:
    """Describe a part of the path."""
    return {**_parameter(name, "path", description, schema, example), "required": True}


def in_query(name: str, description: str, schema: Json, *, example: object = None) -> Json:
    """Describe a parameter that can be left out."""
    return _parameter(name, "query", description, schema, example)


def in_header(name: str, description: str, schema: Json, *, example: object) -> Json:
    """Describe a header that can be left out."""
    return _parameter(name, "header", description, schema, example)


def limit_of(items: str, *, default: int, maximum: int = MAX_LIMIT) -> Json:
    """Describe the size of a page."""
    schema = {"type": "integer", "minimum": 1, "maximum": maximum, "default": default}
    return in_query("limit", f"How many {items} to return at most.", schema)


def zone_for(description: str) -> Json:
    """Describe a time zone of the caller."""
    return in_query("time_zone", description, TEXT | {"default": "UTC"}, example="Europe/Berlin")


def _parameter(name: str, where: str, description: str, schema: Json, example: object) -> Json:
    found: dict[str, Any] = {"name": name, "in": where, "description": description, "schema": schema}
    return found if example is None else found | {"example": example}


TASK_ID: Final[Json] = in_path("task_id", "The number of the task.", number_from(1), example=42)
LIST_ID: Final[Json] = in_path("list_id", "The number of the list; 1 is the inbox.", number_from(1), example=7)
COMMENT_ID: Final[Json] = in_path("comment_id", "The number of the comment within its task.", number_from(1), example=3)
MOVE_TO: Final[Json] = in_query(
    "move_to",
    "The list to move the tasks to. Either this or `tasks=delete` is required.",
    number_from(1),
)
TASKS: Final[Json] = in_query(
    "tasks",
    "Delete the tasks as well. Either this or `move_to` is required.",
    TEXT | {"enum": ["delete"]},
)
URGENCY_ZONE: Final[Json] = zone_for(
    "The IANA name of your time zone. Dates, and times without a zone, are interpreted in it."
)
SUBTASKS: Final[Json] = in_query(
    "subtasks",
    "What happens to its open subtasks, at every depth, if this completes the task. `complete` completes them but "
    "refuses to end a recurring one; `end` ends it; `leave` leaves them open.",
    TEXT | {"enum": list(SUBTASKS_RULES), "default": "refuse"},
)
DEPENDENCIES: Final[Json] = in_query(
    "dependencies",
    "Whether the task may be completed before its dependencies.",
    TEXT | {"enum": list(DEPENDENCIES_RULES), "default": "refuse"},
)
SUBTASKS_OF_DELETED: Final[Json] = in_query(
    "subtasks",
    "What happens to its subtasks: `delete` deletes them, at every depth; `keep` moves them to the parent of the "
    "task, if it has one.",
    TEXT | {"enum": list(delete_task.SUBTASKS_RULES), "default": "refuse"},
)
LISTS_LIMIT: Final[Json] = limit_of("lists", default=DEFAULT_LISTS)
LISTS_AFTER: Final[Json] = in_query("after", "Start after the list with this number.", number_from(0, default=0))
SKIP: Final[Json] = in_query(
    "skip",
    "How many tasks to skip. For more than a few pages, follow the `next` link instead.",
    number_from(0, default=0),
)
LIMIT: Final[Json] = limit_of("tasks", default=DEFAULT_LIMIT)
CHANGES_LIMIT: Final[Json] = limit_of("changes", default=DEFAULT_CHANGES)
SINCE: Final[Json] = in_query(
    "since",
    f"The `next` of an earlier response; `{EVERYTHING}` means from the beginning.",
    TEXT | {"default": EVERYTHING},
    example="7",
)
AFTER: Final[Json] = in_query(
    "after",
    "Start after the task with this number. Does not go together with `skip`.",
    number_from(0),
)
COMPLETED: Final[Json] = in_query(
    "completed", "Complete or reopen the task without sending a body.", {"type": "boolean"}
)
OCCURRENCES_LIMIT: Final[Json] = limit_of("occurrences", default=DEFAULT_OCCURRENCES, maximum=MAX_OCCURRENCES)
FROM: Final[Json] = in_query(
    "from",
    "The first date or local time, in the time zone of the task, at most a hundred years after its current "
    "occurrence. Defaults to the current occurrence.",
    TEXT,
    example="2026-12-01",
)
TO: Final[Json] = in_query(
    "to",
    "The date or local time, in the time zone of the task, before which to stop; at most a hundred years after `from`.",
    TEXT,
    example="2027-01-01T09:00:00",
)
OCCURRENCE: Final[Json] = in_query(
    "occurrence",
    "The occurrence of a recurring task that you mean: the date or local time in its `recurrence.current`. If the "
    "task is already past it, nothing happens, so the request is safe to repeat.",
    TEXT,
    example="2026-12-01",
)
TIME_ZONE: Final[Json] = zone_for(
    "Your time zone. It determines the current day for recurring tasks without a time zone."
)
AS_OF: Final[Json] = in_query(
    "as_of",
    "Return the state as of a revision or an instant (RFC 3339; send a `+` as `%2B`).",
    TEXT,
    example="2026-03-15T18:00:00Z",
)
IF_MATCH: Final[Json] = in_header(
    "If-Match",
    "Change the task only if this is still its ETag (RFC 9110 section 13.1.1).",
    TEXT,
    example='"7"',
)
IF_NONE_MATCH: Final[Json] = in_header(
    "If-None-Match",
    "Respond with 304 and no body if this is still the ETag (RFC 9110 section 13.1.2).",
    TEXT,
    example='"7"',
)
IDEMPOTENCY_KEY: Final[Json] = in_header(
    "Idempotency-Key",
    "Identifies this request, so that it is safe to repeat: it is carried out once, and every repetition gets the "
    "first response (draft-ietf-httpapi-idempotency-key-header-07).",
    TEXT,
    example='"8e03978e-40d5-43dd-bc93-6894a57f9324"',
)
