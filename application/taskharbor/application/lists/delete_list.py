"""Delete a list, and say what becomes of its tasks."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from taskharbor.application.lists.list_records import LIST, close_list, get_list, list_from, list_key, require_open_list
from taskharbor.application.lists.manage_lists import require_revision
from taskharbor.application.ports.task_relations import InList, RankedTask
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.errors import InboxStays, InvalidValue
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import ListId, Revision
from taskharbor.domain.lists.task_list import TaskList
from taskharbor.domain.tasks.relations import list_id_from

TASKS_AT_ONCE: Final = 500
"""How many tasks of a list one commit deletes or moves; it may write the parent of each, too."""


@frozen(kw_only=True)
class DeleteList:
    """Delete a list.

    It is archived first, so that no task can be added, and then emptied, some tasks at a time. If that is
    interrupted it can be done again, and goes on. Until the end a subtask may be in another list than its parent.

    Attributes:
        id: which list.
        move_to: the list into which its tasks are moved.
        delete_tasks: whether its tasks are deleted. One of the two must be said, and only one.
    """

    id: ListId
    if_match: Revision | None = None
    move_to: ListId | None = None
    delete_tasks: bool = False


async def delete_list(command: DeleteList, uow: UnitOfWork) -> TaskList | DeleteList:
    """Take one step of `command`; return the list as it was, or the command that goes on in another unit of work.

    Raises:
        ListNotFound: if there is no such list.
        InboxStays: if it is the inbox.
        ListPreconditionFailed: if `if_match` is not its revision.
        InvalidValue: for `move_to`, if there is no such list, it is archived, or the same one; for `tasks`, if nothing
            was said of them.
    """
    found = await _deletable(command, uow)
    if not found.archived:
        await close_list(found, uow)
        return replace(command, if_match=None)  # the list has another revision then
    await uow.records.guard(LIST, list_key(found.id))
    related = await uow.tasks.related(InList(found.id), limit=TASKS_AT_ONCE)
    await _empty(command, related, uow)
    if len(related) == TASKS_AT_ONCE:
        return replace(command, if_match=None)
    await uow.records.remove(LIST, list_key(found.id), at=uow.now)
    return found


async def delete_list_at_once(command: DeleteList, uow: UnitOfWork) -> TaskList:
    """Carry out the whole of `command` as a part of some larger piece of business; return the list as it was.

    The list must have been archived before, or created in the same unit of work: to any other, another call could
    put a task between the look at its tasks and the commit.

    Raises:
        ListNotFound, InboxStays, ListPreconditionFailed: as `delete_list` does.
        InvalidValue: as there; for `id`, if the list was not archived before, or has more than 500 tasks.
    """
    found = await _deletable(command, uow)
    before = list_from(await uow.records.find_as_read(LIST, list_key(found.id)), found.id)
    if before is not None and not before.archived:
        raise InvalidValue("id", "must be of a list that was archived before this batch")
    related = await uow.tasks.related(InList(found.id), limit=TASKS_AT_ONCE + 1)
    if len(related) > TASKS_AT_ONCE:
        raise InvalidValue("id", f"must be of a list with at most {TASKS_AT_ONCE} tasks to be deleted in a batch")
    await _empty(command, related, uow)
    await uow.records.remove(LIST, list_key(found.id), at=uow.now)
    return found


async def _deletable(command: DeleteList, uow: UnitOfWork) -> TaskList:
    found = await get_list(command.id, uow)
    if found.is_inbox:
        raise InboxStays
    require_revision(found, command.if_match)
    await _require_fate(command, uow)
    return found


async def _empty(command: DeleteList, related: Sequence[RankedTask], uow: UnitOfWork) -> None:
    await uow.tasks.prefetch([one.id for one in related])
    for one in related:
        task = await uow.tasks.get(one.id)
        if command.move_to is None:
            uow.tasks.save(task.delete(at=uow.now))
        else:
            uow.tasks.save(task.place(list=command.move_to, parent=task.parent, at=uow.now))


async def _require_fate(command: DeleteList, uow: UnitOfWork) -> None:
    if command.move_to is None:
        if not command.delete_tasks:
            raise InvalidValue("tasks", "are required: pass tasks=delete or move_to=<list>")
        return
    if command.delete_tasks:
        raise InvalidValue("move_to", "cannot be combined with tasks=delete")
    if list_id_from(command.move_to, "move_to") == command.id:
        raise InvalidValue("move_to", "must be another list")
    await require_open_list(command.move_to, uow, field="move_to")
