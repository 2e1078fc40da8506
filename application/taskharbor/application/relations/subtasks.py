"""What is below a task."""

from taskharbor.application.errors import ConcurrentUpdate
from taskharbor.application.ports.task_relations import SubtasksOf
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.errors import TooManySubtasks
from taskharbor.domain.tasks.relations import MAX_SUBTREE
from taskharbor.domain.tasks.task import Task

Levels = list[list[Task]]


async def subtasks_of(task: Task, uow: UnitOfWork, *, limit: int = MAX_SUBTREE) -> list[Task]:
    """Return the live tasks whose parent this is, by rank.

    Raises:
        TooManySubtasks: if there are more than `limit`.
        ConcurrentUpdate: if the task was read before it got or lost a subtask.
    """
    if task.subtask_count > limit:
        raise TooManySubtasks(task.id)
    if not task.subtask_count:
        return []
    ids = [one.id for one in await uow.tasks.related(SubtasksOf(task.id), limit=limit + 1)]
    await uow.tasks.prefetch(ids)
    found = [await uow.tasks.find(id_) for id_ in ids]
    live = [one for one in found if one is not None and one.parent == task.id and not one.is_deleted]
    if len(live) != task.subtask_count:
        raise ConcurrentUpdate(task.id)
    return live


async def subtree_of(task: Task, uow: UnitOfWork) -> Levels:
    """Return all that is below a task: first its subtasks, then theirs, and so on. The caller guards what it relies on.

    Raises:
        TooManySubtasks: if that is more than 1,000 tasks.
        ConcurrentUpdate: if it is changed at the same time.
    """
    levels: Levels = []
    level, left = [task], MAX_SUBTREE
    while level := [below for above in level for below in await subtasks_of(above, uow, limit=left)]:
        left -= len(level)
        if left < 0:
            raise TooManySubtasks(task.id)
        levels.append(level)
    return levels
