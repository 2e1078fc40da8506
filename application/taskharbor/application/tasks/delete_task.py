"""Delete a task, and take that back."""

from typing import Final, Literal, TypeAlias

from taskharbor.application.relations.dependencies import require_acyclic
from taskharbor.application.relations.placement import restore_placement
from taskharbor.application.relations.subtasks import subtasks_of, subtree_of
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.errors import HasSubtasks
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.domain.tasks.task import Task
from taskharbor.domain.unset import UNSET, Unset
from taskharbor.domain.values.primitives import choice_from

SubtasksRule: TypeAlias = Literal["refuse", "delete", "keep"]
"""What becomes of the subtasks of a task that is deleted."""

SUBTASKS_RULES: Final = ("refuse", "delete", "keep")


@frozen(kw_only=True)
class DeleteTask:
    """Leave only a tombstone of a task.

    What becomes of its subtasks must be said, if it has any: `delete` takes them along, at every depth; `keep` puts
    them where it was, below its own parent or none. Tasks that depend on it do not wait for it any longer.
    """

    id: TaskId
    if_match: Revision | None = None
    fence: Revision | Unset = UNSET
    subtasks: SubtasksRule = "refuse"


@frozen(kw_only=True)
class RestoreTask:
    """Bring a deleted task back as it was. A live task stays as it is.

    If its parent has been deleted it comes back without one; if its list has gone or is archived, in the inbox.
    """

    id: TaskId
    if_match: Revision | None = None


async def delete_task(command: DeleteTask, uow: UnitOfWork) -> Task:
    """Carry out `command`; return the tombstone.

    Raises:
        TaskNotFound: if there is no such live task.
        PreconditionFailed: if `if_match` is not its revision.
        HasSubtasks: if it has any, and they were not spoken of.
        TooManySubtasks: if more of them would change along than one command takes.
        InvalidValue: for `subtasks`, if there is no such rule.
    """
    choice_from("subtasks", command.subtasks, SUBTASKS_RULES)
    task = await uow.tasks.get(command.id, if_match=command.if_match)
    if task.subtask_count and command.subtasks == "refuse":
        raise HasSubtasks(task.id, subtasks=task.subtask_count)
    if command.subtasks == "delete":
        for level in await subtree_of(task, uow):
            for below in level:
                uow.tasks.save(below.delete(at=uow.now))
    elif command.subtasks == "keep":
        for below in await subtasks_of(task, uow):
            uow.tasks.save(below.place(list=below.list, parent=task.parent, at=uow.now))
    return uow.tasks.save(task.delete(at=uow.now))


async def restore_task(command: RestoreTask, uow: UnitOfWork) -> Task:
    """Carry out `command`.

    Raises:
        TaskNotFound: if there was never such a task.
        PreconditionFailed: if `if_match` is not its revision.
        InvalidValue: for `parent`, if the chain of subtasks would be too long by now, or it waits for its parent.
    """
    task = await uow.tasks.get_even_deleted(command.id, if_match=command.if_match)
    if not task.is_deleted:
        return uow.tasks.save(task)
    restored = uow.tasks.save(await restore_placement(task.restore(at=uow.now), uow))
    await require_acyclic(task, restored, uow)
    return restored
