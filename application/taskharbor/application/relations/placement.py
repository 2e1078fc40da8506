"""Where a task may be: in which list, and below which parent."""

from taskharbor.application.lists.list_records import find_list, require_open_list
from taskharbor.application.relations.subtasks import subtree_of
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import INBOX
from taskharbor.domain.tasks.relations import MAX_DEPTH
from taskharbor.domain.tasks.task import Task


async def resolve_placement(before: Task | None, after: Task, uow: UnitOfWork, *, list_named: bool) -> Task:
    """Return a task that has been given a list or a parent, in the list where it then is; its subtasks follow.

    Args:
        before: as it was, or None if it is new.
        after: as it shall become.
        uow: the unit of work. What the answer relies on is guarded there.
        list_named: whether the caller said which list; else a subtask gets that of its parent.

    Raises:
        InvalidValue: for `parent`, if there is no such live task, it is below this one, or the chain would be too
            long; for `list`, if there is none, it is archived, or it is not that of the parent.
        TooManySubtasks: if more would follow than one command takes along.
    """
    old_list, old_parent = (INBOX, None) if before is None else (before.list, before.parent)
    if (after.list, after.parent) == (old_list, old_parent):
        return after
    if after.parent is not None:
        parent = await uow.tasks.find(after.parent)
        if parent is None or parent.is_deleted:
            raise InvalidValue("parent", "must be the id of a task of this workspace")
        uow.tasks.guard(parent)
        if after.parent != old_parent:
            await _require_no_cycle(after, parent, uow)
        if not list_named:
            after = after.place(list=parent.list, parent=parent.id, at=uow.now)
        elif after.list != parent.list:
            raise InvalidValue("list", "must be the parent's list, unless parent is null")
    if after.list != old_list:
        await require_open_list(after.list, uow)
        await _let_subtasks_follow(after, uow)
    return after


async def restore_placement(task: Task, uow: UnitOfWork) -> Task:
    """Return a task that has been restored where it can be now.

    Without its parent, if that has been deleted; in the inbox, if its list has gone or is archived.

    Raises:
        InvalidValue: for `parent`, if the chain of subtasks would be too long by now.
    """
    parent = None if task.parent is None else await uow.tasks.find(task.parent)
    if parent is not None and not parent.is_deleted:
        uow.tasks.guard(parent)
        await _require_no_cycle(task, parent, uow)
        return task.place(list=parent.list, parent=parent.id, at=uow.now)
    found = await find_list(task.list, uow)
    if found is None or found.archived:
        return task.place(list=INBOX, parent=None, at=uow.now)
    await require_open_list(task.list, uow)
    return task.place(list=task.list, parent=None, at=uow.now)


async def _require_no_cycle(task: Task, parent: Task, uow: UnitOfWork) -> None:
    """Make sure that `parent` is not below `task`, and that none of the chain changes until this is committed."""
    height = 1
    if task.subtask_count:
        levels = await subtree_of(task, uow)
        height += len(levels)
        for below in (one for level in levels for one in level):
            uow.tasks.guard(below)
            if below.id == parent.id:
                raise InvalidValue("parent", "must not be one of its own subtasks")
    above: Task | None = parent
    while above is not None:
        height += 1
        if height > MAX_DEPTH:
            raise InvalidValue("parent", f"must not nest tasks more than {MAX_DEPTH} deep")
        uow.tasks.guard(above)
        above = None if above.parent is None else await uow.tasks.find(above.parent)


async def _let_subtasks_follow(task: Task, uow: UnitOfWork) -> None:
    for level in await subtree_of(task, uow):
        for below in level:
            uow.tasks.save(below.place(list=task.list, parent=below.parent, at=uow.now))
