"""The lists that a unit of work reads and changes."""

from taskharbor.application.lists.list_document import LIST, list_document, list_from, list_key
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.errors import InvalidValue, ListNotFound
from taskharbor.domain.identifiers import INBOX, ListId, is_task_id
from taskharbor.domain.lists.task_list import TaskList, TaskListChanges


async def find_list(list_id: ListId, uow: UnitOfWork) -> TaskList | None:
    """Return the list, or None. The inbox is always there."""
    if not is_task_id(list_id):
        return None
    return list_from(await uow.records.find(LIST, list_key(list_id)), list_id)


async def get_list(list_id: ListId, uow: UnitOfWork) -> TaskList:
    """Return the list.

    Raises:
        ListNotFound: if there is none.
    """
    found = await find_list(list_id, uow)
    if found is None:
        raise ListNotFound(list_id)
    return found


async def save_list(task_list: TaskList, uow: UnitOfWork) -> TaskList:
    """Have a list written at commit."""
    await uow.records.put(LIST, list_key(task_list.id), list_document(task_list))
    return task_list


async def close_list(task_list: TaskList, uow: UnitOfWork) -> None:
    """Have a list archived at commit so that nobody can put anything into it before it is removed."""
    closed = task_list.change(TaskListChanges(archived=True), at=uow.now)
    await uow.records.put(LIST, list_key(task_list.id), list_document(closed, emptying=True))


async def require_open_list(list_id: ListId, uow: UnitOfWork, *, field: str = "list") -> None:
    """Make sure that a list takes tasks, and that it still does when this unit of work is committed.

    The inbox always does, so nothing is read for it.

    Raises:
        InvalidValue: for `field`, if there is no such list, or it is archived.
    """
    if list_id == INBOX:
        return
    found = await find_list(list_id, uow)
    if found is None:
        raise InvalidValue(field, "must be the id of a list of this workspace")
    if found.archived:
        raise InvalidValue(field, "must not be archived: an archived list takes no tasks")
    await uow.records.guard(LIST, list_key(list_id))
