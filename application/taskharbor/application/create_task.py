"""Create a task."""

from dataclasses import dataclass
from uuid import UUID

from taskharbor.application.ports.uids import Uids
from taskharbor.application.unit_of_work import UnitOfWork
from taskharbor.domain.task import Task
from taskharbor.domain.uid import uid_from


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateTask:
    """Make a task that needs action. Without a `uid` it is given one."""

    title: str
    description: str | None = None
    uid: str | UUID | None = None


async def create_task(command: CreateTask, uow: UnitOfWork, *, uids: Uids) -> Task:
    """Carry out `command`.

    Raises:
        InvalidValue: if a field breaks its rule.
        UidTaken: at commit, if the workspace has a task with this uid.
    """
    task = Task.create(
        id=await uow.tasks.next_id(),
        uid=uids.new() if command.uid is None else uid_from(command.uid),
        title=command.title,
        description=command.description,
        at=uow.now,
    )
    return uow.tasks.add(task)
