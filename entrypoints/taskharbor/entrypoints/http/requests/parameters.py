"""The parameters that operations on several subjects, or on tasks, have."""

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from taskharbor.application.lists.manage_lists import DEFAULT_LISTS
from taskharbor.application.pagination import MAX_LIMIT
from taskharbor.application.progress.completion import DEPENDENCIES_RULES, SUBTASKS_RULES
from taskharbor.application.progress.list_occurrences import DEFAULT_OCCURRENCES, MAX_OCCURRENCES
from taskharbor.application.sync.list_changes import DEFAULT_CHANGES, EVERYTHING
from taskharbor.application.tasks import delete_task
from taskharbor.application.tasks.list_tasks import DEFAULT_LIMIT
from taskharbor.domain.identifiers import MAX_ID
from taskharbor.entrypoints.http.requests.parameter import (
    TEXT,
    Parameter,
    Schema,
    boolean,
    identifier,
    integer,
    one_of,
    text,
    time_zone,
)

T = TypeVar("T")


def number_from(least: int, **more: int) -> Schema:
    """Describe an id, a revision or a count."""
    return {"type": "integer", "format": "int64", "minimum": least, "maximum": MAX_ID, **more}


def id_in_path(name: str, description: str, *, example: int) -> Parameter[int]:
    """Return the parameter for a number in the path."""
    return Parameter(
        name=name,
        where="path",
        schema=number_from(1),
        description=description,
        parse=identifier,
        example=example,
        is_required=True,
    )


def in_query(
    name: str, description: str, schema: Schema, parse: Callable[[str, str], T], *, example: object = None
) -> Parameter[T]:
    """Return a parameter of the query that can be left out."""
    return Parameter(name=name, schema=schema, description=description, parse=parse, example=example)


def choice(name: str, description: str, choices: Sequence[str], **more: str) -> Parameter[str]:
    """Return a parameter that is one of a few words."""
    return in_query(name, description, TEXT | {"enum": list(choices)} | more, one_of(choices))


def limit_of(items: str, *, default: int, maximum: int = MAX_LIMIT) -> Parameter[int]:
    """Return the parameter for how many there can be on a page."""
    schema = {"type": "integer", "minimum": 1, "maximum": maximum, "default": default}
    return in_query("limit", f"How many {items} to return at most.", schema, integer)


def zone_for(description: str, parse: Callable[[str, str], str]) -> Parameter[str]:
    """Return the parameter for a time zone of the caller."""
    return in_query("time_zone", description, TEXT | {"default": "UTC"}, parse, example="Europe/Berlin")


def _header(name: str, description: str, *, example: str, pattern: str | None = None) -> Parameter[str]:
    schema = TEXT if pattern is None else {**TEXT, "pattern": pattern}
    return Parameter(name=name, where="header", schema=schema, description=description, parse=text, example=example)


_ENTITY_TAGS: Final = r'^(\*|(W/)?"[!#-~]*")$'
"""One of them; lists are taken as well (RFC 9110 section 13.1)."""


