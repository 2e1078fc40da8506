"""When a task may be completed, and what that means for those around it."""

from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

from taskharbor.application.progress.advance_series import after_completion, has_moved_on, is_last
from taskharbor.application.relations.subtasks import Levels, subtree_of
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.errors import OpenDependencies, OpenSubtasks, SeriesWouldEnd
from taskharbor.domain.identifiers import TaskId
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.values.primitives import choice_from


async def complete_along(
    top: Task, levels: Levels, uow: UnitOfWork, *, viewer: str, series_may_end: bool
) -> list[Task]:
    """Complete all that is open below a task that has just been completed; return each as it was completed.

    A recurring subtask advances, as if completed alone, if its parent has advanced too. Otherwise
    it would be open below what is done: then it ends, and its last occurrence is the task itself.

    Args:
        top: the task as it is now, advanced if it is recurring.
        levels: what is below it, level by level.
        uow: the unit of work.
        viewer: the time zone of the caller.
        series_may_end: whether a series may end before its last occurrence.

    Raises:
        SeriesWouldEnd: if one would, and must not.
        MissingDependency: if a rule cannot be expanded here.
    """
    open_ids = {top.id} if top.is_open else set[TaskId]()
    completed: list[Task] = []
    ending: list[TaskId] = []
    for before in (task for level in levels for task in level):
        goes_on = before.parent in open_ids
        if not before.is_open:
            uow.tasks.guard(before)
            continue
        if goes_on and has_moved_on(before, uow):
            uow.tasks.guard(before)  # another call was first: what is open now is the next occurrence
            open_ids.add(before.id)
            continue
        after = uow.tasks.save(before.complete(at=uow.now))
        completed.append(after)
        if goes_on:
            moved = await after_completion(before, after, uow, viewer=viewer)
            if moved.is_open:
                open_ids.add(moved.id)
        elif not series_may_end and not await is_last(after, uow, viewer=viewer):
            ending.append(after.id)
    if ending:
        raise SeriesWouldEnd(top.id, series=tuple(sorted(ending)))
    return completed


OpenSubtasksRule: TypeAlias = Literal["refuse", "complete", "end", "leave"]
"""What becomes of the open subtasks of a task that is completed, at every depth.

`complete` completes them along, but refuses to let a series end with what it is a part of; `end` lets it end.
"""

OpenDependenciesRule: TypeAlias = Literal["refuse", "ignore"]
"""Whether a task may be completed before those that it depends on."""

SUBTASKS_RULES: Final = ("refuse", "complete", "end", "leave")
DEPENDENCIES_RULES: Final = ("refuse", "ignore")


async def require_born_completable(task: Task, uow: UnitOfWork, *, dependencies: OpenDependenciesRule) -> None:
    """Make sure that a new task may be completed already, if it is. What it depends on is guarded.

    Raises:
        InvalidValue: for `dependencies`, if there is no such rule.
        OpenDependencies: if it depends on an open task.
    """
    choice_from("dependencies", dependencies, DEPENDENCIES_RULES)
    if task.is_completed and dependencies == "refuse":
        await _require_dependencies_done([task], uow)


async def carry_completion_through(
    before: Task,
    after: Task,
    uow: UnitOfWork,
    *,
    viewer: str,
    subtasks: OpenSubtasksRule,
    dependencies: OpenDependenciesRule,
) -> Task:
    """Do all that it means for a task that was saved to be completed, if that is what has become of it.

    It advances if it is recurring, and its subtasks are completed too if the rule says so. What it depends on is
    guarded.

    Args:
        before: as it was.
        after: as it has been saved.
        uow: the unit of work.
        viewer: the time zone of the caller.
        subtasks: what becomes of those that are open.
        dependencies: what becomes of those that are open.

    Returns:
        The task as it is then.

    Raises:
        InvalidValue: for `subtasks` or `dependencies`, if there is no such rule.
        OpenSubtasks: if it has any, and nothing was said of them.
        SeriesWouldEnd: if one of them would come no more, and it was not said that it may end.
        OpenDependencies: if it, or a subtask that is completed along, depends on an open task.
        TooManySubtasks: if more would be completed than one command takes along.
        MissingDependency: if a rule cannot be expanded here.
    """
    choice_from("subtasks", subtasks, SUBTASKS_RULES)
    choice_from("dependencies", dependencies, DEPENDENCIES_RULES)
    if not after.is_completed or before.is_completed:
        return after
    levels: Levels = []
    if after.open_subtask_count and subtasks != "leave":
        if subtasks == "refuse":
            raise OpenSubtasks(after.id, open_subtasks=after.open_subtask_count)
        levels = await subtree_of(after, uow)
    moved = await after_completion(before, after, uow, viewer=viewer)
    completed = [after]
    if levels:
        completed += await complete_along(moved, levels, uow, viewer=viewer, series_may_end=subtasks == "end")
    if dependencies == "refuse":
        await _require_dependencies_done(completed, uow)
    return moved


async def _require_dependencies_done(completed: Sequence[Task], uow: UnitOfWork) -> None:
    """Look at what all of these depend on. One of them does not wait for the next occurrence of another."""
    done = {task.id for task in completed}
    for task in completed:
        if not task.depends_on:
            continue
        await uow.tasks.prefetch(task.depends_on)
        found = [one for needed in task.depends_on if (one := await uow.tasks.find(needed)) is not None]
        for one in found:
            uow.tasks.guard(one)
        needed = [one.id for one in found if one.is_open and not one.is_deleted and one.id not in done]
        if uow.principal.lists is not None:
            # Whether those are open that the caller does not see cannot be told.
            needed += [needed for needed in task.depends_on if await uow.tasks.find(needed) is None]
        if needed:
            raise OpenDependencies(task.id, needed=tuple(needed))
