"""Move a task along: complete, reopen, start, cancel. Each is idempotent."""

from dataclasses import dataclass

from taskharbor.application.task_completion import OpenDependenciesRule, OpenSubtasksRule, require_completable
from taskharbor.application.unit_of_work import UnitOfWork
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.domain.task import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteTask:
    """Mark a task as done. `subtasks` and `dependencies` say what to do about those that are open."""

    id: TaskId
    if_match: Revision | None = None
    subtasks: OpenSubtasksRule = "refuse"
    dependencies: OpenDependenciesRule = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenTask:
    """Make a completed or cancelled task need action again."""

    id: TaskId
    if_match: Revision | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StartTask:
    """Mark a task as being worked on."""

    id: TaskId
    if_match: Revision | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelTask:
    """Mark a task as not to be done after all."""

    id: TaskId
    if_match: Revision | None = None


async def complete_task(command: CompleteTask, uow: UnitOfWork) -> Task:
    """Carry out `command`.

    Raises:
        TaskNotFound: if there is no such live task.
        PreconditionFailed: if `if_match` is not its revision.
        OpenSubtasks: if it has any, and they were not spoken of.
        OpenDependencies: if it depends on open tasks, and they were not spoken of.
        TooManySubtasks: if more of them would be completed along than one command takes.
    """
    before = await uow.tasks.get(command.id, if_match=command.if_match)
    task = uow.tasks.save(before.complete(at=uow.now))
    await require_completable(before, task, uow, subtasks=command.subtasks, dependencies=command.dependencies)
    return task


async def reopen_task(command: ReopenTask, uow: UnitOfWork) -> Task:
    """Carry out `command`.

    Raises:
        TaskNotFound: if there is no such live task.
        PreconditionFailed: if `if_match` is not its revision.
    """
    task = await uow.tasks.get(command.id, if_match=command.if_match)
    return uow.tasks.save(task.reopen(at=uow.now))


async def start_task(command: StartTask, uow: UnitOfWork) -> Task:
    """Carry out `command`.

    Raises:
        TaskNotFound: if there is no such live task.
        PreconditionFailed: if `if_match` is not its revision.
    """
    task = await uow.tasks.get(command.id, if_match=command.if_match)
    return uow.tasks.save(task.begin(at=uow.now))


async def cancel_task(command: CancelTask, uow: UnitOfWork) -> Task:
    """Carry out `command`.

    Raises:
        TaskNotFound: if there is no such live task.
        PreconditionFailed: if `if_match` is not its revision.
    """
    task = await uow.tasks.get(command.id, if_match=command.if_match)
    return uow.tasks.save(task.cancel(at=uow.now))
