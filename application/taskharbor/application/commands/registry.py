"""The one table of all commands, and the one step before each of them.

To add a command, add a line to `_TYPES`, or to `DIRECTORY_COMMANDS` if it changes no task: `UseCases.execute`, batches,
the history and idempotency keys know it then.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from taskharbor.application.batch.run_batch import Outcomes, RunBatch, batch_outcome, run_batch
from taskharbor.application.claims.claim_next import ClaimNext, claim_next
from taskharbor.application.claims.claim_task import (
    ClaimTask,
    ReleaseClaim,
    RenewClaim,
    claim_task,
    release_claim,
    renew_claim,
)
from taskharbor.application.commands.command_type import CommandType
from taskharbor.application.commands.directory_commands import DIRECTORY_COMMANDS
from taskharbor.application.commands.results import (
    actor_undo_outcome,
    added_comment,
    edited_comment,
    fired_reminder,
    matching_outcome,
    saved_filter,
    task_list,
    undo_outcome,
)
from taskharbor.application.interchange.import_command import ImportTasks
from taskharbor.application.lists.delete_list import DeleteList, delete_list, delete_list_at_once
from taskharbor.application.lists.manage_lists import ChangeList, CreateList, change_list, create_list
from taskharbor.application.principal import Principal
from taskharbor.application.progress.change_progress import (
    CancelTask,
    CompleteTask,
    ReopenTask,
    StartTask,
    cancel_task,
    complete_task,
    reopen_task,
    start_task,
)
from taskharbor.application.progress.skip_occurrence import SkipOccurrence, skip_occurrence
from taskharbor.application.quick_add.quick_add import QuickAdd, quick_add, quick_added
from taskharbor.application.relations.move_task import MoveTask, move_task
from taskharbor.application.reminders.fire_reminder import FireReminder, fire_reminder
from taskharbor.application.reminders.manage_alerts import (
    DismissReminder,
    SnoozeReminder,
    dismiss_reminder,
    snooze_reminder,
)
from taskharbor.application.saved_filters.manage_saved_filters import (
    ChangeSavedFilter,
    DeleteSavedFilter,
    SaveFilter,
    change_saved_filter,
    delete_saved_filter,
    save_filter,
)
from taskharbor.application.search.change_matching import ChangeMatching, change_matching
from taskharbor.application.tasks.change_task import ChangeTask, change_task
from taskharbor.application.tasks.comments import (
    AddComment,
    DeleteComment,
    EditComment,
    add_comment,
    delete_comment,
    edit_comment,
)
from taskharbor.application.tasks.create_task import CreateTask, create_task
from taskharbor.application.tasks.delete_task import DeleteTask, RestoreTask, delete_task, restore_task
from taskharbor.application.undo.undo_actor import ActorUndone, UndoActor, undo_actor
from taskharbor.application.undo.undo_commit import UndoCommit, Undone, undo_commit, undo_commit_at_once
from taskharbor.application.undo.undo_import import UndoImport
from taskharbor.application.unit_of_work.history_entries import SEVERAL_COMMANDS
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.access.permission import Permission
from taskharbor.domain.identifiers import SERVICE_WORKSPACE, TaskId
from taskharbor.domain.unset import UNSET


def authorize(command: object, principal: Principal) -> CommandType:
    """Make sure that a caller may have this command carried out.

    Raises:
        PermissionDenied: if it may not.
        WorkspaceArchived: if it would change an archived workspace.
    """
    kind = COMMANDS[type(command)]
    principal.require(kind.needs)
    return kind


def begin(command: object, uow: UnitOfWork) -> CommandType:
    """Let a unit of work carry out this command from now on. Nothing is carried out before it has gone through here.

    The history records the command's name for all writes until the next one begins.

    Raises:
        PermissionDenied, WorkspaceArchived: as `authorize` does.
    """
    kind = authorize(command, uow.principal)
    uow.command = kind.name
    return kind


async def carry_out(command: Any, uow: UnitOfWork) -> Any:  # noqa: ANN401  # what the handler returns
    """Carry out a command as a part of some larger piece of business, which commits.

    Raises:
        TypeError: if it cannot be a part of one.
        ClaimEnded: if it names the fence of a claim that does not hold.
    """
    kind = begin(command, uow)
    handler = kind.in_batch or kind.handler
    if kind.wire is None or handler is None:
        raise TypeError(f"{kind.name} cannot be a part of a batch")
    if getattr(command, "fence", UNSET) is not UNSET:
        await _require_claim(command, uow)
    changed = await handler(command, uow)
    await uow.tasks.settle()
    return changed


async def carry_out_alone(command: Any, uow: UnitOfWork) -> Any:  # noqa: ANN401  # what its result is
    """Carry out a command, commit included; return its answer, or the command with which to go on.

    Raises:
        TypeError: if it takes a stream.
        ClaimEnded: if it names the fence of a claim that does not hold.
    """
    kind = begin(command, uow)
    if kind.handler is None:
        raise TypeError(f"{kind.name} takes more than a command")
    if kind.in_directory != (uow.workspace == SERVICE_WORKSPACE):
        raise TypeError(f"{kind.name} is carried out {'in the directory' if kind.in_directory else 'in a workspace'}")
    if getattr(command, "fence", UNSET) is not UNSET:
        await _require_claim(command, uow)
    changed = await kind.handler(command, uow)
    is_dry_run = getattr(command, "dry_run", False)
    revision = None if is_dry_run else await uow.commit()
    if kind.in_directory:
        return changed
    if kind.result is None:
        return await uow.view(changed.id)
    return changed if isinstance(changed, kind.command) else await kind.result(command, changed, uow, revision)


async def _require_claim(command: Any, uow: UnitOfWork) -> None:  # noqa: ANN401  # any command
    uow.claims.require(await uow.tasks.get(command.id), command.fence)


async def _change_matching(command: ChangeMatching, uow: UnitOfWork) -> list[TaskId]:
    return await change_matching(command, uow, carry_out)


async def _run_batch(batch: RunBatch, uow: UnitOfWork) -> Outcomes:
    return await run_batch(batch, uow, carry_out)


def _may_take_back(name: str, uow: UnitOfWork) -> None:
    """Make sure that the caller may undo what a command of this name did: that takes what the command takes."""
    uow.principal.require(_NEEDS.get(name, Permission.MANAGE))


async def _undo_commit(command: UndoCommit, uow: UnitOfWork) -> Undone | UndoCommit:
    return await undo_commit(command, uow, _may_take_back)


async def _undo_commit_at_once(command: UndoCommit, uow: UnitOfWork) -> Undone:
    return await undo_commit_at_once(command, uow, _may_take_back)


async def _undo_actor(command: UndoActor, uow: UnitOfWork) -> ActorUndone:
    return await undo_actor(command, uow, _may_take_back)


WRITE: Final = Permission.WRITE

_TYPES: Final = (
    CommandType(CreateTask, "create_task", WRITE, create_task, None, "create"),
    CommandType(QuickAdd, "quick_add", WRITE, quick_add, quick_added),
    CommandType(ChangeTask, "change_task", WRITE, change_task, None, "change"),
    CommandType(ChangeMatching, "change_matching", WRITE, _change_matching, matching_outcome, "change-matching"),
    CommandType(UndoCommit, "undo_commit", WRITE, _undo_commit, undo_outcome, "undo", in_batch=_undo_commit_at_once),
    CommandType(UndoActor, "undo_actor", WRITE, _undo_actor, actor_undo_outcome),
    CommandType(CompleteTask, "complete_task", WRITE, complete_task, None, "complete"),
    CommandType(SkipOccurrence, "skip_occurrence", WRITE, skip_occurrence, None, "skip"),
    CommandType(ReopenTask, "reopen_task", WRITE, reopen_task, None, "reopen"),
    CommandType(StartTask, "start_task", WRITE, start_task, None, "start"),
    CommandType(CancelTask, "cancel_task", WRITE, cancel_task, None, "cancel"),
    CommandType(DeleteTask, "delete_task", WRITE, delete_task, None, "delete"),
    CommandType(RestoreTask, "restore_task", WRITE, restore_task, None, "restore"),
    CommandType(MoveTask, "move_task", WRITE, move_task, None, "move"),
    CommandType(FireReminder, "fire_reminder", WRITE, fire_reminder, fired_reminder),
    CommandType(SnoozeReminder, "snooze_reminder", WRITE, snooze_reminder, None, "snooze"),
    CommandType(DismissReminder, "dismiss_reminder", WRITE, dismiss_reminder, None, "dismiss"),
    CommandType(ClaimTask, "claim_task", WRITE, claim_task, None, "claim"),
    CommandType(RenewClaim, "renew_claim", WRITE, renew_claim, None, "renew-claim"),
    CommandType(ReleaseClaim, "release_claim", WRITE, release_claim, None, "release-claim"),
    CommandType(ClaimNext, "claim_next", WRITE, claim_next),
    CommandType(AddComment, "add_comment", WRITE, add_comment, added_comment, "comment"),
    CommandType(EditComment, "edit_comment", WRITE, edit_comment, edited_comment, "edit-comment"),
    CommandType(DeleteComment, "delete_comment", WRITE, delete_comment, None, "delete-comment"),
    CommandType(CreateList, "create_list", WRITE, create_list, task_list, "create-list"),
    CommandType(ChangeList, "change_list", WRITE, change_list, task_list, "change-list"),
    CommandType(DeleteList, "delete_list", WRITE, delete_list, task_list, "delete-list", in_batch=delete_list_at_once),
    CommandType(SaveFilter, "save_filter", WRITE, save_filter, saved_filter, "save-filter"),
    CommandType(ChangeSavedFilter, "change_saved_filter", WRITE, change_saved_filter, saved_filter, "change-filter"),
    CommandType(DeleteSavedFilter, "delete_saved_filter", WRITE, delete_saved_filter, saved_filter, "delete-filter"),
    CommandType(RunBatch, SEVERAL_COMMANDS, WRITE, _run_batch, batch_outcome),
    CommandType(ImportTasks, "import_tasks", WRITE),
    CommandType(UndoImport, "undo_import", WRITE),
    *DIRECTORY_COMMANDS,
)

COMMANDS: Final[Mapping[type[Any], CommandType]] = MappingProxyType({kind.command: kind for kind in _TYPES})
"""Every command by its class, in the order in which callers see them."""

_NEEDS: Final[Mapping[str, Permission]] = {kind.name: kind.needs for kind in _TYPES}
