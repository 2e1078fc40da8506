"""The JSON body of a batch, and the commands in it."""

from typing import Annotated, Any, Final, Literal, Required

from pydantic import Field, TypeAdapter, WithJsonSchema, with_config
from typing_extensions import TypedDict

from taskharbor.application.run_batch import MAX_COMMANDS
from taskharbor.domain.identifiers import MAX_ID
from taskharbor.entrypoints.http.bodies import STRICT, ChangeTaskBody, CreateTaskBody
from taskharbor.entrypoints.http.openapi import OCCURRENCE, TIME_ZONE

_Number = Annotated[int, Field(ge=1, le=MAX_ID)]


class _Aimed(TypedDict, total=False):
    id: Annotated[_Number, Field(description="The number of the task.")]
    uid: Annotated[
        str,
        Field(
            description="In place of `id`: the uid that an earlier command of this batch gave to a new task.",
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


@with_config(STRICT)
class ChangeCommand(ChangeTaskBody, _Aimed, total=False):
    """Give a task the values that are named; the rest stays."""

    command: Required[Literal["change"]]


@with_config(STRICT)
class MoveCommand(_Aimed, total=False):
    """Do to a task what the operation of the same name does."""

    command: Required[Literal["reopen", "start", "cancel", "delete", "restore"]]


@with_config(STRICT)
class OccurrenceCommand(_Aimed, total=False):
    """Do to a task, or to this occurrence of it, what the operation of the same name does."""

    command: Required[Literal["complete", "skip"]]
    occurrence: Annotated[str, Field(description=OCCURRENCE["description"])]
    time_zone: Annotated[str, Field(description=TIME_ZONE["description"])]


CREATE_COMMAND: Final = TypeAdapter(CreateCommand)
CHANGE_COMMAND: Final = TypeAdapter(ChangeCommand)
MOVE_COMMAND: Final = TypeAdapter(MoveCommand)
OCCURRENCE_COMMAND: Final = TypeAdapter(OccurrenceCommand)

_ANY_COMMAND: Final = WithJsonSchema(
    {"oneOf": [adapter.json_schema() for adapter in (CREATE_COMMAND, CHANGE_COMMAND, MOVE_COMMAND, OCCURRENCE_COMMAND)]}
)


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
