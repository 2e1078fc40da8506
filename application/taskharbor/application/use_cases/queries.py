"""The use cases that answer what is there, ready to call."""

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.lists.manage_lists import ListLists, ListPage, get_one_list, list_lists
from taskharbor.application.ports.clock import Clock
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_queries import TaskPage
from taskharbor.application.progress.list_occurrences import ListOccurrences, OccurrencePage, list_occurrences
from taskharbor.application.services import Services
from taskharbor.application.sync.list_changes import ChangePage, ListChanges, list_changes
from taskharbor.application.tasks.comments import CommentPage, list_comments
from taskharbor.application.tasks.get_task import get_task
from taskharbor.application.tasks.list_tasks import ListTasks, list_tasks
from taskharbor.application.tasks.urgency import GetUrgency, UrgencyView, get_urgency
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE, ListId, TaskId, WorkspaceId
from taskharbor.domain.lists.task_list import TaskList


class QueryUseCases:
    """Single tasks and lists, and pages of them. What each raises is said by the function of the same name."""

    def __init__(self, storage: Storage, services: Services, *, clock: Clock) -> None:
        self._storage = storage
        self._services = services
        self._clock = clock

    async def get_task(self, task_id: TaskId, *, workspace: WorkspaceId = DEFAULT_WORKSPACE) -> TaskView:
        """Return one task."""
        return await get_task(task_id, self._storage, workspace)

    async def list_tasks(self, query: ListTasks, *, workspace: WorkspaceId = DEFAULT_WORKSPACE) -> TaskPage:
        """Return a page of tasks."""
        return await list_tasks(query, self._storage, workspace)

    async def list_occurrences(
        self, query: ListOccurrences, *, workspace: WorkspaceId = DEFAULT_WORKSPACE
    ) -> OccurrencePage:
        """Return when a task recurs."""
        return await list_occurrences(query, self._storage, workspace, occurrences=self._services.occurrences)

    async def list_comments(self, task_id: TaskId, *, workspace: WorkspaceId = DEFAULT_WORKSPACE) -> CommentPage:
        """Return all comments of a task."""
        return await list_comments(task_id, self._storage, workspace)

    async def get_urgency(self, query: GetUrgency, *, workspace: WorkspaceId = DEFAULT_WORKSPACE) -> UrgencyView:
        """Return how urgent a task is."""
        return await get_urgency(
            query, self._storage, workspace, now=self._clock.now(), weights=self._services.urgency_weights
        )

    async def get_list(self, list_id: ListId, *, workspace: WorkspaceId = DEFAULT_WORKSPACE) -> TaskList:
        """Return one list."""
        return await get_one_list(list_id, self._storage, workspace)

    async def list_lists(self, query: ListLists, *, workspace: WorkspaceId = DEFAULT_WORKSPACE) -> ListPage:
        """Return a page of lists."""
        return await list_lists(query, self._storage, workspace)

    async def list_changes(self, query: ListChanges, *, workspace: WorkspaceId = DEFAULT_WORKSPACE) -> ChangePage:
        """Return what has changed since a token."""
        return await list_changes(query, self._storage, workspace)
