"""Completing what is below a task along with it."""

from taskharbor.application.ports.occurrences import Occurrences
from taskharbor.application.progress.advance_series import after_completion, has_moved_on, is_last
from taskharbor.application.relations.subtasks import Levels
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.errors import SeriesWouldEnd
from taskharbor.domain.identifiers import TaskId
from taskharbor.domain.tasks.task import Task


async def complete_along(
    top: Task, levels: Levels, uow: UnitOfWork, *, occurrences: Occurrences, viewer: str, series_may_end: bool
) -> list[Task]:
    """Complete all that is open below a task that has just been completed; return each as it was completed.

    What comes again moves on, as if it had been completed alone, if that of which it is a part has moved on too. Else
    it would be open below what is done: then it ends, and its last occurrence is the task itself.

    Args:
        top: the task as it is now, moved on if it comes again.
        levels: what is below it, level by level.
        uow: the unit of work.
        occurrences: expands rules.
        viewer: the time zone of whoever completes it.
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
            uow.tasks.guard(before)  # somebody was faster: what is open now is the next occurrence
            open_ids.add(before.id)
            continue
        after = uow.tasks.save(before.complete(at=uow.now))
        completed.append(after)
        if goes_on:
            moved = await after_completion(before, after, uow, occurrences=occurrences, viewer=viewer)
            if moved.is_open:
                open_ids.add(moved.id)
        elif not series_may_end and not await is_last(after, uow, occurrences=occurrences, viewer=viewer):
            ending.append(after.id)
    if ending:
        raise SeriesWouldEnd(top.id, series=tuple(sorted(ending)))
    return completed
