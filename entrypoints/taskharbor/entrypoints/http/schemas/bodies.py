"""The JSON bodies that requests can have.

Types are checked here where the domain relies on them; where it reads plain data itself, whatever came is passed on.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Final, NotRequired

from pydantic import ConfigDict, Field, TypeAdapter, with_config
from typing_extensions import TypedDict

from taskharbor.domain.tasks.progress import Progress
from taskharbor.entrypoints.http.schemas import fields
from taskharbor.entrypoints.http.schemas.documents import TaskDocument

# What JSON says is what counts: "1" is no number and "true" no truth value. Validators are made when they are first
# used: 51 of them would take 20 ms of a start, and half a megabyte.
STRICT: Final = ConfigDict(extra="forbid", strict=True, defer_build=True)

Title = Annotated[str, fields.TITLE]
NewUid = Annotated[
    str | None,
    Field(
        description="A UUID of your own. It makes the request safe to repeat: there is never a second task.",
        json_schema_extra={"format": "uuid"},
    ),
]


class _Fields(TypedDict, total=False):
    description: Annotated[str | None, fields.DESCRIPTION]
    # An enumeration is never strict about text outside of pydantic's own JSON parser.
    progress: Annotated[Progress, Field(strict=False), fields.PROGRESS]
    is_completed: Annotated[bool, fields.IS_COMPLETED]
    percent_complete: Annotated[Any, fields.PERCENT_COMPLETE]
    priority: Annotated[Any, fields.PRIORITY]
    start: Annotated[Any, fields.START]
    due: Annotated[Any, fields.DUE]
    estimated_duration: Annotated[Any, fields.ESTIMATED_DURATION]
    tags: Annotated[Any, fields.TAGS]
    links: Annotated[Any, fields.LINKS]
    reminders: Annotated[Any, fields.REMINDERS]
    recurrence: Annotated[Any, fields.RECURRENCE]
    list: Annotated[Any, fields.LIST]
    parent: Annotated[Any, fields.PARENT]
    depends_on: Annotated[Any, fields.DEPENDS_ON]
    assignees: Annotated[Any, fields.ASSIGNEES]


@with_config(STRICT)
class CreateTaskBody(_Fields):
    """A new task."""

    title: Title
    uid: NotRequired[NewUid]


@with_config(STRICT)
class ChangeTaskBody(_Fields, total=False):
    """A JSON Merge Patch (RFC 7396): what is named changes, the rest stays."""

    title: Title


@with_config(STRICT)
class MoveBody(TypedDict, total=False):
    """Where a task goes: next to another one, or first or last, and into which list or below which parent."""

    before: Annotated[Any, fields.BEFORE]
    after: Annotated[Any, fields.AFTER]
    first: Annotated[bool, fields.FIRST]
    last: Annotated[bool, fields.LAST]
    list: Annotated[Any, fields.LIST]
    parent: Annotated[Any, fields.PARENT]


@with_config(STRICT)
class NewCommentBody(TypedDict):
    """A new comment."""

    text: Annotated[str, fields.COMMENT_TEXT]
    author: NotRequired[Annotated[str | None, fields.AUTHOR]]


@with_config(STRICT)
class EditCommentBody(TypedDict):
    """Another text for a comment."""

    text: Annotated[str, fields.COMMENT_TEXT]


class _ListFields(TypedDict, total=False):
    colour: Annotated[str | None, fields.COLOUR]
    description: Annotated[str | None, fields.DESCRIPTION]
    archived: Annotated[bool, fields.ARCHIVED]


@with_config(STRICT)
class CreateListBody(_ListFields):
    """A new list."""

    name: Annotated[str, fields.LIST_NAME]


@with_config(STRICT)
class ChangeListBody(_ListFields, total=False):
    """A JSON Merge Patch (RFC 7396): what is named changes, the rest stays."""

    name: Annotated[str, fields.LIST_NAME]


MOVE: Final = TypeAdapter(MoveBody)
NEW_COMMENT: Final = TypeAdapter(NewCommentBody)
EDIT_COMMENT: Final = TypeAdapter(EditCommentBody)
CREATE_LIST: Final = TypeAdapter(CreateListBody)
CHANGE_LIST: Final = TypeAdapter(ChangeListBody)
CREATE_TASK: Final = TypeAdapter(CreateTaskBody)
CHANGE_TASK: Final = TypeAdapter(ChangeTaskBody)

_OURS: Final = frozenset(TaskDocument.__struct_fields__) - ChangeTaskBody.__annotations__.keys() - {"uid"}

NOT_AT_CREATION: Final[Mapping[str, str]] = dict.fromkeys(_OURS, "is set by the service")
NOT_CHANGEABLE: Final[Mapping[str, str]] = {
    **dict.fromkeys(_OURS, "is set by the service and cannot be changed"),
    "uid": "is permanent and cannot be changed",
}

_OURS_OF_LIST: Final = ("id", "created", "updated", "revision")
NOT_AT_CREATION_OF_LIST: Final[Mapping[str, str]] = dict.fromkeys(_OURS_OF_LIST, "is set by the service")
NOT_CHANGEABLE_OF_LIST: Final[Mapping[str, str]] = dict.fromkeys(
    _OURS_OF_LIST, "is set by the service and cannot be changed"
)
