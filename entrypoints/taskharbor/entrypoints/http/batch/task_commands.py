"""The commands on tasks that the body of a batch can hold."""

from typing import Annotated, Final, Literal, NotRequired, Required

from pydantic import Field, TypeAdapter, with_config
from typing_extensions import TypedDict

from taskharbor.application.progress.completion import OpenDependenciesRule, OpenSubtasksRule
from taskharbor.application.tasks.delete_task import SubtasksRule
from taskharbor.domain.identifiers import MAX_ID
from taskharbor.entrypoints.http.claims.bodies import ClaimBody, RenewBody
from taskharbor.entrypoints.http.claims.parameters import FORCE
from taskharbor.entrypoints.http.reminders.bodies import SnoozeBody
from taskharbor.entrypoints.http.reminders.parameters import REMINDER
from taskharbor.entrypoints.http.requests.parameters import OCCURRENCE, SUBTASKS, TIME_ZONE
from taskharbor.entrypoints.http.schemas import fields
from taskharbor.entrypoints.http.schemas.bodies import (
    STRICT,
    ChangeTaskBody,
    CreateTaskBody,
    EditCommentBody,
    MoveBody,
    NewCommentBody,
)
from taskharbor.entrypoints.http.search.bodies import MatchingBody

Number = Annotated[int, Field(ge=1, le=MAX_ID)]


class _Aimed(TypedDict, total=False):
    id: Annotated[Number, Field(description="The number of the task.")]
    uid: Annotated[
        str,
        Field(
            description="Instead of `id`: the uid of the task, which an earlier command of this batch may create.",
            json_schema_extra={"format": "uuid"},
        ),
    ]
    if_match: Annotated[
        Number, Field(description="Refuse the command unless this was the revision of the task before the batch.")
    ]


class _Fenced(TypedDict, total=False):
    fence: Annotated[Number, fields.FENCE]


@with_config(STRICT)
class CreateCommand(CreateTaskBody):
    """Make a task."""

    command: Literal["create"]
    dependencies: NotRequired[
        Annotated[
            OpenDependenciesRule,
            Field(description="Whether it may be created as completed before its dependencies are."),
        ]
    ]


class _Completing(TypedDict, total=False):
    subtasks: Annotated[OpenSubtasksRule, Field(description=SUBTASKS.description)]
    dependencies: Annotated[
        OpenDependenciesRule,
        Field(description="Whether the task may be completed before its dependencies."),
    ]


class _OnAClock(TypedDict, total=False):
    time_zone: Annotated[str, Field(description=TIME_ZONE.description)]


@with_config(STRICT)
class ChangeCommand(ChangeTaskBody, _Aimed, _Fenced, _Completing, _OnAClock, total=False):
    """Give a task the values that are named; the rest stays."""

    command: Required[Literal["change"]]


class _OfOccurrence(_OnAClock, total=False):
    occurrence: Annotated[str, Field(description=OCCURRENCE.description)]


@with_config(STRICT)
class CompleteCommand(_Aimed, _Fenced, _Completing, _OfOccurrence, total=False):
    """Mark a task, or this occurrence of it, as done."""

    command: Required[Literal["complete"]]


@with_config(STRICT)
class SkipCommand(_Aimed, _Fenced, _OfOccurrence, total=False):
    """Leave out an occurrence of a task."""

    command: Required[Literal["skip"]]


@with_config(STRICT)
class DeleteCommand(_Aimed, _Fenced, total=False):
    """Delete a task."""

    command: Required[Literal["delete"]]
    subtasks: Annotated[SubtasksRule, Field(description="What happens to its subtasks.")]


@with_config(STRICT)
class PlainCommand(_Aimed, _Fenced, total=False):
    """Do to a task what the operation of the same name does."""

    command: Required[Literal["reopen", "start", "cancel"]]


@with_config(STRICT)
class RestoreCommand(_Aimed, total=False):
    """Bring back a deleted task."""

    command: Required[Literal["restore"]]


