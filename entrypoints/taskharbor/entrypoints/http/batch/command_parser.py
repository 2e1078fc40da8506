"""From the body of a batch to its commands."""

from collections.abc import Mapping
from typing import Any, Final, TypeVar, cast

from pydantic import TypeAdapter

from taskharbor.application.batch.commands import TaskCommand
from taskharbor.application.batch.run_batch import ByName, ChangingCommand, Command, RecordCommand, RunBatch
from taskharbor.application.lists.delete_list import DeleteList
from taskharbor.application.lists.manage_lists import ChangeList, CreateList
from taskharbor.application.progress.change_progress import CancelTask, CompleteTask, ReopenTask, StartTask
from taskharbor.application.progress.skip_occurrence import SkipOccurrence
from taskharbor.application.relations.move_task import MoveTask
from taskharbor.application.saved_filters.manage_saved_filters import ChangeSavedFilter, DeleteSavedFilter, SaveFilter
from taskharbor.application.search.change_matching import ChangeMatching
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.comments import AddComment, DeleteComment, EditComment
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask, RestoreTask
from taskharbor.application.undo.undo_commit import UndoCommit
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import INBOX
from taskharbor.entrypoints.http.batch.bodies import BATCH, NAMING_LISTS, NAMING_TASKS
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
from taskharbor.entrypoints.http.requests.errors import ErrorDetail, InvalidRequest
from taskharbor.entrypoints.http.requests.validation import require_something, validated
from taskharbor.entrypoints.http.responses.problems import MAX_PLACES
from taskharbor.entrypoints.http.schemas.bodies import (
    NOT_AT_CREATION,
    NOT_AT_CREATION_OF_LIST,
    NOT_CHANGEABLE,
    NOT_CHANGEABLE_OF_LIST,
    ChangeTaskBody,
)
from taskharbor.entrypoints.http.search.bodies import NOT_OF_A_FILTER, MatchingBody, changes_from, matching_from

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
_OF_RECORDS: Final[Mapping[str, tuple[type[RecordCommand], TypeAdapter[Any], Mapping[str, str]]]] = {
    "create-list": (CreateList, CREATE_LIST_COMMAND, NOT_AT_CREATION_OF_LIST),
    "change-list": (ChangeList, CHANGE_LIST_COMMAND, NOT_CHANGEABLE_OF_LIST),
    "delete-list": (DeleteList, DELETE_LIST_COMMAND, {}),
    "save-filter": (SaveFilter, SAVE_FILTER_COMMAND, NOT_OF_A_FILTER),
    "change-filter": (ChangeSavedFilter, CHANGE_FILTER_COMMAND, NOT_OF_A_FILTER),
    "delete-filter": (DeleteSavedFilter, DELETE_FILTER_COMMAND, {}),
}
_KNOWN: Final = ("create", "change", "change-matching", "undo", *_OTHERS, *_OF_RECORDS)
_IGNORED: Final = 0

C = TypeVar("C", bound=TaskCommand)


def batch_from(body: object) -> RunBatch:
    """Return the batch that `body` describes.

    Raises:
        InvalidRequest: with what is wrong, up to `MAX_PLACES`, each at its place such as `body.commands[17].title`.
    """
    found = validated(BATCH, body, not_yours={})
    commands: list[Command | ByName] = []
    places: list[ErrorDetail] = []
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


