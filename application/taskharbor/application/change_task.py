"""Change any subset of a task's fields."""

from dataclasses import dataclass

from taskharbor.application.unit_of_work import UnitOfWork
from taskharbor.application.unset import UNSET, Unset
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.domain.progress import Progress
from taskharbor.domain.task import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeTask:
    """Give a task the values that are named here; the rest stays.

    `is_completed` is another way to say `progress`: True completes the task, False reopens it.
    """

    id: TaskId
    title: str | Unset = UNSET
    description: str | Unset | None = UNSET
    progress: Progress | Unset = UNSET
    is_completed: bool | Unset = UNSET
    if_match: Revision | None = None

    def __post_init__(self) -> None:
        if self.progress is UNSET or self.is_completed is UNSET:
            return
        if self.is_completed is not (self.progress is Progress.COMPLETED):
            raise InvalidValue("is_completed", f"contradicts progress {self.progress}")


async def change_task(command: ChangeTask, uow: UnitOfWork) -> Task:
    """Carry out `command`.

    Raises:
        TaskNotFound: if there is no such live task.
        PreconditionFailed: if `if_match` is not its revision.
        InvalidValue: if a field breaks its rule.
    """
    task = await uow.tasks.get(command.id, if_match=command.if_match)
    if command.title is not UNSET:
        task = task.retitle(command.title, at=uow.now)
    if command.description is not UNSET:
        task = task.describe(command.description, at=uow.now)
    if command.progress is not UNSET:
        task = task.progress_to(command.progress, at=uow.now)
    elif command.is_completed is not UNSET:
        task = task.complete(at=uow.now) if command.is_completed else task.reopen(at=uow.now)
    return uow.tasks.save(task)
