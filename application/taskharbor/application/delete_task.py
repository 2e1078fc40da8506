"""Delete a task, and take that back."""

from dataclasses import dataclass

from taskharbor.application.unit_of_work import UnitOfWork
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.domain.task import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteTask:
    """Leave only a tombstone of a task."""

    id: TaskId
    if_match: Revision | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreTask:
    """Bring a deleted task back as it was. A live task stays as it is."""

    id: TaskId
    if_match: Revision | None = None


async def delete_task(command: DeleteTask, uow: UnitOfWork) -> Task:
    """Carry out `command`; return the tombstone.

    Raises:
        TaskNotFound: if there is no such live task.
        PreconditionFailed: if `if_match` is not its revision.
    """
    task = await uow.tasks.get(command.id, if_match=command.if_match)
    return uow.tasks.save(task.delete(at=uow.now))


async def restore_task(command: RestoreTask, uow: UnitOfWork) -> Task:
    """Carry out `command`.

    Raises:
        TaskNotFound: if there was never such a task.
        PreconditionFailed: if `if_match` is not its revision.
    """
    task = await uow.tasks.get_even_deleted(command.id, if_match=command.if_match)
    return uow.tasks.save(task.restore(at=uow.now))
