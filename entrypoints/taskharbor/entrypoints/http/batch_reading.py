"""From the body of a batch to its commands."""

from collections.abc import Mapping
from typing import Any, Final, cast

from pydantic import TypeAdapter

from taskharbor.application.progress.skip_occurrence import SkipOccurrence
from taskharbor.application.progress.task_progress import CancelTask, CompleteTask, ReopenTask, StartTask
from taskharbor.application.run_batch import ChangingCommand, Command, RunBatch, ToCreated
from taskharbor.application.structure.move_task import MoveTask
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask, RestoreTask
from taskharbor.application.tasks.task_comments import AddComment, DeleteComment, EditComment
from taskharbor.entrypoints.http.batch_bodies import (
    BATCH,
    CHANGE_COMMAND,
    COMMENT_COMMAND,
    COMPLETE_COMMAND,
    CREATE_COMMAND,
    DELETE_COMMAND,
    DELETE_COMMENT_COMMAND,
    EDIT_COMMENT_COMMAND,
    MOVE_COMMAND,
    PLAIN_COMMAND,
    SKIP_COMMAND,
)
from taskharbor.entrypoints.http.bodies import NOT_AT_CREATION, NOT_CHANGEABLE
from taskharbor.entrypoints.http.problems import MAX_PLACES
from taskharbor.entrypoints.http.request_errors import InvalidRequest, Place
from taskharbor.entrypoints.http.validation import validated

_OTHERS: Final[Mapping[str, tuple[type[ChangingCommand], TypeAdapter[Any]]]] = {
    "complete": (CompleteTask, COMPLETE_COMMAND),
    "skip": (SkipOccurrence, SKIP_COMMAND),
    "reopen": (ReopenTask, PLAIN_COMMAND),
    "start": (StartTask, PLAIN_COMMAND),
    "cancel": (CancelTask, PLAIN_COMMAND),
    "delete": (DeleteTask, DELETE_COMMAND),
    "restore": (RestoreTask, PLAIN_COMMAND),
    "move": (MoveTask, MOVE_COMMAND),
    "comment": (AddComment, COMMENT_COMMAND),
    "edit-comment": (EditComment, EDIT_COMMENT_COMMAND),
    "delete-comment": (DeleteComment, DELETE_COMMENT_COMMAND),
}
_KNOWN: Final = ("create", "change", *_OTHERS)
_IGNORED: Final = 0


def batch_from(body: object) -> RunBatch:
    """Return the batch that `body` describes.

    Raises:
        InvalidRequest: with what is wrong, up to `MAX_PLACES`, each at its place such as `body.commands[17].title`.
    """
    found = validated(BATCH, body, not_yours={})
    commands: list[Command | ToCreated] = []
    places: list[Place] = []
    for number, entry in enumerate(found["commands"]):
        try:
            commands.append(_command_from(entry, f"body.commands[{number}]"))
        except InvalidRequest as refused:
            places += refused.places
            if len(places) >= MAX_PLACES:
                break
    if places:
        raise InvalidRequest(places)
    return RunBatch(commands=commands, atomic=found.get("atomic", True), dry_run=found.get("dry_run", False))


def _command_from(entry: object, at: str) -> Command | ToCreated:
    if not isinstance(entry, dict):
        raise InvalidRequest.at(at, "must be a JSON object", code="wrong_type")
    name = cast("dict[str, object]", entry).get("command")
    if name == "create":
        return CreateTask(**_members(CREATE_COMMAND, entry, NOT_AT_CREATION, at))
    if name == "change":
        members = _members(CHANGE_COMMAND, entry, NOT_CHANGEABLE, at)
        if not members.keys() - {"id", "uid", "if_match", "subtasks", "dependencies"}:
            raise InvalidRequest.at(at, "must name at least one thing to change", code="missing")
        return _aimed(ChangeTask, members, at)
    if isinstance(name, str) and name in _OTHERS:
        command, adapter = _OTHERS[name]
        return _aimed(command, _members(adapter, entry, {}, at), at)
    raise InvalidRequest.at(f"{at}.command", f"must be one of {', '.join(_KNOWN)}", code="invalid_value")


def _members(adapter: TypeAdapter[Any], entry: object, not_yours: Mapping[str, str], at: str) -> dict[str, Any]:
    members: dict[str, Any] = validated(adapter, entry, not_yours=not_yours, at=at)
    del members["command"]
    return members


def _aimed(command: type[ChangingCommand], members: dict[str, Any], at: str) -> ChangingCommand | ToCreated:
    if "uid" not in members:
        if "id" not in members:
            raise InvalidRequest.at(at, "must name its task by id, or by uid if this batch makes it", code="missing")
        return command(**members)
    if "id" in members:
        raise InvalidRequest.at(f"{at}.uid", "does not go together with id", code="invalid_value")
    return ToCreated(uid=members.pop("uid"), command=command(id=_IGNORED, **members))
