"""The lists that a unit of work reads and changes."""

import json
from typing import Any, Final

from taskharbor.application.documents.json_encoding import json_text
from taskharbor.application.documents.unreadable import UNREADABLE, unreadable
from taskharbor.application.ports.record_store import Record, RecordKey
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.errors import InvalidValue, ListNotFound
from taskharbor.domain.identifiers import INBOX, ListId, is_task_id
from taskharbor.domain.lists.task_list import TaskList, TaskListChanges
from taskharbor.domain.values.instant import instant_as_json, instant_of

LIST: Final = "list"
"""The kind of these records."""

EMPTYING: Final = "emptying"
"""A member that a list's document has while the list is being emptied."""

_DIGITS: Final = 16


def list_key(list_id: ListId) -> str:
    """Return the key of a list's record: keys sort like ids."""
    return f"{list_id:0{_DIGITS}}"


def list_record_key(list_id: ListId) -> RecordKey:
    """Return how a list's record is found."""
    return RecordKey(LIST, list_key(list_id))


def list_as_json(task_list: TaskList) -> dict[str, Any]:
    """Return the wire form."""
    return {
        "id": task_list.id,
        "name": task_list.name,
        "colour": task_list.colour,
        "description": task_list.description,
        "archived": task_list.archived,
        "created": None if task_list.created is None else instant_as_json(task_list.created),
        "updated": None if task_list.updated is None else instant_as_json(task_list.updated),
        "revision": task_list.revision,
    }


def list_document(task_list: TaskList, *, emptying: bool = False) -> str:
    """Return the document of the list's record. The revision stands beside it.

    `emptying` says that it is archived only so that it can be removed: if it comes back, it is archived no longer.
    """
    members = list_as_json(task_list)
    del members["revision"]
    if emptying:
        members[EMPTYING] = True
    return json_text(members)


def list_from(record: Record | None, list_id: ListId) -> TaskList | None:
    """Return the list that this record holds; without one the inbox is as it always was, and others are not there.

    Raises:
        StoreNotReady: if it holds none: the store is damaged.
    """
    if record is None or record.document is None:
        return TaskList.inbox() if list_id == INBOX else None
    try:
        members = json.loads(record.document)
        members.pop(EMPTYING, None)
        created, updated = members.pop("created"), members.pop("updated")
        return TaskList(
            **members,
            created=None if created is None else instant_of(created),
            updated=None if updated is None else instant_of(updated),
            revision=record.revision,
        )
    except UNREADABLE as error:
        raise unreadable(f"A list of revision {record.revision}", error) from error


def is_emptying(record: Record) -> bool:
    """Whether the list that this record holds is archived only so that it can be removed."""
    return record.document is not None and EMPTYING in json.loads(record.document)


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
    """Have a list archived at commit so that no task can be added before it is removed."""
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
