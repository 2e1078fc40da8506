"""Undo an import."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

from taskharbor.application.errors import ImportNotFound
from taskharbor.application.interchange.import_record import commits_of
from taskharbor.application.ports.record_store import RecordStore
from taskharbor.application.undo.undo_commit import UndoCommit, UndoOutcome
from taskharbor.application.undo.undo_records import RecordConflict
from taskharbor.application.undo.undo_tasks import UndoConflict
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import Revision, WorkspaceId
from taskharbor.domain.values.uid import Uid

MAX_LISTED: Final = 1_000
"""How many conflicts are named at most; all are counted."""


@frozen(kw_only=True)
class UndoImport:
    """Undo all commits of the import with this id, except what has been changed since."""

    id: Uid


@dataclass(slots=True, kw_only=True)
class ImportUndone:
    """What became of it.

    Attributes:
        revisions: what its commits took, in order: undo them, the last one first, and it is done again.
        tasks: the number of tasks of which something was undone.
        records: the number of such lists.
        conflicting: how many conflicts there are.
        conflicts: what could not be undone of tasks; the first of them.
        record_conflicts: what could not be undone of lists; the first of them.
    """

    revisions: list[Revision] = field(default_factory=list[Revision])
    tasks: int = 0
    records: int = 0
    conflicting: int = 0
    conflicts: list[UndoConflict] = field(default_factory=list[UndoConflict])
    record_conflicts: list[RecordConflict] = field(default_factory=list[RecordConflict])


async def undo_import(
    command: UndoImport,
    store: RecordStore,
    workspace: WorkspaceId,
    undo: Callable[[UndoCommit], Awaitable[UndoOutcome]],
) -> ImportUndone:
    """Carry out `command`, the latest commit first, each in a commit. If it breaks off, repeating it goes on.

    Raises:
        ImportNotFound: if there was no such import, it has written nothing, or was too long ago.
        HistoryForgotten: if its history has been purged.
    """
    revisions = await commits_of(command.id, store, workspace)
    if not revisions:
        raise ImportNotFound(command.id)
    undone = ImportUndone()
    tasks: set[int] = set()
    for revision in revisions:
        outcome = await undo(UndoCommit(revision=revision))
        if outcome.revision is not None:
            undone.revisions.append(outcome.revision)
        tasks.update(each.task for each in outcome.undone)
        undone.records += len(outcome.records)
        undone.conflicting += len(outcome.conflicts) + len(outcome.record_conflicts)
        undone.conflicts += outcome.conflicts[: MAX_LISTED - len(undone.conflicts)]
        undone.record_conflicts += outcome.record_conflicts[: MAX_LISTED - len(undone.record_conflicts)]
    undone.tasks = len(tasks)
    return undone
