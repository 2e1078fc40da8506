"""Carry out many commands as one piece of business: one commit, one revision."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias
from uuid import UUID

from taskharbor.application.errors import BatchRefused, ConcurrentUpdate, StoreNotReady, StoreUnavailable
from taskharbor.application.progress.skip_occurrence import SkipOccurrence
from taskharbor.application.progress.task_progress import CancelTask, CompleteTask, ReopenTask, StartTask
from taskharbor.application.structure.move_task import MoveTask
from taskharbor.application.task_view import TaskView
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask, RestoreTask
from taskharbor.application.tasks.task_comments import AddComment, DeleteComment, EditComment
from taskharbor.application.transaction.unit_of_work import UnitOfWork
from taskharbor.domain.errors import InvalidValue, TaskharborError
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.domain.task import Task
from taskharbor.domain.uid import Uid, uid_from

MAX_COMMANDS: Final = 1000

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
Command: TypeAlias = CreateTask | ChangingCommand
Handler: TypeAlias = Callable[[Command, UnitOfWork], Awaitable[Task]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToCreated:
    """A command for the task that an earlier command of the batch creates with this uid. Its own id is ignored."""

    uid: str | UUID
    command: ChangingCommand


@dataclass(frozen=True, slots=True, kw_only=True)
class RunBatch:
    """Carry out 1 to 1,000 commands in order.

    Attributes:
        commands: each sees what the ones before it did.
        atomic: whether one that is refused stops all; else it is left out, and the rest is carried out.
        dry_run: whether to find out only what would happen.

    Raises:
        InvalidValue: for `commands`, if there are none or too many.
    """

    commands: Sequence[Command | ToCreated]
    atomic: bool = True
    dry_run: bool = False

    def __post_init__(self) -> None:
        if not 1 <= len(self.commands) <= MAX_COMMANDS:
            raise InvalidValue("commands", f"must be from 1 to {MAX_COMMANDS}, not {len(self.commands)}")


@dataclass(slots=True, kw_only=True)
class BatchOutcome:
    """What became of a batch.

    Attributes:
        results: for each command the task as the whole batch left it, or why the command was refused.
        revision: what the commit took; None if nothing was changed, or in a dry run.
    """

    results: list[TaskView | TaskharborError]
    revision: Revision | None


async def run_batch(batch: RunBatch, uow: UnitOfWork, handle: Handler) -> BatchOutcome:
    """Carry out `batch`, commit included.

    Raises:
        BatchRefused: if it is atomic and a command is refused; nothing was written.
    """
    await uow.tasks.prefetch(
        {command.id for command in batch.commands if not isinstance(command, CreateTask | ToCreated)}
    )
    created: dict[Uid, TaskId] = {}
    outcomes: list[TaskId | TaskharborError] = []
    for place, entry in enumerate(batch.commands):
        before = uow.bookmark()
        try:
            command = _aimed(entry, created)
            task = await handle(command, uow)
        except (ConcurrentUpdate, StoreNotReady, StoreUnavailable):
            raise  # not a word on this command: nothing can be carried out now
        except TaskharborError as refusal:
            if batch.atomic:
                raise BatchRefused(place, refusal) from refusal
            uow.return_to(before)
            outcomes.append(refusal)
        else:
            if isinstance(command, CreateTask):
                created[task.uid] = task.id
            outcomes.append(task.id)
    revision = None if batch.dry_run else await uow.commit()
    results = [outcome if isinstance(outcome, TaskharborError) else await uow.view(outcome) for outcome in outcomes]
    return BatchOutcome(results=results, revision=revision)


def _aimed(entry: Command | ToCreated, created: dict[Uid, TaskId]) -> Command:
    if not isinstance(entry, ToCreated):
        return entry
    task_id = created.get(uid_from(entry.uid))
    if task_id is None:
        raise InvalidValue("uid", "must be the uid of a task that an earlier command of this batch creates")
    return replace(entry.command, id=task_id)
