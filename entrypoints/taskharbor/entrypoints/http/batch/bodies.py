"""The JSON body of a batch."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Final, NamedTuple, Required

from pydantic import Field, GetJsonSchemaHandler, TypeAdapter, with_config
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema
from typing_extensions import TypedDict

from taskharbor.application.batch.run_batch import MAX_COMMANDS
from taskharbor.application.claims.claim_task import ClaimTask, ReleaseClaim, RenewClaim
from taskharbor.application.lists.delete_list import DeleteList
from taskharbor.application.lists.manage_lists import ChangeList, CreateList
from taskharbor.application.progress.change_progress import CancelTask, CompleteTask, ReopenTask, StartTask
from taskharbor.application.progress.skip_occurrence import SkipOccurrence
from taskharbor.application.relations.move_task import MoveTask
from taskharbor.application.reminders.manage_alerts import DismissReminder, SnoozeReminder
from taskharbor.application.saved_filters.manage_saved_filters import ChangeSavedFilter, DeleteSavedFilter, SaveFilter
from taskharbor.application.search.change_matching import ChangeMatching
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.comments import AddComment, DeleteComment, EditComment
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask, RestoreTask
from taskharbor.application.undo.undo_commit import UndoCommit
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
    CLAIM_COMMAND,
    COMMENT_COMMAND,
    COMPLETE_COMMAND,
    CREATE_COMMAND,
    DELETE_COMMAND,
    DELETE_COMMENT_COMMAND,
    DISMISS_COMMAND,
    EDIT_COMMENT_COMMAND,
    MOVE_COMMAND,
    PLAIN_COMMAND,
    RELEASE_CLAIM_COMMAND,
    RENEW_CLAIM_COMMAND,
    RESTORE_COMMAND,
    SKIP_COMMAND,
    SNOOZE_COMMAND,
    UNDO_COMMAND,
)
from taskharbor.entrypoints.http.schemas.bodies import (
    NOT_AT_CREATION,
    NOT_AT_CREATION_OF_LIST,
    NOT_CHANGEABLE,
    NOT_CHANGEABLE_OF_LIST,
    STRICT,
)
from taskharbor.entrypoints.http.search.bodies import NOT_OF_A_FILTER

_AIM: Final = frozenset({"id", "uid", "if_match", "fence", "subtasks", "dependencies", "time_zone"})


class CommandBody(NamedTuple):
    """The JSON object that describes a command of a batch.

    Attributes:
        adapter: reads it.
        not_yours: known keys that callers cannot give, and why.
        aim: of a change the members that change nothing by themselves; it must have others. None of other commands.
    """

    adapter: TypeAdapter[Any]
    not_yours: Mapping[str, str] = MappingProxyType({})
    aim: frozenset[str] | None = None


BODIES: Final[Mapping[type[Any], CommandBody]] = MappingProxyType(
    {
        CreateTask: CommandBody(CREATE_COMMAND, NOT_AT_CREATION),
        ChangeTask: CommandBody(CHANGE_COMMAND, NOT_CHANGEABLE, _AIM),
        ReopenTask: CommandBody(PLAIN_COMMAND),
        StartTask: CommandBody(PLAIN_COMMAND),
        CancelTask: CommandBody(PLAIN_COMMAND),
        RestoreTask: CommandBody(RESTORE_COMMAND),
        SnoozeReminder: CommandBody(SNOOZE_COMMAND),
        DismissReminder: CommandBody(DISMISS_COMMAND),
        ClaimTask: CommandBody(CLAIM_COMMAND),
        RenewClaim: CommandBody(RENEW_CLAIM_COMMAND),
        ReleaseClaim: CommandBody(RELEASE_CLAIM_COMMAND),
        CompleteTask: CommandBody(COMPLETE_COMMAND),
        SkipOccurrence: CommandBody(SKIP_COMMAND),
        DeleteTask: CommandBody(DELETE_COMMAND),
        MoveTask: CommandBody(MOVE_COMMAND),
        AddComment: CommandBody(COMMENT_COMMAND),
        EditComment: CommandBody(EDIT_COMMENT_COMMAND),
        DeleteComment: CommandBody(DELETE_COMMENT_COMMAND),
        ChangeMatching: CommandBody(CHANGE_MATCHING_COMMAND),
        UndoCommit: CommandBody(UNDO_COMMAND),
        CreateList: CommandBody(CREATE_LIST_COMMAND, NOT_AT_CREATION_OF_LIST),
        ChangeList: CommandBody(CHANGE_LIST_COMMAND, NOT_CHANGEABLE_OF_LIST, frozenset({"id", "if_match"})),
        DeleteList: CommandBody(DELETE_LIST_COMMAND),
        SaveFilter: CommandBody(SAVE_FILTER_COMMAND, NOT_OF_A_FILTER),
        ChangeSavedFilter: CommandBody(CHANGE_FILTER_COMMAND, NOT_OF_A_FILTER, frozenset({"name", "if_match"})),
        DeleteSavedFilter: CommandBody(DELETE_FILTER_COMMAND),
    }
)
"""The body of every command that has a name in batches, which the registry knows."""

NAMING_TASKS: Final = ("parent", "before", "after")
"""Where a command of a batch can have the uid of a task in place of its number."""

NAMING_LISTS: Final[Mapping[type[Any], tuple[str, ...]]] = {ChangeList: ("id",), DeleteList: ("id", "move_to")}
"""Where a command on a list can have the name of a list in place of its number; others can in `list`."""

_UID: Final = {"type": "string", "format": "uuid"}
_NAME: Final = {"type": "string"}


def _schema_of(command: type[Any]) -> dict[str, Any]:
    """Return the JSON schema of a command, where tasks can also be named by uid and lists by name."""
    schema = BODIES[command].adapter.json_schema()
    members = schema["properties"]
    for name in (*NAMING_TASKS, "depends_on"):
        if name in members:
            described = members[name].pop("description")
            item = members[name].pop("items", None)
            either = {"oneOf": [members[name], _UID]} if item is None else members[name] | {"items": _or_uid(item)}
            members[name] = either | {"description": f"{described} A uid also works."}
    for name in ("list", *NAMING_LISTS.get(command, ())):
        if name in members:
            described = members[name].pop("description")
            members[name] = {"oneOf": [members[name], _NAME], "description": f"{described} Its name also works."}
    return schema


def _or_uid(item: dict[str, Any]) -> dict[str, Any]:
    return {"oneOf": [item, _UID]}


class _AnyCommand:
    """Describes the commands when the document is asked for."""

    def __get_pydantic_json_schema__(self, _any: CoreSchema, _handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Return the schema of any of them."""
        commands = {body.adapter: command for command, body in BODIES.items()}.values()
        return {"oneOf": [_schema_of(command) for command in commands]}


@with_config(STRICT)
class BatchBody(TypedDict, total=False):
    """Commands that are carried out in order, in one commit."""

    atomic: Annotated[
        bool,
        Field(description="Whether one refused command refuses the whole batch (the default) or is just left out."),
    ]
    dry_run: Annotated[bool, Field(description="Whether to report what would happen without doing it.")]
    commands: Required[
        Annotated[
            list[Annotated[Any, _AnyCommand()]],
            Field(min_length=1, max_length=MAX_COMMANDS, description="Each sees the effects of the ones before it."),
        ]
    ]


BATCH: Final = TypeAdapter(BatchBody)
