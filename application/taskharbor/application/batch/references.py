"""How the commands of a batch name tasks by uid and lists by name, also those that earlier ones have made."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, TypeAlias, cast, get_args
from uuid import UUID

from taskharbor.application.batch.commands import ChangingCommand, Command, TaskCommand
from taskharbor.application.lists.delete_list import DeleteList
from taskharbor.application.lists.list_names import ListNames
from taskharbor.application.lists.manage_lists import ChangeList
from taskharbor.application.search.change_matching import ChangeMatching
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import TaskId
from taskharbor.domain.values.uid import Uid, uid_from

_ALONE: Final = ("parent", "before", "after")
_ANYWHERE: Final = (*_ALONE, "depends_on", "list", "move_to")
_UNKNOWN: Final = "must be the uid of a task of this workspace, or of one that an earlier command of this batch creates"

_CHANGING: Final = frozenset(get_args(ChangingCommand))
"""A union would be gone through for each command."""

_ListCommand: TypeAlias = ChangeList | DeleteList


@frozen(kw_only=True)
class ByName:
    """A command that names tasks by uid and lists by name: what an earlier command of the batch made, or was there.

    Attributes:
        command: the command. What is named here takes the place of what it has itself, or a `ChangeMatching` in its
            changes.
        uid: the task that is changed, in place of `command.id`.
        parent: in place of `command.parent`.
        depends_on: in place of `command.depends_on`; uids, and ids of others among them.
        before: in place of `command.before`.
        after: in place of `command.after`.
        list: the name of the list in place of `command.list`; of a command on a list in place of its `id`. Case does
            not matter. Just one list must have this name when it is the command's turn.
        move_to: the same in place of `command.move_to`.

    Raises:
        InvalidValue: if the command has no such place.
    """

    command: TaskCommand | ChangeMatching | ChangeList | DeleteList
    uid: str | UUID | None = None
    parent: str | UUID | None = None
    depends_on: Sequence[TaskId | str | UUID] | None = None
    before: str | UUID | None = None
    after: str | UUID | None = None
    list: str | None = None
    move_to: str | None = None

    def __post_init__(self) -> None:
        if self.uid is not None and isinstance(self.command, CreateTask):
            raise InvalidValue("uid", "must be in the command itself, as the uid of the new task")
        if self.uid is not None and isinstance(self.command, ChangeMatching):
            raise InvalidValue("uid", "must be in the filter, which selects the tasks")
        if self.uid is not None and isinstance(self.command, _ListCommand):
            raise InvalidValue("uid", "is not a parameter of this command")
        has = self.command.changes if isinstance(self.command, ChangeMatching) else self.command
        for field in _ANYWHERE:
            if getattr(self, field) is None or (field == "list" and isinstance(self.command, _ListCommand)):
                continue
            if not hasattr(has, field):
                raise InvalidValue(field, "is not a parameter of this command")


def command_of(entry: Command | ByName) -> Command:
    """Return the command itself."""
    return entry.command if isinstance(entry, ByName) else entry


def named_ids(entries: Iterable[Command | ByName]) -> set[TaskId]:
    """Return the tasks that commands change, as far as they name them by id."""
    commands = [command_of(entry) for entry in entries if not isinstance(entry, ByName) or entry.uid is None]
    return {cast("ChangingCommand", command).id for command in commands if type(command) in _CHANGING}


def named_uids(entries: Iterable[Command | ByName]) -> set[Uid]:
    """Return all uids that commands name, or give to new tasks. What is none is found later, at its place."""
    found: set[Uid] = set()
    for value in _named(entries):
        try:
            found.add(uid_from(value))
        except InvalidValue:
            continue
    return found


def _named(entries: Iterable[Command | ByName]) -> Iterator[str | UUID]:
    for entry in entries:
        command = entry
        if isinstance(entry, ByName):
            command = entry.command
            values = (entry.uid, entry.parent, entry.before, entry.after, *(entry.depends_on or ()))
            yield from [value for value in values if isinstance(value, (str, UUID))]
        if isinstance(command, CreateTask) and command.uid is not None:
            yield command.uid


async def with_ids(entry: ByName, tasks: Mapping[Uid, TaskId], lists: ListNames) -> Command:
    """Return the command with the ids of the tasks and lists that it names.

    Raises:
        InvalidValue: for the place where a uid stands that is not known, or a name that not just one list has.
    """
    command = entry.command
    within = "changes." if isinstance(command, ChangeMatching) else ""
    named = _tasks_named(entry, tasks, within)
    if entry.list is not None:
        field = "id" if isinstance(command, _ListCommand) else "list"
        named[field] = await lists.id_of(f"{within}{field}", entry.list)
    if entry.move_to is not None:
        named["move_to"] = await lists.id_of("move_to", entry.move_to)
    if isinstance(command, ChangeMatching):
        return replace(command, changes=replace(command.changes, **named))
    return replace(command, **named)


def _tasks_named(entry: ByName, known: Mapping[Uid, TaskId], within: str) -> dict[str, Any]:
    named: dict[str, Any] = {}
    if entry.uid is not None:
        named["id"] = _id_of("uid", entry.uid, known)
    for field in _ALONE:
        value = getattr(entry, field)
        if value is not None:
            named[field] = _id_of(f"{within}{field}", value, known)
    if entry.depends_on is not None:
        named["depends_on"] = [
            _id_of(f"{within}depends_on[{place}]", value, known) if isinstance(value, str | UUID) else value
            for place, value in enumerate(entry.depends_on)
        ]
    return named


def _id_of(field: str, value: str | UUID, known: Mapping[Uid, TaskId]) -> TaskId:
    try:
        found = known.get(uid_from(value))
    except InvalidValue as invalid:
        raise InvalidValue(field, invalid.reason) from None
    if found is None:
        raise InvalidValue(field, _UNKNOWN)
    return found
