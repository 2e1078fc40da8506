"""Create a task."""

from dataclasses import dataclass
from uuid import UUID

from taskharbor.application.ports.uids import Uids
from taskharbor.application.progress.task_completion import OpenDependenciesRule, require_born_completable
from taskharbor.application.structure.task_dependencies import require_dependencies
from taskharbor.application.structure.task_places import find_place
from taskharbor.application.structure.waiting_circles import require_no_circle
from taskharbor.application.transaction.unit_of_work import UnitOfWork
from taskharbor.domain.task import Task
from taskharbor.domain.task_changes import TaskChanges
from taskharbor.domain.uid import uid_from
from taskharbor.domain.unset import UNSET


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateTask(TaskChanges):
    """Make a task with these values; what is not named is absent. Without a `uid` it is given one.

    A new task can be completed already; `dependencies` says whether it may be so before those that it depends on.
    """

    title: str  # pyright: ignore[reportGeneralTypeIssues]  # all are keyword-only, so it may lose its default
    uid: str | UUID | None = None
    dependencies: OpenDependenciesRule = "refuse"


async def create_task(command: CreateTask, uow: UnitOfWork, *, uids: Uids) -> Task:
    """Carry out `command`.

    Raises:
        InvalidValue: if a value breaks its rule, or two contradict each other.
        OpenDependencies: if it would be completed before those that it depends on.
        UidTaken: at commit, if the workspace has a task with this uid.
    """
    task = Task.create(
        id=await uow.tasks.next_id(),
        uid=uids.new() if command.uid is None else uid_from(command.uid),
        title=command.title,
        changes=command,
        at=uow.now,
    )
    task = await find_place(None, task, uow, list_named=command.list is not UNSET)
    uow.tasks.add(task)
    if command.depends_on is not UNSET:
        await require_dependencies(None, task, command.depends_on, uow)
        await require_no_circle(None, task, uow, named=command.depends_on)
    await require_born_completable(task, uow, dependencies=command.dependencies)
    return task