def _command_from(entry: object, at: str) -> Command | ByName:  # a line for each form
    if not isinstance(entry, dict):
        raise InvalidRequest.at(at, "must be a JSON object", code="wrong_type")
    name = cast("dict[str, object]", entry).get("command")
    if name == "create":
        return _by_uid(CreateTask, _members(CREATE_COMMAND, entry, NOT_AT_CREATION, at), {})
    if name == "change":
        members = _members(CHANGE_COMMAND, entry, NOT_CHANGEABLE, at)
        require_something(members.keys() - {"id", "uid", "if_match", "subtasks", "dependencies", "time_zone"}, at=at)
        return _aimed(ChangeTask, members, at)
    if name == "change-matching":
        return _matching(_members(CHANGE_MATCHING_COMMAND, entry, {}, at), at)
    if name == "undo":
        return UndoCommit(**_members(UNDO_COMMAND, entry, {}, at))
    if isinstance(name, str) and name in _OTHERS:
        command, adapter = _OTHERS[name]
        return _aimed(command, _members(adapter, entry, {}, at), at)
    if isinstance(name, str) and name in _OF_RECORDS:
        return _record_command(name, entry, at)
    raise InvalidRequest.at(f"{at}.command", f"must be one of {', '.join(_KNOWN)}", code="invalid_value")


def _record_command(name: str, entry: object, at: str) -> RecordCommand | ByName:
    command, adapter, not_yours = _OF_RECORDS[name]
    given = cast("dict[str, object]", entry)
    named = {field: given[field] for field in NAMING_LISTS.get(name, ()) if isinstance(given.get(field), str)}
    members = _members(adapter, given | dict.fromkeys(named, INBOX), not_yours, at)
    if name == "change-list":
        require_something(members.keys() - {"id", "if_match"}, at=at)
    elif name == "change-filter":
        require_something(members.keys() - {"name", "if_match"}, at=at)
    elif name == "delete-list":
        if ("move_to" in members) is ("tasks" in members):
            raise InvalidRequest.at(at, "must say either move_to or tasks", code="missing")
        members["delete_tasks"] = members.pop("tasks", None) == "delete"
    made: Any = command(**members)
    if not named:
        return cast("RecordCommand", made)
    return ByName(
        command=made, list=cast("str | None", named.get("id")), move_to=cast("str | None", named.get("move_to"))
    )


def _members(adapter: TypeAdapter[Any], entry: object, not_yours: Mapping[str, str], at: str) -> dict[str, Any]:
    members: dict[str, Any] = validated(adapter, entry, not_yours=not_yours, at=at)
    del members["command"]
    return members


def _aimed(command: type[ChangingCommand], members: dict[str, Any], at: str) -> ChangingCommand | ByName:
    if "uid" not in members:
        if "id" not in members:
            raise InvalidRequest.at(at, "must name its task by id or by uid", code="missing")
        return _by_uid(command, members, {})
    if "id" in members:
        raise InvalidRequest.at(f"{at}.uid", "does not go together with id", code="invalid_value")
    named = {"uid": members.pop("uid")}
    return _by_uid(command, members | {"id": _IGNORED}, named)


def _matching(members: dict[str, Any], at: str) -> ChangeMatching | ByName:
    changes = cast("dict[str, Any]", changes_from(members["changes"], at=f"{at}.changes"))
    named = _named(changes)
    try:
        command = matching_from(
            cast("MatchingBody", members), cast("ChangeTaskBody", changes | dict.fromkeys(named, _IGNORED))
        )
    except InvalidValue as invalid:
        raise InvalidRequest.at(f"{at}.{invalid.field}", invalid.reason, code=invalid.code) from None
    return ByName(command=command, **named) if named else command


def _by_uid(command: type[C], members: dict[str, Any], named: dict[str, Any]) -> C | ByName:
    """Return the command, with the uids and names that stand where a number could."""
    named |= _named(members)
    made = command(**{field: value for field, value in members.items() if field not in named})
    return ByName(command=made, **named) if named else made


def _named(members: dict[str, Any]) -> dict[str, Any]:
    """Return what has a uid, or the name of a list, where a number could be."""
    named = {field: members[field] for field in (*NAMING_TASKS, "list") if isinstance(members.get(field), str)}
    needed = members.get("depends_on")
    if isinstance(needed, list) and any(isinstance(one, str) for one in cast("list[object]", needed)):
        named["depends_on"] = needed
    return named
