"""Move a task along: complete, reopen, start, cancel. Each is idempotent."""

from taskharbor.application.progress.advance_series import OccurrenceInput, has_moved_on
from taskharbor.application.progress.completion import (
    OpenDependenciesRule,
    OpenSubtasksRule,
    carry_completion_through,
)
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.unset import UNSET, Unset
from taskharbor.domain.values.time_zone import time_zone_from


@frozen(kw_only=True)
class CompleteTask:
    """Complete a task. A recurring one advances, and its completed occurrence becomes a task of its own.

    Attributes:
        id: the task.
        if_match: the revision that it must have, or None.
        fence: that of the claim under which this is done: refused if that has ended.
        subtasks: what to do about those that are open.
        dependencies: what to do about those that are open.
        occurrence: which occurrence is meant, as `recurrence.current` has it; if it is past already, nothing is done.
            None means the current one. Only for recurring tasks.
        time_zone: the zone of the caller; it determines the current day if the task has no zone.
    """

    id: TaskId
    if_match: Revision | None = None
    fence: Revision | Unset = UNSET
    subtasks: OpenSubtasksRule = "refuse"
    dependencies: OpenDependenciesRule = "refuse"
    occurrence: OccurrenceInput | None = None
    time_zone: str = "UTC"


@frozen(kw_only=True)
class ReopenTask:
    """Make a completed or cancelled task need action again."""

    id: TaskId
    if_match: Revision | None = None
    fence: Revision | Unset = UNSET


@frozen(kw_only=True)
class StartTask:
    """Mark a task as being worked on."""

    id: TaskId
    if_match: Revision | None = None
    fence: Revision | Unset = UNSET


@frozen(kw_only=True)
class CancelTask:
    """Mark a task as not to be done after all."""

    id: TaskId
    if_match: Revision | None = None
    fence: Revision | Unset = UNSET


async def complete_task(command: CompleteTask, uow: UnitOfWork) -> Task:
    """Carry out `command`.

    Raises:
        TaskNotFound: if there is no such live task.
        PreconditionFailed: if `if_match` is not its revision.
        InvalidValue: for `occurrence`, `time_zone`, `subtasks` or `dependencies`.
        OpenSubtasks: if it has any, and they were not spoken of.
        SeriesWouldEnd: if a subtask would come no more, and it was not said that it may end.
        OpenDependencies: if it depends on open tasks, and they were not spoken of.
        TooManySubtasks: if more of them would be completed along than one command takes.
        MissingDependency: if it is recurring, and its rule cannot be expanded here.
    """
    viewer = time_zone_from("time_zone", command.time_zone)
    before = await uow.tasks.get(command.id, if_match=command.if_match)
    if not before.is_completed and has_moved_on(before, uow, command.occurrence):
        return before
    task = uow.tasks.save(before.complete(at=uow.now))
    return await carry_completion_through(
        before,
        task,
        uow,
        viewer=viewer,
        subtasks=command.subtasks,
        dependencies=command.dependencies,
    )


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
