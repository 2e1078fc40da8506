"""What a task may depend on."""

from collections.abc import Sequence

from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import TaskId
from taskharbor.domain.tasks.task import Task


async def require_dependencies(
    before: Task | None, after: Task, named: Sequence[TaskId], uow: UnitOfWork, *, deleted_too: bool = False
) -> None:
    """Make sure that there is what a task depends on now. Only what has been added is looked at.

    Whether that closes a circle is another question: see `require_no_circle`.

    Args:
        before: as it was, or None if it is new.
        after: as it shall become.
        named: its dependencies in the order in which the caller gave them; errors name places in it.
        uow: the unit of work.
        deleted_too: whether they may have been deleted, as when a task becomes what it was.

    Raises:
        InvalidValue: for an item of `depends_on`, if there is no such live task.
    """
    added = dependencies_added(before, after)
    await uow.tasks.prefetch(added)
    for task_id in added:
        found = await uow.tasks.find(task_id)
        if found is None or (found.is_deleted and not deleted_too):
            raise InvalidValue(place_of(task_id, named), "must be the id of a task of this workspace")


def dependencies_added(before: Task | None, after: Task) -> list[TaskId]:
    """Return what a task depends on now and did not before."""
    old = () if before is None else before.depends_on
    return [task_id for task_id in after.depends_on if task_id not in old]


def place_of(task_id: TaskId, named: Sequence[TaskId]) -> str:
    """Return where the caller named this dependency."""
    return f"depends_on[{list(named).index(task_id)}]"
