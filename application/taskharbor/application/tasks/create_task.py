"""Create a task."""

from dataclasses import fields
from uuid import UUID

from taskharbor.application.access.assignees import require_members
from taskharbor.application.errors import UidTaken
from taskharbor.application.progress.completion import OpenDependenciesRule, require_born_completable
from taskharbor.application.relations.dependencies import require_acyclic, require_dependencies
from taskharbor.application.relations.placement import resolve_placement
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.frozen import frozen
from taskharbor.domain.tasks.changes import TaskChanges
from taskharbor.domain.tasks.progress import Progress
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.unset import UNSET
from taskharbor.domain.values.uid import uid_from


@frozen(kw_only=True)
class CreateTask(TaskChanges):
    """Make a task with these values; what is not named is absent. Without a `uid` it is given one.

    With a `uid` this can be repeated: as long as the task that it made is as it was made, that is the answer again.
    A new task can be completed already; `dependencies` says whether it may be so before those that it depends on.
    """

    title: str  # pyright: ignore[reportGeneralTypeIssues]  # all are keyword-only, so it may lose its default
    uid: str | UUID | None = None
    dependencies: OpenDependenciesRule = "refuse"


async def create_task(command: CreateTask, uow: UnitOfWork) -> Task:
    """Carry out `command`.

    Raises:
        InvalidValue: if a value breaks its rule, or two contradict each other.
        OpenDependencies: if it would be completed before those that it depends on.
        UidTaken: if the workspace has another task with this uid; at commit, if it came to have it just now.
    """
    if command.uid is None:
        uid = uow.services.uids.new()
    else:
        uid = uid_from(command.uid)
        holder = await uow.tasks.find_by_uid(uid)
        if holder is not None:
            return _made_before(command, holder)
        uow.retry_memory.expect_free((uid,))
    task = Task.create(
        id=await uow.tasks.next_id(),
        uid=uid,
        title=command.title,
        changes=command,
        at=uow.now,
    )
    if command.list is not UNSET or command.parent is not UNSET:
        task = await resolve_placement(None, task, uow, list_named=command.list is not UNSET)
    if task.assignees:
        await require_members((), task.assignees, uow)
    uow.tasks.add(task)
    if command.depends_on is not UNSET:
        await require_dependencies(None, task, command.depends_on, uow)
        await require_acyclic(None, task, uow, named=command.depends_on)
    if task.progress is Progress.COMPLETED or command.dependencies != "refuse":
        await require_born_completable(task, uow, dependencies=command.dependencies)
    return task


def _made_before(command: CreateTask, holder: Task) -> Task:
    """Return the task that has the uid already, if this command is what made it, as far as can be seen.

    Raises:
        UidTaken: if not: it has been made otherwise, changed or deleted.
    """
    again = Task.create(id=holder.id, uid=holder.uid, title=command.title, changes=command, at=holder.created)
    stated = [field.name for field in fields(TaskChanges) if field.name != "list" or command.list is not UNSET]
    if holder.is_deleted or any(getattr(again, name) != getattr(holder, name) for name in stated):
        raise UidTaken(holder.uid, holder.id)
    return holder
