"""Carry out many commands as one piece of business: one commit, one revision."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from taskharbor.application.batch.commands import ChangingCommand, Command, RecordCommand
from taskharbor.application.batch.references import ByName, command_of, named_ids, named_uids, with_ids
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.errors import (
    BatchRefused,
    ConcurrentUpdate,
    QueryTooExpensive,
    StoreNotReady,
    StoreUnavailable,
)
from taskharbor.application.lists.list_names import ListNames
from taskharbor.application.lists.list_records import find_list
from taskharbor.application.saved_filters.manage_saved_filters import find_saved_filter
from taskharbor.application.saved_filters.saved_filter import SavedFilter
from taskharbor.application.search.change_matching import ChangeMatching, MatchedTasks
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.turns import in_turns
from taskharbor.application.undo.undo_commit import UndoCommit, Undone
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.errors import InvalidValue, TaskharborError
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.domain.lists.task_list import TaskList
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.uid import Uid

__all__ = [
    "MAX_COMMANDS",
    "BatchOutcome",
    "BatchResult",
    "ByName",
    "ChangingCommand",
    "Command",
    "Handler",
    "Outcomes",
    "RecordCommand",
    "RunBatch",
    "batch_outcome",
    "run_batch",
]

MAX_COMMANDS: Final = 1000

MAX_AFFECTED_TOGETHER: Final = 10_000
"""To how many the `max_affected` of all bulk changes of a batch add up at most."""

MAX_SECONDS_OF_MANY: Final = 5.0
"""How long the bulk changes and undos of a batch may take together to find and change their tasks; each search has a
limit of its own."""

MAX_UNDOS: Final = 10
"""How many commits one batch undoes at most: each can have changed a thousand tasks, and more."""

_OF_MANY: Final = (ChangeMatching, UndoCommit)

Changed: TypeAlias = Task | TaskList | SavedFilter | list[TaskId] | Undone
Outcomes: TypeAlias = list[Changed | TaskharborError]
Handler: TypeAlias = Callable[[Command, UnitOfWork], Awaitable[Changed]]
BatchResult: TypeAlias = TaskView | MatchedTasks | Undone | TaskList | SavedFilter | TaskharborError
"""What became of a command: of a command on a task the task, of a bulk change those that matched, of an undo what
was undone, of one on a list or a saved filter that, or an error."""


@frozen(kw_only=True)
class RunBatch:
    """Carry out 1 to 1,000 commands in order.

    Attributes:
        commands: each sees what the ones before it did.
        atomic: whether one that is refused stops all; else it is left out, and the rest is carried out.
        dry_run: whether to find out only what would happen.

    Raises:
        InvalidValue: for `commands`, if there are none or too many of them or too many undos, or if bulk changes may
            change too many tasks together; for the `dry_run` of a command that has one of its own.
    """

    commands: Sequence[Command | ByName]
    atomic: bool = True
    dry_run: bool = False

    def __post_init__(self) -> None:
        if not 1 <= len(self.commands) <= MAX_COMMANDS:
            raise InvalidValue("commands", f"must be from 1 to {MAX_COMMANDS}, not {len(self.commands)}")
        together = undos = 0
        for place, entry in enumerate(self.commands):
            command = command_of(entry)
            if isinstance(command, ChangeMatching):
                together += command.max_affected
                if command.dry_run:
                    raise InvalidValue(f"commands[{place}].dry_run", "must be set on the whole batch")
            elif isinstance(command, UndoCommit):
                undos += 1
        if together > MAX_AFFECTED_TOGETHER:
            reason = f"must add up to at most {MAX_AFFECTED_TOGETHER} in their max_affected, not {together}"
            raise InvalidValue("commands", reason)
        if undos > MAX_UNDOS:
            raise InvalidValue("commands", f"must undo at most {MAX_UNDOS} commits, not {undos}")


@dataclass(slots=True, kw_only=True)
class BatchOutcome:
    """What became of a batch.

    Attributes:
        results: for each command the task, list or saved filter as the whole batch left it, or why the command was
            refused. Of a list or filter that was deleted, what it was, with the revision of its deletion; of a bulk
            change all tasks that matched when it was its turn, as the whole batch left them.
        revision: what the commit took; None if nothing was changed, or in a dry run.
    """

    results: list[BatchResult]
    revision: Revision | None


async def run_batch(batch: RunBatch, uow: UnitOfWork, handle: Handler) -> Outcomes:
    """Carry out `batch`, but for its commit; return what became of each command, which `batch_outcome` returns then.

    Raises:
        BatchRefused: if it is atomic and a command is refused; nothing was written.
        QueryTooExpensive: if its bulk changes and undos together take longer than `MAX_SECONDS_OF_MANY`.
    """
    known = await _known_uids(batch, uow)
    await uow.tasks.prefetch({*named_ids(batch.commands), *known.values()})
    lists = ListNames(uow.records)
    outcomes: Outcomes = []
    taken = 0.0
    async for place, entry in in_turns(enumerate(batch.commands)):
        before = None if batch.atomic else uow.bookmark()
        try:
            command = await with_ids(entry, known, lists) if isinstance(entry, ByName) else entry
            if isinstance(command, _OF_MANY):
                began = asyncio.get_running_loop().time()
                changed = await handle(command, uow)
                taken += asyncio.get_running_loop().time() - began
                if taken > MAX_SECONDS_OF_MANY:
                    raise QueryTooExpensive(MAX_SECONDS_OF_MANY)
            else:
                changed = await handle(command, uow)
        except (ConcurrentUpdate, StoreNotReady, StoreUnavailable):
            raise  # not a word on this command: nothing can be carried out now
        except TaskharborError as refusal:
            if before is None:
                raise BatchRefused(place, refusal) from refusal
            uow.return_to(before)
            outcomes.append(refusal)
        else:
            if isinstance(command, CreateTask) and isinstance(changed, Task):
                known[changed.uid] = changed.id
            outcomes.append(changed)
    return outcomes


async def batch_outcome(
    _batch: RunBatch, outcomes: Outcomes, uow: UnitOfWork, revision: Revision | None
) -> BatchOutcome:
    """Return the outcome of a batch that was committed, or not, in a dry run."""
    return BatchOutcome(
        results=[
            await (uow.view(outcome.id) if isinstance(outcome, Task) else _left(outcome, uow, revision))
            async for outcome in in_turns(outcomes)
        ],
        revision=revision,
    )


async def _known_uids(batch: RunBatch, uow: UnitOfWork) -> dict[Uid, TaskId]:
    """Return the tasks that are there already of those that the batch names by uid, or would make."""
    uids = named_uids(batch.commands)
    found = await uow.tasks.find_uids(uids)
    uow.retry_memory.expect_free(uids - found.keys())
    return found


async def _left(
    outcome: TaskList | SavedFilter | list[TaskId] | Undone | TaskharborError,
    uow: UnitOfWork,
    revision: Revision | None,
) -> BatchResult:
    match outcome:
        case list():
            return MatchedTasks(tasks=[await uow.view(task_id) async for task_id in in_turns(outcome)])
        case TaskList():
            left = await find_list(outcome.id, uow)
            return left or (outcome if revision is None else outcome.committed(revision))
        case SavedFilter():
            kept = await find_saved_filter(outcome.name, uow)
            return kept or (outcome if revision is None else replace(outcome, revision=revision))
        case _:
            return outcome
