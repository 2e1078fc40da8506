"""When a task may be completed, and what that means for those around it."""

from typing import Final, Literal, TypeAlias

from taskharbor.application.structure.subtasks import subtree_of
from taskharbor.application.transaction.unit_of_work import UnitOfWork
from taskharbor.domain.errors import OpenDependencies, OpenSubtasks
from taskharbor.domain.plain_data import choice_from
from taskharbor.domain.task import Task

OpenSubtasksRule: TypeAlias = Literal["refuse", "complete", "leave"]
"""What becomes of the open subtasks of a task that is completed, at every depth."""

OpenDependenciesRule: TypeAlias = Literal["refuse", "ignore"]
"""Whether a task may be completed before those that it depends on."""

SUBTASKS_RULES: Final = ("refuse", "complete", "leave")
DEPENDENCIES_RULES: Final = ("refuse", "ignore")


async def require_completable(
    before: Task | None,
    after: Task,
    uow: UnitOfWork,
    *,
    subtasks: OpenSubtasksRule = "refuse",
    dependencies: OpenDependenciesRule = "refuse",
) -> None:
    """Make sure that a task which has been saved may be completed, if that is what has become of it.

    Its subtasks are completed along, if that is the rule. What it depends on is guarded.

    Raises:
        InvalidValue: for `subtasks` or `dependencies`, if there is no such rule.
        OpenSubtasks: if it has any, and nothing was said of them.
        OpenDependencies: if it, or a subtask that is completed along, depends on an open task.
        TooManySubtasks: if more would be completed than one command takes along.
    """
    choice_from("subtasks", subtasks, SUBTASKS_RULES)
    choice_from("dependencies", dependencies, DEPENDENCIES_RULES)
    if not after.is_completed or (before is not None and before.is_completed):
        return
    completed = [after]
    if after.open_subtask_count and subtasks != "leave":
        if subtasks == "refuse":
            raise OpenSubtasks(after.id, open_subtasks=after.open_subtask_count)
        completed += await _complete_below(after, uow)
    if dependencies == "refuse":
        for task in completed:
            await _require_dependencies_done(task, uow)


async def _complete_below(task: Task, uow: UnitOfWork) -> list[Task]:
    completed: list[Task] = []
    for level in await subtree_of(task, uow):
        for below in level:
            if below.is_open:
                completed.append(uow.tasks.save(below.complete(at=uow.now)))
            else:
                uow.tasks.guard(below)
    return completed


async def _require_dependencies_done(task: Task, uow: UnitOfWork) -> None:
    if not task.depends_on:
        return
    await uow.tasks.prefetch(task.depends_on)
    found = [await uow.tasks.find(needed) for needed in task.depends_on]
    for one in found:
        if one is not None:
            uow.tasks.guard(one)
    needed = tuple(one.id for one in found if one is not None and one.is_open and not one.is_deleted)
    if needed:
        raise OpenDependencies(task.id, needed=needed)
