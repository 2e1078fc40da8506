"""The JSON bodies that requests can have. Their types are checked here, the rules for their values in the domain."""

from typing import Annotated, Final, NotRequired

from pydantic import ConfigDict, Field, TypeAdapter, WithJsonSchema, with_config
from typing_extensions import TypedDict

from taskharbor.domain.progress import Progress
from taskharbor.domain.text import MAX_DESCRIPTION_LENGTH, MAX_TITLE_LENGTH

# What JSON says is what counts: "1" is no number and "true" no truth value.
_STRICT = ConfigDict(extra="forbid", strict=True)

Title = Annotated[
    str,
    Field(
        description="One line without control characters; white space around it is removed.",
        json_schema_extra={"minLength": 1, "maxLength": MAX_TITLE_LENGTH},
    ),
]
Description = Annotated[
    str | None,
    Field(description="Markdown, or null for none.", json_schema_extra={"maxLength": MAX_DESCRIPTION_LENGTH}),
]
NewUid = Annotated[
    str | None,
    Field(
        description="A UUID of your own. It makes a create safe to repeat: the second one is refused.",
        json_schema_extra={"format": "uuid"},
    ),
]
NewProgress = Annotated[
    Progress,
    # An enumeration is never strict about text outside of pydantic's own JSON parser.
    Field(strict=False),
    WithJsonSchema(
        {"type": "string", "enum": [*Progress], "description": "How far the task has come (RFC 8984 section 5.2.5)."}
    ),
]
IsCompleted = Annotated[
    bool, Field(description="Another way to say `progress`: true completes the task, false reopens it.")
]


@with_config(_STRICT)
class CreateTaskBody(TypedDict):
    """A new task."""

    title: Title
    description: NotRequired[Description]
    uid: NotRequired[NewUid]


@with_config(_STRICT)
class ChangeTaskBody(TypedDict, total=False):
    """A JSON Merge Patch (RFC 7396): what is named changes, the rest stays."""

    title: Title
    description: Description
    progress: NewProgress
    is_completed: IsCompleted


CREATE_TASK: Final = TypeAdapter(CreateTaskBody)
CHANGE_TASK: Final = TypeAdapter(ChangeTaskBody)

_OURS: Final = ("id", "created", "updated", "completed", "revision")

NOT_AT_CREATION: Final = {
    **dict.fromkeys(_OURS, "is set by the service, not by its callers"),
    **dict.fromkeys(("progress", "is_completed"), "cannot be given to a new task: it needs action; change it then"),
}
NOT_CHANGEABLE: Final = {
    **dict.fromkeys(_OURS, "is set by the service and cannot be changed"),
    "uid": "names the task for good and cannot be changed",
}
