"""The JSON body of a batch, and the commands in it."""

from typing import Annotated, Any, Final, Literal, NotRequired, Required

from pydantic import Field, TypeAdapter, WithJsonSchema, with_config
from typing_extensions import TypedDict

from taskharbor.application.progress.task_completion import OpenDependenciesRule, OpenSubtasksRule
from taskharbor.application.run_batch import MAX_COMMANDS
from taskharbor.application.tasks.delete_task import SubtasksRule
from taskharbor.domain.identifiers import MAX_ID
from taskharbor.entrypoints.http.bodies import (
    STRICT,
    ChangeListBody,
    ChangeTaskBody,
    CreateListBody,
    CreateTaskBody,
    EditCommentBody,
    MoveBody,
    NewCommentBody,
)
from taskharbor.entrypoints.http.described_parameters import OCCURRENCE, SUBTASKS, TIME_ZONE
from taskharbor.entrypoints.http.search_bodies import (
    FilterSort,
    FilterText,
    FilterTimeZone,
    FilterWords,
    NewFilterBody,
)

_Number = Annotated[int, Field(ge=1, le=MAX_ID)]


class _Aimed(TypedDict, total=False):
    id: Annotated[_Number, Field(description="The number of the task.")]
    uid: Annotated[
        str,
        Field(
            description="In place of `id`: the uid of the task, which an earlier command of this batch may make.",
            json_schema_extra={"format": "uuid"},
        ),
    ]
    if_match: Annotated[
        _Number, Field(description="Refuse the command if this is not the revision that the task had before the batch.")
    ]


@with_config(STRICT)
class CreateCommand(CreateTaskBody):
    """Make a task."""

    command: Literal["create"]
    dependencies: NotRequired[
        Annotated[
            OpenDependenciesRule,
            Field(description="Whether it may be completed already, before those that it depends on."),
        ]
    ]


class _Completing(TypedDict, total=False):
    subtasks: Annotated[OpenSubtasksRule, Field(description=SUBTASKS["description"])]
    dependencies: Annotated[
        OpenDependenciesRule,
        Field(description="Whether this may complete the task before those that it depends on."),
    ]


class _OnAClock(TypedDict, total=False):
    time_zone: Annotated[str, Field(description=TIME_ZONE["description"])]


@with_config(STRICT)
class ChangeCommand(ChangeTaskBody, _Aimed, _Completing, _OnAClock, total=False):
    """Give a task the values that are named; the rest stays."""

    command: Required[Literal["change"]]


class _OfOccurrence(_OnAClock, total=False):
    occurrence: Annotated[str, Field(description=OCCURRENCE["description"])]


@with_config(STRICT)
class CompleteCommand(_Aimed, _Completing, _OfOccurrence, total=False):
    """Mark a task, or this occurrence of it, as done."""

    command: Required[Literal["complete"]]


@with_config(STRICT)
class SkipCommand(_Aimed, _OfOccurrence, total=False):
    """Leave out an occurrence of a task."""

    command: Required[Literal["skip"]]


@with_config(STRICT)
class DeleteCommand(_Aimed, total=False):
    """Delete a task."""

    command: Required[Literal["delete"]]
    subtasks: Annotated[SubtasksRule, Field(description="What becomes of its subtasks.")]


@with_config(STRICT)
class PlainCommand(_Aimed, total=False):
    """Do to a task what the operation of the same name does."""

    command: Required[Literal["reopen", "start", "cancel", "restore"]]


@with_config(STRICT)
class MoveCommand(MoveBody, _Aimed, total=False):
    """Put a task into another place."""

    command: Required[Literal["move"]]


@with_config(STRICT)
class CommentCommand(NewCommentBody, _Aimed):
    """Say something of a task."""

    command: Literal["comment"]


@with_config(STRICT)
class EditCommentCommand(EditCommentBody, _Aimed):
    """Give a comment another text."""

    command: Literal["edit-comment"]
    comment_id: Annotated[_Number, Field(description="The number of the comment within its task.")]


@with_config(STRICT)
class DeleteCommentCommand(_Aimed):
    """Take a comment away."""

    command: Literal["delete-comment"]
    comment_id: Annotated[_Number, Field(description="The number of the comment within its task.")]


class _OfList(TypedDict):
    id: Annotated[_Number, Field(description="The number of the list.")]
    if_match: NotRequired[
        Annotated[_Number, Field(description="Refuse the command if this is not the revision that the list had.")]
    ]


class _OfFilter(TypedDict):
    if_match: NotRequired[
        Annotated[_Number, Field(description="Refuse the command if this is not the revision that the filter had.")]
    ]


@with_config(STRICT)
class CreateListCommand(CreateListBody):
    """Make a list."""

    command: Literal["create-list"]


@with_config(STRICT)
class ChangeListCommand(ChangeListBody, _OfList):
    """Give a list the values that are named; the rest stays."""

    command: Literal["change-list"]


