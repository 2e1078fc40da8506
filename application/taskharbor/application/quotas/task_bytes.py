"""How many bytes tasks are: of their JSON in UTF-8, comments and foreign data included."""

from typing import Final, Protocol

from taskharbor.application.documents.task_document import details_of, document_of
from taskharbor.application.ports.task_queries import TaskQueries
from taskharbor.application.ports.task_store import Changeset, TaskStore
from taskharbor.application.turns import in_turns
from taskharbor.domain.identifiers import TaskId, WorkspaceId
from taskharbor.domain.tasks.task import Task

_PAGE: Final = 500


class Weighable(TaskStore, TaskQueries, Protocol):
    """What has tasks, and lists them."""


async def bytes_in(store: Weighable, workspace: WorkspaceId) -> int:
    """Return how many bytes all tasks of a workspace are that are not deleted. It reads each of them.

    Raises:
        StoreUnavailable: if the store cannot be asked.
    """
    total = 0
    after: TaskId | None = 0
    while after is not None:
        page = await store.list_tasks(workspace, after=after, skip=0, limit=_PAGE)
        tasks = await store.load_tasks(workspace, [view.id for view in page.items])
        async for task in in_turns(tasks.values()):
            total += _bytes_of(task, document_of(task))
        after = page.next_after
    return total


async def bytes_added(changes: Changeset) -> int:
    """Return how many bytes a commit adds, or less than 0. What a task was before counts if it is known."""
    more = 0
    async for task in in_turns((*changes.added, *changes.changed)):
        more += _bytes_of(task, document_of(task, changes.documents))
        before = changes.before.get(task.id)
        if before is not None:
            more -= _bytes_of(before, document_of(before))
    return more


def _bytes_of(task: Task, document: str) -> int:
    if task.deleted is not None:
        return 0
    details = details_of(task)
    return _encoded(document) + (0 if details is None else _encoded(details))


def _encoded(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())
