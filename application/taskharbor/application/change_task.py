"""Change any subset of a task's fields."""

from dataclasses import dataclass

from taskharbor.application.unit_of_work import UnitOfWork
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.domain.task import Task
from taskharbor.domain.task_changes import TaskChanges


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeTask(TaskChanges):
    """Give a task the values that are named here; the rest stays."""

    id: TaskId
    if_match: Revision | None = None


async def change_task(command: ChangeTask, uow: UnitOfWork) -> Task:
    """Carry out `command`.

    Raises:
        TaskNotFound: if there is no such live task.
        PreconditionFailed: if `if_match` is not its revision.
        InvalidValue: if a value breaks its rule, or two contradict each other.
    """
    task = await uow.tasks.get(command.id, if_match=command.if_match)
    return uow.tasks.save(task.change(command, at=uow.now))
