"""The use cases on lists, ready to call."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Protocol, TypeVar, Unpack

from taskharbor.application.calls import CallContext
from taskharbor.application.lists.delete_list import DeleteList, delete_some_of_list, going_on
from taskharbor.application.lists.manage_lists import (
    ChangeList,
    CreateList,
    GetList,
    ListLists,
    ListPage,
    change_list,
    create_list,
    get_one_list,
    list_lists,
)
from taskharbor.application.ports.storage import Storage
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE, WorkspaceId
from taskharbor.domain.lists.task_list import TaskList

R = TypeVar("R")


class Transact(Protocol):
    """Runs work in a unit of work; see `Transactions.run`."""

    async def __call__(  # noqa: D102
        self,
        work: Callable[[UnitOfWork], Awaitable[R]],
        command: object,
        context: CallContext,
        *,
        is_last: Callable[[R], bool] = ...,
    ) -> R: ...


class TransactLong(Protocol):
    """Runs work in many commits; see `Transactions.run_long`."""

    async def __call__(  # noqa: D102
        self, work: Callable[[], Awaitable[R]], request: Callable[[], Awaitable[object]], context: CallContext
    ) -> R: ...


class ListUseCases:
    """What can be done with lists. What each raises is said by the function of the same name."""

    def __init__(self, storage: Storage, transact: Transact) -> None:
        self._storage = storage
        self._transact = transact

    async def create_list(self, command: CreateList, **context: Unpack[CallContext]) -> TaskList:
        """Make a list."""
        return await self._change_list(lambda uow: create_list(command, uow), command, context)

    async def change_list(self, command: ChangeList, **context: Unpack[CallContext]) -> TaskList:
        """Change any subset of a list's fields."""
        return await self._change_list(lambda uow: change_list(command, uow), command, context)

    async def delete_list(self, command: DeleteList, **context: Unpack[CallContext]) -> TaskList:
        """Delete a list, once what was said of its tasks has been done; return it with the revision of that."""
        step = command
        while True:
            deleted = await self._transact(
                partial(delete_some_of_list, step), command, context, is_last=lambda deleted: deleted is not None
            )
            if deleted is not None:
                return deleted
            step = going_on(command)

    async def get_list(self, query: GetList, *, workspace: WorkspaceId = DEFAULT_WORKSPACE) -> TaskList:
        """Return one list."""
        return await get_one_list(query, self._storage, workspace)

    async def list_lists(self, query: ListLists, *, workspace: WorkspaceId = DEFAULT_WORKSPACE) -> ListPage:
        """Return a page of lists."""
        return await list_lists(query, self._storage, workspace)

    async def _change_list(
        self, work: Callable[[UnitOfWork], Awaitable[TaskList]], command: object, context: CallContext
    ) -> TaskList:
        async def whole(uow: UnitOfWork) -> TaskList:
            task_list = await work(uow)
            revision = await uow.commit()
            return task_list if revision is None else task_list.committed(revision)

        return await self._transact(whole, command, context)
