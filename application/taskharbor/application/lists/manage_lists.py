"""Make a list, change it, get it, list all of them."""

from dataclasses import dataclass
from typing import Final

from taskharbor.application.errors import ListPreconditionFailed
from taskharbor.application.lists.list_records import LIST, get_list, list_from, list_key, list_record_key, save_list
from taskharbor.application.pagination import require_limit, require_place
from taskharbor.application.ports.record_store import RecordStore
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.errors import ListNotFound
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import INBOX, ListId, Revision, WorkspaceId, is_task_id
from taskharbor.domain.lists.task_list import TaskList, TaskListChanges

DEFAULT_LISTS: Final = 100


@frozen(kw_only=True)
class CreateList(TaskListChanges):
    """Make a list with these values; what is not named is absent."""

    name: str  # pyright: ignore[reportGeneralTypeIssues]  # all are keyword-only, so it may lose its default


@frozen(kw_only=True)
class ChangeList(TaskListChanges):
    """Give a list the values that are named here; the rest stays."""

    id: ListId
    if_match: Revision | None = None


@frozen(kw_only=True)
class ListLists:
    """Ask for up to `limit` lists by ascending id, archived ones too: those after `after`.

    Raises:
        InvalidValue: if a number is out of its range.
    """

    limit: int = DEFAULT_LISTS
    after: ListId = 0

    def __post_init__(self) -> None:
        require_limit(self.limit)
        require_place("after", self.after)


@dataclass(slots=True, kw_only=True)
class ListPage:
    """Some lists in order.

    Attributes:
        items: the lists.
        next_after: pass it as `after` for the next page; None on the last page.
    """

    items: list[TaskList]
    next_after: ListId | None


async def create_list(command: CreateList, uow: UnitOfWork) -> TaskList:
    """Carry out `command`.

    Raises:
        InvalidValue: if a value breaks its rule.
    """
    list_id = await uow.tasks.next_id()
    while list_id == INBOX:
        list_id = await uow.tasks.next_id()
    return await save_list(TaskList.create(id=list_id, changes=command, at=uow.now), uow)


async def change_list(command: ChangeList, uow: UnitOfWork) -> TaskList:
    """Carry out `command`. A list that is archived keeps its tasks, and takes no new ones.

    Raises:
        ListNotFound: if there is no such list.
        ListPreconditionFailed: if `if_match` is not its revision.
        InvalidValue: if a value breaks its rule, or the inbox would be archived.
    """
    before = await get_list(command.id, uow)
    require_revision(before, command.if_match)
    changed = before.change(command, at=uow.now)
    return before if changed == before else await save_list(changed, uow)


async def get_one_list(list_id: ListId, records: RecordStore, workspace: WorkspaceId) -> TaskList:
    """Return one list.

    Raises:
        ListNotFound: if there is no such list.
    """
    key = list_record_key(list_id)
    loaded = await records.load_records(workspace, (key,)) if is_task_id(list_id) else {}
    found = list_from(loaded.get(key), list_id)
    if found is None:
        raise ListNotFound(list_id)
    return found


async def list_lists(query: ListLists, records: RecordStore, workspace: WorkspaceId) -> ListPage:
    """Answer `query`. The inbox is the first."""
    found = await records.list_records(workspace, LIST, after=list_key(query.after), limit=query.limit + 1)
    lists = [one for record in found if (one := list_from(record, int(record.key))) is not None]
    if query.after < INBOX and (not lists or not lists[0].is_inbox):
        lists.insert(0, TaskList.inbox())
    items = lists[: query.limit]
    return ListPage(items=items, next_after=items[-1].id if len(lists) > query.limit else None)


def require_revision(task_list: TaskList, expected: Revision | None) -> None:
    """Make sure that a list has the revision that the caller expects, if it expects one.

    Raises:
        ListPreconditionFailed: if it has another.
    """
    if expected is not None and expected != task_list.revision:
        raise ListPreconditionFailed(task_list.id, expected=expected, current=task_list.revision)
