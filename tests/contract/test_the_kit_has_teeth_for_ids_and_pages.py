"""Stores that give ids or list tasks wrongly, and the promise of the kit that finds each out."""

from collections.abc import Collection, Mapping

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.ports.task_queries import TaskPage
from taskharbor.domain.identifiers import TaskId, WorkspaceId
from taskharbor.domain.tasks.task import Task
from teeth import Outcomes, Teeth

MACHINE = "test_it_answers_and_refuses_as_the_store_in_memory_does"
FOLLOW = "test_following_pages_misses_and_repeats_nothing_under_concurrent_writes"

TEETH = Teeth(globals())
breaks = TEETH.breaks


@breaks("test_changing_a_page_does_not_change_the_store")
class SharesItsPages(InMemoryStorage):
    def __init__(self) -> None:
        super().__init__()
        self._pages: dict[object, TaskPage] = {}

    async def list_tasks(self, workspace: WorkspaceId, *, after: TaskId, skip: int, limit: int) -> TaskPage:
        page = await super().list_tasks(workspace, after=after, skip=skip, limit=limit)
        key = (workspace, after, skip, limit, self._workspaces[workspace].revision)
        return self._pages.setdefault(key, page)


@breaks("test_changing_what_was_loaded_does_not_change_the_store")
class LendsItsTable(InMemoryStorage):
    async def load_tasks(self, workspace: WorkspaceId, ids: Collection[TaskId]) -> Mapping[TaskId, Task]:
        return self._workspaces[workspace].tasks


@breaks("test_later_ids_are_greater", "test_ids_that_are_asked_for_at_once_are_all_different")
class GuessesTheNextId(InMemoryStorage):
    async def next_task_id(self, workspace: WorkspaceId) -> TaskId:
        return max(self._workspaces[workspace].tasks, default=0) + 1


@breaks("test_the_id_of_a_deleted_task_is_not_given_again")
class RecyclesIds(InMemoryStorage):
    async def next_task_id(self, workspace: WorkspaceId) -> TaskId:
        here = self._workspaces[workspace]
        deleted = [task.id for task in here.tasks.values() if task.is_deleted]
        return deleted[0] if deleted else await super().next_task_id(workspace)


@breaks("test_ids_are_positive_and_exact_in_every_json_reader")
class HasIdsOf64Bits(InMemoryStorage):
    async def next_task_id(self, workspace: WorkspaceId) -> TaskId:
        return 2**60 + await super().next_task_id(workspace)


class Lists(InMemoryStorage):
    """Lists its tasks in ways of its own."""

    def live(self, workspace: WorkspaceId) -> list[TaskView]:
        tasks = self._workspaces[workspace].tasks
        return [TaskView.of(task) for task in tasks.values() if not task.is_deleted]


@breaks("test_lists_are_in_order_of_id_whatever_the_order_of_commits")
class ListsInOrderOfCommit(Lists):
    async def list_tasks(self, workspace: WorkspaceId, *, after: TaskId, skip: int, limit: int) -> TaskPage:
        found = [view for view in self.live(workspace) if view.id > after]
        return TaskPage.of(found[skip : skip + limit + 1], limit)


@breaks("test_any_page_is_that_slice_of_the_live_tasks", FOLLOW)
class PagesByCounting(Lists):
    async def list_tasks(self, workspace: WorkspaceId, *, after: TaskId, skip: int, limit: int) -> TaskPage:
        found = sorted(self.live(workspace), key=lambda view: view.id)[after + skip :]
        page = TaskPage.of(found[: limit + 1], limit)
        return TaskPage(items=page.items, next_after=page.next_after and after + limit)


@breaks("test_only_a_page_with_something_after_it_says_so", MACHINE)
class AlwaysPromisesANextPage(InMemoryStorage):
    async def list_tasks(self, workspace: WorkspaceId, *, after: TaskId, skip: int, limit: int) -> TaskPage:
        page = await super().list_tasks(workspace, after=after, skip=skip, limit=limit)
        return TaskPage(items=page.items, next_after=page.items[-1].id if page.items else None)


@breaks("test_deleted_tasks_take_no_room_on_pages", "test_any_page_is_that_slice_of_the_live_tasks")
class CountsTombstonesOnPages(InMemoryStorage):
    async def list_tasks(self, workspace: WorkspaceId, *, after: TaskId, skip: int, limit: int) -> TaskPage:
        tasks = self._workspaces[workspace].tasks
        found = [tasks[task_id] for task_id in sorted(tasks) if task_id > after][skip : skip + limit + 1]
        page = TaskPage.of([TaskView.of(task) for task in found], limit)
        return TaskPage(items=[v for v in page.items if not tasks[v.id].is_deleted], next_after=page.next_after)


@breaks("test_a_page_holds_up_to_a_thousand_tasks")
class HasPagesOf500(InMemoryStorage):
    async def list_tasks(self, workspace: WorkspaceId, *, after: TaskId, skip: int, limit: int) -> TaskPage:
        return await super().list_tasks(workspace, after=after, skip=skip, limit=min(limit, 500))


@pytest.mark.parametrize(("contract", "promise"), TEETH.expected, ids=lambda value: value.removeprefix("ContractOf"))
def test_a_broken_store_is_found_out(outcomes: Outcomes, contract: str, promise: str) -> None:
    assert outcomes[contract, promise] == "broken"
