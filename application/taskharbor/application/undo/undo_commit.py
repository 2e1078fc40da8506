"""Undo a commit, in another commit."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from typing import Final, Self, TypeAlias, TypedDict

from taskharbor.application.errors import CommitNotFound, HistoryForgotten
from taskharbor.application.ports.task_history import OF_RECORDS, HistoryEntry
from taskharbor.application.turns import in_turns
from taskharbor.application.undo.undo_records import RecordConflict, RecordUndoing, UndoneRecord
from taskharbor.application.undo.undo_tasks import TaskUndoing, UndoConflict, UndoneTask
from taskharbor.application.unit_of_work.history_entries import changes_between
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import Revision, TaskId

_BY_ITSELF: Final = (
    "must not be a commit that created a list: undo it outside a batch, where the list is archived first, so that "
    "no task is added to it meanwhile"
)


MayTakeBack: TypeAlias = Callable[[str, UnitOfWork], None]
"""Raises `PermissionDenied` if the caller may not undo what a command of this name did."""


@frozen(kw_only=True)
class UndoCommit:
    """Undo the commit with this revision, except where later changes have overwritten it."""

    revision: Revision


@frozen(kw_only=True)
class Undone:
    """What was undone of a commit, and what was not.

    Attributes:
        undone: what was undone, by ascending id of the task.
        conflicts: what was not, by ascending id of the task.
        records: what was undone of lists and saved filters.
        record_conflicts: what was not.
    """

    undone: list[UndoneTask]
    conflicts: list[UndoConflict]
    records: list[UndoneRecord] = field(default_factory=list["UndoneRecord"])
    record_conflicts: list[RecordConflict] = field(default_factory=list["RecordConflict"])


@frozen(kw_only=True)
class UndoOutcome(Undone):
    """What became of an undo.

    Attributes:
        revision: the revision of the undo, which can itself be undone. None if there was nothing to undo.
    """

    revision: Revision | None


async def undo_commit_at_once(command: UndoCommit, uow: UnitOfWork, may_take_back: MayTakeBack) -> Undone:
    """Carry out the whole of `command` as a part of some larger piece of business.

    What was made is deleted, what was deleted restored, all else changed back.
    What this unit of work has done before counts as done since.

    Raises:
        CommitNotFound: if there was no such commit.
        HistoryForgotten: if its history has been purged.
        PermissionDenied: if the caller may not do what it takes back.
        InvalidValue: for `revision`, if a list would be removed to which another call could add a task meanwhile.
    """
    undoing = await _Undoing.of(command, uow, may_take_back)
    if await undoing.records.to_be_closed():
        raise InvalidValue("revision", _BY_ITSELF)
    await undoing.records.finish()
    return Undone(**undoing.recorded)


async def undo_commit(command: UndoCommit, uow: UnitOfWork, may_take_back: MayTakeBack) -> Undone | UndoCommit:
    """Carry out `command` as `undo_commit_at_once` does.

    A list that is removed is archived first, in a commit of its own, so that no task can be added meanwhile. Then
    the command is returned, which goes on in another unit of work.

    Raises:
        CommitNotFound, HistoryForgotten, PermissionDenied: as `undo_commit_at_once` does.
    """
    beginning = uow.bookmark()
    undoing = await _Undoing.of(command, uow, may_take_back)
    closing = await undoing.records.to_be_closed()
    if closing:
        uow.return_to(beginning)
        for key in closing:
            await undoing.records.close(key)
        return command
    await undoing.records.finish()
    return Undone(**undoing.recorded)


class _Recorded(TypedDict):
    undone: list[UndoneTask]
    conflicts: list[UndoConflict]
    records: list[UndoneRecord]
    record_conflicts: list[RecordConflict]


class _Undoing:
    """An undo of a commit, except for the lists that would be removed."""

    def __init__(self, tasks: TaskUndoing, records: RecordUndoing) -> None:
        self._tasks = tasks
        self.records = records

    @classmethod
    async def of(cls, command: UndoCommit, uow: UnitOfWork, may_take_back: MayTakeBack) -> Self:
        """Take it back."""
        recorded = await uow.store.list_commit(uow.workspace, command.revision)
        if not recorded:
            await _require_remembered(command.revision, uow)
        for name in sorted({entry.command for entry in recorded}):
            may_take_back(name, uow)
        entries = [entry for entry in recorded if entry.task_id != OF_RECORDS]
        await uow.tasks.prefetch([entry.task_id for entry in entries])
        since = await _done_since(entries, command.revision, uow)
        records = RecordUndoing(uow)
        await records.put_back([entry for entry in recorded if entry.task_id == OF_RECORDS])
        undo = TaskUndoing(uow)
        async for entry in in_turns(entries):
            await undo.plan(entry, since[entry.task_id])
        await undo.carry_out()
        return cls(undo, records)

    @property
    def recorded(self) -> _Recorded:
        """What is reported of it."""
        undone = sorted(self._tasks.undone.items())
        return {
            "undone": [UndoneTask(task_id, sorted(names)) for task_id, names in undone if names],
            "conflicts": sorted(self._tasks.conflicts, key=lambda conflict: conflict.task),
            "records": self.records.undone,
            "record_conflicts": self.records.conflicts,
        }


async def _done_since(
    entries: Sequence[HistoryEntry], revision: Revision, uow: UnitOfWork
) -> Mapping[TaskId, list[HistoryEntry]]:
    """Return what was done to those tasks of which that matters, the latest first; last by this unit of work."""
    found = [(entry, await uow.tasks.find(entry.task_id)) for entry in entries]
    asked = [entry.task_id for entry, task in found if not entry.previous or (task is not None and task.is_deleted)]
    since: defaultdict[TaskId, list[HistoryEntry]] = defaultdict(list)
    async for task_id in in_turns(asked):
        since[task_id] += _uncommitted(task_id, uow)
    if asked:
        for entry in await uow.store.list_history_since(uow.workspace, asked, after=revision):
            since[entry.task_id].append(entry)
    return since


def _uncommitted(task_id: TaskId, uow: UnitOfWork) -> list[HistoryEntry]:
    before, now = uow.tasks.as_read(task_id), uow.tasks.seen(task_id)
    if before is None or now == before:
        return []
    return [
        HistoryEntry(
            task_id=task_id,
            revision=now.revision,
            previous=before.revision,
            at=uow.now,
            command=uow.command,
            actor=uow.actor,
            changes=changes_between(before, now),
        )
    ]


async def _require_remembered(revision: Revision, uow: UnitOfWork) -> None:
    extent = await uow.store.read_history_bounds(uow.workspace)
    if not 1 <= revision <= extent.revision:
        raise CommitNotFound(revision)
    if revision <= max(extent.forgotten_revision, extent.purged_revision):
        raise HistoryForgotten(revision)
