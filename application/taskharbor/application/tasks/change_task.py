"""Change any subset of a task's fields."""

from dataclasses import replace

from taskharbor.application.access.assignees import require_members
from taskharbor.application.progress.advance_series import has_moved_on
from taskharbor.application.progress.completion import (
    OpenDependenciesRule,
    OpenSubtasksRule,
    carry_completion_through,
)
from taskharbor.application.relations.dependencies import require_acyclic, require_dependencies
from taskharbor.application.relations.placement import resolve_placement
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.unset import UNSET, Unset
from taskharbor.domain.values.time_zone import time_zone_from


@frozen(kw_only=True)
class ChangeTask(TaskChanges):
    """Give a task the values that are named here; the rest stays.

    If that completes it, `subtasks` and `dependencies` say what to do about those that are open, and `time_zone` which
    current day for a recurring task without a zone.
    """

    id: TaskId
    if_match: Revision | None = None
    fence: Revision | Unset = UNSET
    subtasks: OpenSubtasksRule = "refuse"
    dependencies: OpenDependenciesRule = "refuse"
    time_zone: str = "UTC"


async def change_task(command: ChangeTask, uow: UnitOfWork) -> Task:
    """Carry out `command`. Completing a recurring task this way does what `complete_task` does.

    Raises:
        TaskNotFound: if there is no such live task.
        PreconditionFailed: if `if_match` is not its revision.
        InvalidValue: if a value breaks its rule, or two contradict each other.
        OpenSubtasks: if it would be completed before these, and they were not spoken of.
        SeriesWouldEnd: if a subtask would come no more, and it was not said that it may end.
        OpenDependencies: the same for what it depends on.
        TooManySubtasks: if more of them would change along than one command takes.
        MissingDependency: if it is recurring and completed, and its rule cannot be expanded here.
    """
    viewer = time_zone_from("time_zone", command.time_zone)
    before = await uow.tasks.get(command.id, if_match=command.if_match)
    task = before.change(command, at=uow.now)
    if task.is_completed and not before.is_completed and has_moved_on(before, uow):
        rest = replace(command, progress=UNSET, is_completed=UNSET, percent_complete=UNSET)
        task = before.change(rest, at=uow.now)
    if command.list is not UNSET or command.parent is not UNSET:
        task = await resolve_placement(before, task, uow, list_named=command.list is not UNSET)
    await require_members(before.assignees, task.assignees, uow)
    uow.tasks.save(task)
    if command.depends_on is not UNSET:
        await require_dependencies(before, task, command.depends_on, uow)
    named = () if command.depends_on is UNSET else command.depends_on
    await require_acyclic(before, task, uow, named=named)
    return await carry_completion_through(
        before,
        task,
        uow,
        viewer=viewer,
        subtasks=command.subtasks,
        dependencies=command.dependencies,
    )
