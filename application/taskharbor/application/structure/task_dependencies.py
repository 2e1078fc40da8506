"""What a task may depend on."""

from collections.abc import Sequence

from taskharbor.application.transaction.unit_of_work import UnitOfWork
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import TaskId
from taskharbor.domain.structure import MAX_DEPENDENCY_WALK
from taskharbor.domain.task import Task


async def require_dependencies(
    before: Task | None, after: Task, named: Sequence[TaskId], uow: UnitOfWork, *, deleted_too: bool = False
) -> None:
    """Make sure that a task may depend on what it depends on now, and that it still may when this is committed.

    Only what has been added is looked at. Whatever was read on the way is guarded, deleted tasks too, as they can be
    restored: of two changes which together would close a circle one finds a task changed that it had read.

    Args:
        before: as it was, or None if it is new: nobody depends on it then.
        after: as it shall become.
        named: its dependencies in the order in which the caller gave them; errors name places in it.
        uow: the unit of work.
        deleted_too: whether they may have been deleted, as when a task becomes what it was.

    Raises:
        InvalidValue: for an item of `depends_on`, if there is no such live task, or it depends on this one; for
            `depends_on`, if it leads to too many tasks.
    """
    old = () if before is None else before.depends_on
    added = [task_id for task_id in after.depends_on if task_id not in old]
    if not added:
        return
    await uow.tasks.prefetch(added)
    for task_id in added:
        found = await uow.tasks.find(task_id)
        if found is None or (found.is_deleted and not deleted_too):
            raise _refused(named, task_id, "must be the id of a task of this workspace")
    if before is not None:
        await _require_no_cycle(after.id, added, named, uow)


async def _require_no_cycle(task_id: TaskId, added: Sequence[TaskId], named: Sequence[TaskId], uow: UnitOfWork) -> None:
    ways = {needed: needed for needed in added}
    """Of each task that was reached, through which of the added ones."""
    level = list(added)
    while level:
        await uow.tasks.prefetch(level)
        below: list[TaskId] = []
        for reached in level:
            found = await uow.tasks.find(reached)
            if found is None:
                continue
            uow.tasks.guard(found)
            for needed in found.depends_on:
                if needed == task_id:
                    raise _refused(named, ways[reached], "must not depend on this task itself")
                if needed not in ways:
                    ways[needed] = ways[reached]
                    below.append(needed)
        if len(ways) > MAX_DEPENDENCY_WALK:
            raise InvalidValue("depends_on", f"must not lead to more than {MAX_DEPENDENCY_WALK} tasks in all")
        level = below


def _refused(named: Sequence[TaskId], task_id: TaskId, reason: str) -> InvalidValue:
    return InvalidValue(f"depends_on[{list(named).index(task_id)}]", reason)