@with_config(STRICT)
class ClaimCommand(ClaimBody, _Aimed, total=False):
    """Claim a task. Without a holder it is the actor."""

    command: Required[Literal["claim"]]


@with_config(STRICT)
class RenewClaimCommand(RenewBody, _Aimed, _Fenced, total=False):
    """Let a claim end later."""

    command: Required[Literal["renew-claim"]]


@with_config(STRICT)
class ReleaseClaimCommand(_Aimed, _Fenced, total=False):
    """End a claim."""

    command: Required[Literal["release-claim"]]
    force: Annotated[bool, Field(description=FORCE.description)]


class _OfReminder(_Aimed, total=False):
    reminder: Required[Annotated[str, Field(description=REMINDER.description)]]


@with_config(STRICT)
class SnoozeCommand(SnoozeBody, _OfReminder, total=False):
    """Have a reminder that has fired fire again."""

    command: Required[Literal["snooze"]]


@with_config(STRICT)
class DismissCommand(_OfReminder, total=False):
    """Be done with a reminder that has fired."""

    command: Required[Literal["dismiss"]]


@with_config(STRICT)
class MoveCommand(MoveBody, _Aimed, _Fenced, total=False):
    """Move a task."""

    command: Required[Literal["move"]]


@with_config(STRICT)
class CommentCommand(NewCommentBody, _Aimed, _Fenced):
    """Comment on a task."""

    command: Literal["comment"]


@with_config(STRICT)
class EditCommentCommand(EditCommentBody, _Aimed, _Fenced):
    """Edit a comment."""

    command: Literal["edit-comment"]
    comment_id: Annotated[Number, Field(description="The number of the comment within its task.")]


@with_config(STRICT)
class DeleteCommentCommand(_Aimed, _Fenced):
    """Delete a comment."""

    command: Literal["delete-comment"]
    comment_id: Annotated[Number, Field(description="The number of the comment within its task.")]


@with_config(STRICT)
class ChangeMatchingCommand(MatchingBody):
    """Change all tasks that match at this point. At least one of `filter`, `q` and `saved` is required."""

    command: Literal["change-matching"]


@with_config(STRICT)
class UndoCommand(TypedDict):
    """Undo a commit, except where a later change, including one earlier in this batch, has overwritten it."""

    command: Literal["undo"]
    revision: Annotated[Number, Field(description="The revision of a commit made before this batch.")]


CREATE_COMMAND: Final = TypeAdapter(CreateCommand)
CHANGE_COMMAND: Final = TypeAdapter(ChangeCommand)
PLAIN_COMMAND: Final = TypeAdapter(PlainCommand)
SNOOZE_COMMAND: Final = TypeAdapter(SnoozeCommand)
DISMISS_COMMAND: Final = TypeAdapter(DismissCommand)
RESTORE_COMMAND: Final = TypeAdapter(RestoreCommand)
CLAIM_COMMAND: Final = TypeAdapter(ClaimCommand)
RENEW_CLAIM_COMMAND: Final = TypeAdapter(RenewClaimCommand)
RELEASE_CLAIM_COMMAND: Final = TypeAdapter(ReleaseClaimCommand)
SKIP_COMMAND: Final = TypeAdapter(SkipCommand)
COMPLETE_COMMAND: Final = TypeAdapter(CompleteCommand)
DELETE_COMMAND: Final = TypeAdapter(DeleteCommand)
MOVE_COMMAND: Final = TypeAdapter(MoveCommand)
COMMENT_COMMAND: Final = TypeAdapter(CommentCommand)
EDIT_COMMENT_COMMAND: Final = TypeAdapter(EditCommentCommand)
DELETE_COMMENT_COMMAND: Final = TypeAdapter(DeleteCommentCommand)
CHANGE_MATCHING_COMMAND: Final = TypeAdapter(ChangeMatchingCommand)
UNDO_COMMAND: Final = TypeAdapter(UndoCommand)
