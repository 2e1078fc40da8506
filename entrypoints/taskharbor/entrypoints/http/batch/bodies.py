"""The JSON body of a batch."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Required

from pydantic import Field, TypeAdapter, WithJsonSchema, with_config
from typing_extensions import TypedDict

from taskharbor.application.batch.run_batch import MAX_COMMANDS
from taskharbor.entrypoints.http.batch.record_commands import (
    CHANGE_FILTER_COMMAND,
    CHANGE_LIST_COMMAND,
    CREATE_LIST_COMMAND,
    DELETE_FILTER_COMMAND,
    DELETE_LIST_COMMAND,
    SAVE_FILTER_COMMAND,
)
from taskharbor.entrypoints.http.batch.task_commands import (
    CHANGE_COMMAND,
    CHANGE_MATCHING_COMMAND,
    COMMENT_COMMAND,
    COMPLETE_COMMAND,
    CREATE_COMMAND,
    DELETE_COMMAND,
    DELETE_COMMENT_COMMAND,
    EDIT_COMMENT_COMMAND,
    MOVE_COMMAND,
    PLAIN_COMMAND,
    SKIP_COMMAND,
    UNDO_COMMAND,
)
from taskharbor.entrypoints.http.schemas.bodies import STRICT

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
    CHANGE_MATCHING_COMMAND,
    UNDO_COMMAND,
    CREATE_LIST_COMMAND,
    CHANGE_LIST_COMMAND,
    DELETE_LIST_COMMAND,
    SAVE_FILTER_COMMAND,
    CHANGE_FILTER_COMMAND,
    DELETE_FILTER_COMMAND,
)
NAMING_TASKS: Final = ("parent", "before", "after")
"""Where a command of a batch can have the uid of a task in place of its number."""

NAMING_LISTS: Final[Mapping[str, tuple[str, ...]]] = {"change-list": ("id",), "delete-list": ("id", "move_to")}
"""Where a command on a list can have the name of a list in place of its number; others can in `list`."""

_UID: Final = {"type": "string", "format": "uuid"}
_NAME: Final = {"type": "string"}


def _schema_of(adapter: TypeAdapter[Any]) -> dict[str, Any]:
    """Return the JSON schema of a command; where it names another task, a uid will do, and of a list its name."""
    schema = adapter.json_schema()
    members = schema["properties"]
    for name in (*NAMING_TASKS, "depends_on"):
        if name in members:
            described = members[name].pop("description")
            item = members[name].pop("items", None)
            either = {"oneOf": [members[name], _UID]} if item is None else members[name] | {"items": _or_uid(item)}
            members[name] = either | {"description": f"{described} A uid will do."}
    for name in ("list", *NAMING_LISTS.get(members["command"].get("const"), ())):
        if name in members:
            described = members[name].pop("description")
            members[name] = {"oneOf": [members[name], _NAME], "description": f"{described} Its name will do."}
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