TASK_ID: Final = id_in_path("task_id", "The number of the task.", example=42)
LIST_ID: Final = id_in_path("list_id", "The number of the list; 1 is the inbox.", example=7)
COMMENT_ID: Final = id_in_path("comment_id", "The number of the comment within its task.", example=3)
MOVE_TO: Final = in_query(
    "move_to",
    "The list to move the tasks to. Either this or `tasks=delete` is required.",
    number_from(1),
    identifier,
)
TASKS: Final = choice(
    "tasks",
    "Delete the tasks as well. Either this or `move_to` is required.",
    ("delete",),
)
URGENCY_ZONE: Final = zone_for(
    "The IANA name of your time zone. Dates, and times without a zone, are interpreted in it.",
    text,
)
SUBTASKS: Final = choice(
    "subtasks",
    "What happens to its open subtasks, at every depth, if this completes the task. `complete` completes them but "
    "refuses to end a recurring one; `end` ends it; `leave` leaves them open.",
    SUBTASKS_RULES,
    default="refuse",
)
DEPENDENCIES: Final = choice(
    "dependencies",
    "Whether the task may be completed before its dependencies.",
    DEPENDENCIES_RULES,
    default="refuse",
)
SUBTASKS_OF_DELETED: Final = choice(
    "subtasks",
    "What happens to its subtasks: `delete` deletes them, at every depth; `keep` moves them to the parent of the "
    "task, if it has one.",
    delete_task.SUBTASKS_RULES,
    default="refuse",
)
LISTS_LIMIT: Final = limit_of("lists", default=DEFAULT_LISTS)
LISTS_AFTER: Final = in_query("after", "Start after the list with this number.", number_from(0, default=0), integer)
SKIP: Final = in_query(
    "skip",
    "How many tasks to skip. For more than a few pages, follow the `next` link instead.",
    number_from(0, default=0),
    integer,
)
LIMIT: Final = limit_of("tasks", default=DEFAULT_LIMIT)
CHANGES_LIMIT: Final = limit_of("changes", default=DEFAULT_CHANGES)
SINCE: Final = in_query(
    "since",
    f"The `next` of an earlier response; `{EVERYTHING}` means from the beginning.",
    TEXT | {"default": EVERYTHING},
    text,
    example="7",
)
AFTER: Final = in_query(
    "after",
    "Start after the task with this number. Does not go together with `skip`.",
    number_from(0),
    integer,
)
COMPLETED: Final = in_query(
    "completed", "Complete or reopen the task without sending a body.", {"type": "boolean"}, boolean
)
OCCURRENCES_LIMIT: Final = limit_of("occurrences", default=DEFAULT_OCCURRENCES, maximum=MAX_OCCURRENCES)
FROM: Final = in_query(
    "from",
    "The first date or local time, in the time zone of the task, at most a hundred years after its current "
    "occurrence. Defaults to the current occurrence.",
    TEXT,
    text,
    example="2026-12-01",
)
TO: Final = in_query(
    "to",
    "The date or local time, in the time zone of the task, before which to stop; at most a hundred years after `from`.",
    TEXT,
    text,
    example="2027-01-01T09:00:00",
)
OCCURRENCE: Final = in_query(
    "occurrence",
    "The occurrence of a recurring task that you mean: the date or local time in its `recurrence.current`. If the "
    "task is already past it, nothing happens, so the request is safe to repeat.",
    TEXT,
    text,
    example="2026-12-01",
)
TIME_ZONE: Final = zone_for(
    "Your time zone. It determines the current day for recurring tasks without a time zone.",
    time_zone,
)
AS_OF: Final = in_query(
    "as_of",
    "Return the state as of a revision or an instant (RFC 3339; send a `+` as `%2B`).",
    TEXT,
    text,
    example="2026-03-15T18:00:00Z",
)
IF_MATCH: Final = _header(
    "If-Match",
    "Change the task only if this is still its ETag (RFC 9110 section 13.1.1).",
    example='"7"',
    pattern=_ENTITY_TAGS,
)
IF_CLAIM: Final = _header(
    "If-Claim",
    "The fence of the claim under which this is done. If that claim has ended, the request is refused.",
    example="7",
    pattern='^("[1-9][0-9]{0,14}"|[1-9][0-9]{0,14})$',
)
IF_NONE_MATCH: Final = _header(
    "If-None-Match",
    "Respond with 304 and no body if this is still the ETag (RFC 9110 section 13.1.2).",
    example='"7"',
    pattern=_ENTITY_TAGS,
)
PREFER: Final = _header(
    "Prefer",
    "`return=representation` answers with what was deleted (RFC 7240 section 4.2).",
    example="return=representation",
)
IDEMPOTENCY_KEY: Final = _header(
    "Idempotency-Key",
    "Identifies this request, so that it is safe to repeat: it is carried out once, and every repetition gets the "
    "first response (draft-ietf-httpapi-idempotency-key-header-07).",
    example='"8e03978e-40d5-43dd-bc93-6894a57f9324"',
    pattern=r"""^("([ !#-\[\]-~]|\\["\\]){1,255}"|[A-Za-z0-9!#$%&'*+.^_`|~:/=@-]{1,255})$""",
)
