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
    """The lists that tasks are in."""

    async def create_list(
        self, *, name: str, idempotency_key: str | None = None, **fields: Unpack[ListFields]
    ) -> TaskList:
        """Make a list.

        Raises:
            InvalidValue: if a value breaks its rule.
        """
        return await self._use_cases.execute(CreateList(name=name, **fields), **self._context(idempotency_key))

    async def get_list(self, id: ListId) -> TaskList:
        """Return one list; 1 is the inbox, which is always there.

        Raises:
            ListNotFound: if there is none.
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
        """Give a list the values that are named; the rest stays. `archived=True` puts it away.

        Raises:
            ListNotFound: if there is none.
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
        """Delete a list, after its tasks have been moved to another one or deleted: one of the two must be said.

        Return it with the revision of its deletion, which `undo_commit` takes back. It was archived before; of 500
        tasks or more the others went in earlier commits.

        Raises:
            ListNotFound: if there is none.
            InboxStays: if it is the inbox.
            ListPreconditionFailed: if `if_match` is not its revision.
            InvalidValue: if it was not said what becomes of its tasks, or they cannot go there.
        """
        command = DeleteList(id=id, move_to=move_to, delete_tasks=delete_tasks, if_match=if_match)
        return await self._use_cases.execute(command, **self._context(idempotency_key))
