"""Create a task."""

from dataclasses import dataclass
from uuid import UUID

from taskharbor.application.ports.uids import Uids
from taskharbor.application.unit_of_work import UnitOfWork
from taskharbor.domain.task import Task
from taskharbor.domain.task_changes import TaskChanges
from taskharbor.domain.uid import uid_from


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateTask(TaskChanges):
    """Make a task with these values; what is not named is absent. Without a `uid` it is given one."""

    title: str  # pyright: ignore[reportGeneralTypeIssues]  # all are keyword-only, so it may lose its default
    uid: str | UUID | None = None


async def create_task(command: CreateTask, uow: UnitOfWork, *, uids: Uids) -> Task:
    """Carry out `command`.

    Raises:
        InvalidValue: if a value breaks its rule, or two contradict each other.
        UidTaken: at commit, if the workspace has a task with this uid.
    """
    task = Task.create(
        id=await uow.tasks.next_id(),
        uid=uids.new() if command.uid is None else uid_from(command.uid),
        title=command.title,
        changes=command,
        at=uow.now,
    )
    return uow.tasks.add(task)