@with_config(STRICT)
class DeleteListCommand(_OfList):
    """Delete a list that was archived before the batch, and at most 500 tasks in it, or move those."""

    command: Literal["delete-list"]
    move_to: NotRequired[Annotated[_Number, Field(description="The list into which its tasks are moved.")]]
    tasks: NotRequired[Annotated[Literal["delete"], Field(description="In place of it: its tasks are deleted.")]]


@with_config(STRICT)
class SaveFilterCommand(NewFilterBody):
    """Keep a filter under a name."""

    command: Literal["save-filter"]


@with_config(STRICT)
class ChangeFilterCommand(_OfFilter):
    """Give a saved filter the values that are named; the rest stays."""

    command: Literal["change-filter"]
    name: Annotated[str, Field(description="Which filter.")]
    new_name: NotRequired[Annotated[str, Field(description="The name that it gets.")]]
    filter: NotRequired[FilterText | None]
    q: NotRequired[FilterWords | None]
    sort: NotRequired[FilterSort | None]
    time_zone: NotRequired[FilterTimeZone | None]


@with_config(STRICT)
class DeleteFilterCommand(_OfFilter):
    """Forget a saved filter."""

    command: Literal["delete-filter"]
    name: Annotated[str, Field(description="Which filter.")]


CREATE_COMMAND: Final = TypeAdapter(CreateCommand)
CHANGE_COMMAND: Final = TypeAdapter(ChangeCommand)
PLAIN_COMMAND: Final = TypeAdapter(PlainCommand)
SKIP_COMMAND: Final = TypeAdapter(SkipCommand)
COMPLETE_COMMAND: Final = TypeAdapter(CompleteCommand)
DELETE_COMMAND: Final = TypeAdapter(DeleteCommand)
MOVE_COMMAND: Final = TypeAdapter(MoveCommand)
COMMENT_COMMAND: Final = TypeAdapter(CommentCommand)
EDIT_COMMENT_COMMAND: Final = TypeAdapter(EditCommentCommand)
DELETE_COMMENT_COMMAND: Final = TypeAdapter(DeleteCommentCommand)
CREATE_LIST_COMMAND: Final = TypeAdapter(CreateListCommand)
CHANGE_LIST_COMMAND: Final = TypeAdapter(ChangeListCommand)
DELETE_LIST_COMMAND: Final = TypeAdapter(DeleteListCommand)
SAVE_FILTER_COMMAND: Final = TypeAdapter(SaveFilterCommand)
CHANGE_FILTER_COMMAND: Final = TypeAdapter(ChangeFilterCommand)
DELETE_FILTER_COMMAND: Final = TypeAdapter(DeleteFilterCommand)

_COMMANDS: Final[tuple[TypeAdapter[Any], ...]] = (
    CREATE_COMMAND,
    CHANGE_COMMAND,
    PLAIN_COMMAND,
    COMPLETE_COMMAND,
    SKIP_COMMAND,
    DELETE_COMMAND,
    MOVE_COMMAND,
    COMMENT_COMMAND,
    EDIT_COMMENT_COMMAND,
    DELETE_COMMENT_COMMAND,
    CREATE_LIST_COMMAND,
    CHANGE_LIST_COMMAND,
    DELETE_LIST_COMMAND,
    SAVE_FILTER_COMMAND,
    CHANGE_FILTER_COMMAND,
    DELETE_FILTER_COMMAND,
)
NAMING_TASKS: Final = ("parent", "before", "after")
"""Where a command of a batch can have the uid of a task in place of its number."""

_UID: Final = {"type": "string", "format": "uuid"}


def _schema_of(adapter: TypeAdapter[Any]) -> dict[str, Any]:
    """Return the JSON schema of a command; where it names another task, a uid will do."""
    schema = adapter.json_schema()
    members = schema["properties"]
    for name in (*NAMING_TASKS, "depends_on"):
        if name in members:
            described = members[name].pop("description")
            item = members[name].pop("items", None)
            either = {"oneOf": [members[name], _UID]} if item is None else members[name] | {"items": _or_uid(item)}
            members[name] = either | {"description": f"{described} A uid will do."}
    return schema


def _or_uid(item: dict[str, Any]) -> dict[str, Any]:
    return {"oneOf": [item, _UID]}


_ANY_COMMAND: Final = WithJsonSchema({"oneOf": [_schema_of(adapter) for adapter in _COMMANDS]})


@with_config(STRICT)
class BatchBody(TypedDict, total=False):
    """Commands that are carried out in order, in one commit."""

    atomic: Annotated[
        bool, Field(description="Whether one refused command stops all (true unless said), or is just left out.")
    ]
    dry_run: Annotated[bool, Field(description="Whether to find out only what would happen.")]
    commands: Required[
        Annotated[
            list[Annotated[Any, _ANY_COMMAND]],
            Field(min_length=1, max_length=MAX_COMMANDS, description="Each sees what the ones before it did."),
        ]
    ]


BATCH: Final = TypeAdapter(BatchBody)
