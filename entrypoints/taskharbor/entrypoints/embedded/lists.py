"""The use cases on lists as plain calls on one workspace."""

from typing import Unpack

from taskharbor.application.lists.delete_list import DeleteList
from taskharbor.application.lists.manage_lists import (
    DEFAULT_LISTS,
    ChangeList,
    CreateList,
    ListLists,
    ListPage,
)
from taskharbor.domain.identifiers import ListId, Revision
from taskharbor.domain.lists.task_list import TaskList
from taskharbor.domain.unset import UNSET, Unset
from taskharbor.entrypoints.embedded.fields import ListFields
from taskharbor.entrypoints.embedded.scope import HarborScope


class ListCalls(HarborScope):
    """Calls on lists."""

    async def create_list(
        self, *, name: str, idempotency_key: str | None = None, **fields: Unpack[ListFields]
    ) -> TaskList:
        """Create a list.

        Raises:
            InvalidValue: if a value breaks its rule.
        """
        return await self._use_cases.execute(CreateList(name=name, **fields), **self._context(idempotency_key))

    async def get_list(self, id: ListId) -> TaskList:
        """Return one list; 1 is the inbox, which always exists.

        Raises:
            ListNotFound: if there is no such list.
        """
        return await self._use_cases.get_list(id, workspace=self._workspace)

    async def list_lists(self, *, limit: int = DEFAULT_LISTS, after: ListId = 0) -> ListPage:
        """Return up to `limit` lists by ascending id, archived ones too: those after the id `after`.

        Raises:
            InvalidValue: if a number is out of its range.
        """
        return await self._use_cases.list_lists(ListLists(limit=limit, after=after), workspace=self._workspace)

    async def change_list(
        self,
        id: ListId,
        *,
        name: str | Unset = UNSET,
        if_match: Revision | None = None,
        idempotency_key: str | None = None,
        **fields: Unpack[ListFields],
    ) -> TaskList:
        """Change the named fields of a list; `archived=True` archives it.

        Raises:
            ListNotFound: if there is no such list.
            ListPreconditionFailed: if `if_match` is not its revision.
            InvalidValue: if a value breaks its rule.
        """
        command = ChangeList(id=id, name=name, if_match=if_match, **fields)
        return await self._use_cases.execute(command, **self._context(idempotency_key))

    async def delete_list(
        self,
        id: ListId,
        *,
        move_to: ListId | None = None,
        delete_tasks: bool = False,
        if_match: Revision | None = None,
        idempotency_key: str | None = None,
    ) -> TaskList:
        """Delete a list after moving its tasks to another one or deleting them; one of the two is required.

        Return it with the revision of its deletion, which `undo_commit` can undo. The list is archived first; if it
        has 500 tasks or more, they are moved or deleted in earlier commits.

        Raises:
            ListNotFound: if there is no such list.
            InboxStays: if it is the inbox.
            ListPreconditionFailed: if `if_match` is not its revision.
            InvalidValue: unless one of `move_to` and `delete_tasks` is given, or if the tasks cannot be moved there.
        """
        command = DeleteList(id=id, move_to=move_to, delete_tasks=delete_tasks, if_match=if_match)
        return await self._use_cases.execute(command, **self._context(idempotency_key))
