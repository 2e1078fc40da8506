"""Take back what a commit did, in another commit."""

from collections import defaultdict
from dataclasses import dataclass, field

from taskharbor.application.errors import CommitNotFound, HistoryForgotten
from taskharbor.application.history.record_undoing import RecordConflict, RecordUndoing, UndoneRecord
from taskharbor.application.history.task_undoing import TaskUndoing, UndoConflict, UndoneTask
from taskharbor.application.ports.task_history import OF_RECORDS, HistoryEntry, TaskHistory
from taskharbor.application.transaction.unit_of_work import UnitOfWork
from taskharbor.domain.identifiers import Revision, TaskId


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoCommit:
    """Take back all that the commit with this revision did, and that nobody has changed since."""

    revision: Revision


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoOutcome:
    """What became of an undo.

    Attributes:
        revision: what its commit took: undo that, and it is done again. None if there was nothing to take back.
        undone: what was taken back, by ascending id of the task.
        conflicts: what was not, by ascending id of the task.
        records: what was taken back of lists and saved filters.
        record_conflicts: what was not.
    """

    revision: Revision | None
    undone: list[UndoneTask]
    conflicts: list[UndoConflict]
    records: list[UndoneRecord] = field(default_factory=list["UndoneRecord"])
    record_conflicts: list[RecordConflict] = field(default_factory=list["RecordConflict"])


async def undo_commit(command: UndoCommit, uow: UnitOfWork, history: TaskHistory) -> UndoOutcome | None:
    """Carry out `command`, commit included. What was made is deleted, what was deleted restored, all else changed back.

    A list that goes is archived first, in a commit of its own, so that nobody can put anything into it meanwhile. The
    answer is None then, and this is to be called again in another unit of work.

    Raises:
        CommitNotFound: if there was no such commit.
        HistoryForgotten: if nobody remembers what it did.
    """
    uow.command = "undo_commit"
    told = await history.list_commit(uow.workspace, command.revision)
    if not told:
        await _require_remembered(command.revision, uow, history)
    entries = [entry for entry in told if entry.task_id != OF_RECORDS]
    await uow.tasks.prefetch([entry.task_id for entry in entries])
    found = [(entry, await uow.tasks.find(entry.task_id)) for entry in entries]
    asked = [entry.task_id for entry, task in found if not entry.previous or (task is not None and task.is_deleted)]
    since: defaultdict[TaskId, list[HistoryEntry]] = defaultdict(list)
    if asked:
        for entry in await history.list_history_since(uow.workspace, asked, after=command.revision):
            since[entry.task_id].append(entry)
    beginning = uow.bookmark()
    records = RecordUndoing(uow)
    await records.put_back([entry for entry in told if entry.task_id == OF_RECORDS])
    undo = TaskUndoing(uow)
    for entry in entries:
        await undo.plan(entry, since[entry.task_id])
    await undo.carry_out()
    closing = await records.to_be_closed()
    if closing:
        uow.return_to(beginning)
        for key in closing:
            await records.close(key)
        await uow.commit()
        return None
    await records.finish()
    revision = await uow.commit()
    return UndoOutcome(
        revision=revision,
        undone=[UndoneTask(task_id, sorted(names)) for task_id, names in sorted(undo.undone.items()) if names],
        conflicts=sorted(undo.conflicts, key=lambda conflict: conflict.task),
        records=records.undone,
        record_conflicts=records.conflicts,
    )


async def _require_remembered(revision: Revision, uow: UnitOfWork, history: TaskHistory) -> None:
    extent = await history.read_extent(uow.workspace)
    if not 1 <= revision <= extent.revision:
        raise CommitNotFound(revision)
    if revision <= max(extent.forgotten_revision, extent.purged_revision):
        raise HistoryForgotten(revision)
