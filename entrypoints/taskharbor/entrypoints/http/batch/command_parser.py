"""From the body of a batch to its commands."""

from typing import Any, Final, TypeVar, cast, get_args

from taskharbor.application.batch.commands import TaskCommand
from taskharbor.application.batch.run_batch import ByName, ChangingCommand, Command, RecordCommand, RunBatch
from taskharbor.application.commands.registry import COMMANDS
from taskharbor.application.lists.delete_list import DeleteList
from taskharbor.application.search.change_matching import ChangeMatching
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.turns import in_turns
from taskharbor.application.undo.undo_commit import UndoCommit
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import INBOX
from taskharbor.entrypoints.http.batch.bodies import BATCH, BODIES, NAMING_LISTS, NAMING_TASKS
from taskharbor.entrypoints.http.requests.errors import ErrorDetail, InvalidRequest
from taskharbor.entrypoints.http.requests.validation import require_something, validated
from taskharbor.entrypoints.http.responses.problems import MAX_PLACES
from taskharbor.entrypoints.http.schemas.bodies import ChangeTaskBody
from taskharbor.entrypoints.http.search.bodies import MatchingBody, changes_from, matching_from

_COMMANDS: Final = {kind.wire: kind.command for kind in COMMANDS.values() if kind.wire is not None}
_RECORD_COMMANDS: Final = frozenset(get_args(RecordCommand))
_CAN_NAME: Final = frozenset({*NAMING_TASKS, "list", "depends_on"})
_IGNORED: Final = 0

C = TypeVar("C", bound=TaskCommand)


async def batch_from(body: object) -> RunBatch:
    """Return the batch that `body` describes.

    Raises:
        InvalidRequest: with what is wrong, up to `MAX_PLACES`, each at its place such as `body.commands[17].title`.
    """
    found = validated(BATCH, body, not_yours={})
    commands: list[Command | ByName] = []
    places: list[ErrorDetail] = []
    async for number, entry in in_turns(enumerate(found["commands"])):
        try:
            commands.append(_command_from(entry, f"body.commands[{number}]"))
        except InvalidRequest as refused:
            places += refused.places
            if len(places) >= MAX_PLACES:
                break
    if places:
        raise InvalidRequest(places)
    return RunBatch(commands=commands, atomic=found.get("atomic", True), dry_run=found.get("dry_run", False))


def _command_from(entry: object, at: str) -> Command | ByName:
    if not isinstance(entry, dict):
        raise InvalidRequest.at(at, "must be a JSON object", code="wrong_type")
    given = cast("dict[str, object]", entry)
    name = given.get("command")
    command = _COMMANDS.get(name) if isinstance(name, str) else None
    if command is None:
        raise InvalidRequest.at(f"{at}.command", f"must be one of {', '.join(_COMMANDS)}", code="invalid_value")
    if command in _RECORD_COMMANDS:
        return _record_command(command, given, at)
    members = _members(command, given, at)
    if command is CreateTask:
        return _by_uid(CreateTask, members, {})
    if command is ChangeMatching:
        return _matching(members, at)
    if command is UndoCommit:
        return UndoCommit(**members)
    return _aimed(command, members, at)


def _record_command(command: type[Any], given: dict[str, object], at: str) -> RecordCommand | ByName:
    named = {field: given[field] for field in NAMING_LISTS.get(command, ()) if isinstance(given.get(field), str)}
    members = _members(command, given | dict.fromkeys(named, INBOX), at)
    if command is DeleteList:
        if ("move_to" in members) is ("tasks" in members):
            raise InvalidRequest.at(at, "must say either move_to or tasks", code="missing")
        members["delete_tasks"] = members.pop("tasks", None) == "delete"
    made: Any = command(**members)
    if not named:
        return cast("RecordCommand", made)
    return ByName(
        command=made, list=cast("str | None", named.get("id")), move_to=cast("str | None", named.get("move_to"))
    )


def _members(command: type[Any], given: dict[str, object], at: str) -> dict[str, Any]:
    body = BODIES[command]
    members: dict[str, Any] = validated(body.adapter, given, not_yours=body.not_yours, at=at)
    del members["command"]
    if body.aim is not None:
        require_something(members.keys() - body.aim, at=at)
    return members


def _aimed(command: type[ChangingCommand], members: dict[str, Any], at: str) -> ChangingCommand | ByName:
    if "uid" not in members:
        if "id" not in members:
            raise InvalidRequest.at(at, "must name its task by id or by uid", code="missing")
        return _by_uid(command, members, {})
    if "id" in members:
        raise InvalidRequest.at(f"{at}.uid", "cannot be combined with id", code="invalid_value")
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
    if not _CAN_NAME.isdisjoint(members):
        named |= _named(members)
    if not named:
        return command(**members)
    made = command(**{field: value for field, value in members.items() if field not in named})
    return ByName(command=made, **named)


def _named(members: dict[str, Any]) -> dict[str, Any]:
    """Return what has a uid, or the name of a list, where a number could be."""
    named = {field: members[field] for field in (*NAMING_TASKS, "list") if isinstance(members.get(field), str)}
    needed = members.get("depends_on")
    if isinstance(needed, list) and any(isinstance(one, str) for one in cast("list[object]", needed)):
        named["depends_on"] = needed
    return named
