"""The commands that a batch can hold, and how they name tasks by uid."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias
from uuid import UUID

from taskharbor.application.lists.change_list import ChangeList, CreateList
from taskharbor.application.lists.delete_list import DeleteList
from taskharbor.application.progress.skip_occurrence import SkipOccurrence
from taskharbor.application.progress.task_progress import CancelTask, CompleteTask, ReopenTask, StartTask
from taskharbor.application.search.change_matching import ChangeMatching
from taskharbor.application.search.saved_filters import ChangeSavedFilter, DeleteSavedFilter, SaveFilter
from taskharbor.application.structure.move_task import MoveTask
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask, RestoreTask
from taskharbor.application.tasks.task_comments import AddComment, DeleteComment, EditComment
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import TaskId
from taskharbor.domain.uid import Uid, uid_from

ChangingCommand: TypeAlias = (
    ChangeTask
    | CompleteTask
    | SkipOccurrence
    | ReopenTask
    | StartTask
    | CancelTask
    | DeleteTask
    | RestoreTask
    | MoveTask
    | AddComment
    | EditComment
    | DeleteComment
)
"""What changes a task that is there."""

TaskCommand: TypeAlias = CreateTask | ChangingCommand
RecordCommand: TypeAlias = CreateList | ChangeList | DeleteList | SaveFilter | ChangeSavedFilter | DeleteSavedFilter
"""What changes a list or a saved filter."""

Command: TypeAlias = TaskCommand | ChangeMatching | RecordCommand

_ALONE: Final = ("parent", "before", "after")
_UNKNOWN: Final = "must be the uid of a task of this workspace, or of one that an earlier command of this batch creates"


@dataclass(frozen=True, slots=True, kw_only=True)
class ByUid:
    """A command that names tasks by uid: those that an earlier command of the batch creates, or that are there.

    Attributes:
        command: the command. What is named here takes the place of what it has itself, or a `ChangeMatching` in its
            changes.
        uid: the task that is changed, in place of `command.id`.
        parent: in place of `command.parent`.
        depends_on: in place of `command.depends_on`; uids, and ids of others among them.
        before: in place of `command.before`.
        after: in place of `command.after`.

    Raises:
        InvalidValue: if the command has no such place.
    """

    command: TaskCommand | ChangeMatching
    uid: str | UUID | None = None
    parent: str | UUID | None = None
    depends_on: Sequence[TaskId | str | UUID] | None = None
    before: str | UUID | None = None
    after: str | UUID | None = None

    def __post_init__(self) -> None:
        if self.uid is not None and isinstance(self.command, CreateTask):
            raise InvalidValue("uid", "must be in the command itself: it is what a new task is given")
        if self.uid is not None and isinstance(self.command, ChangeMatching):
            raise InvalidValue("uid", "must be in the filter: it says which tasks are meant")
        has = self.command.changes if isinstance(self.command, ChangeMatching) else self.command
        for field in (*_ALONE, "depends_on"):
            if getattr(self, field) is not None and not hasattr(has, field):
                raise InvalidValue(field, "is no part of this command")


def named_ids(entries: Iterable[Command | ByUid]) -> set[TaskId]:
    """Return the tasks that commands change, as far as they name them by id."""
    commands = [
        entry.command if isinstance(entry, ByUid) else entry
        for entry in entries
        if not isinstance(entry, ByUid) or entry.uid is None
    ]
    return {command.id for command in commands if isinstance(command, ChangingCommand)}


def named_uids(entries: Iterable[Command | ByUid]) -> set[Uid]:
    """Return all uids that commands name, or give to new tasks. What is none is found later, at its place."""
    found: set[Uid] = set()
    for entry in entries:
        for value in _uids_of(entry):
            try:
                found.add(uid_from(value))
            except InvalidValue:
                continue
    return found


def _uids_of(entry: Command | ByUid) -> Iterator[str | UUID]:
    command = entry
    if isinstance(entry, ByUid):
        command = entry.command
        values = (entry.uid, entry.parent, entry.before, entry.after, *(entry.depends_on or ()))
        yield from (value for value in values if isinstance(value, str | UUID))
    if isinstance(command, CreateTask) and command.uid is not None:
        yield command.uid


def with_ids(entry: Command | ByUid, known: Mapping[Uid, TaskId]) -> Command:
    """Return the command with the ids of the tasks that it names by uid.

    Raises:
        InvalidValue: for the place where a uid stands that is not known.
    """
    if not isinstance(entry, ByUid):
        return entry
    named: dict[str, Any] = {}
    within = "changes." if isinstance(entry.command, ChangeMatching) else ""
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
    if isinstance(entry.command, ChangeMatching):
        return replace(entry.command, changes=replace(entry.command.changes, **named))
    return replace(entry.command, **named)


def _id_of(field: str, value: str | UUID, known: Mapping[Uid, TaskId]) -> TaskId:
    try:
        found = known.get(uid_from(value))
    except InvalidValue as invalid:
        raise InvalidValue(field, invalid.reason) from None
    if found is None:
        raise InvalidValue(field, _UNKNOWN)
    return found
