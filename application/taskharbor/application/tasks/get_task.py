"""Get one task."""

from dataclasses import dataclass

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.ports.task_queries import TaskQueries
from taskharbor.domain.errors import TaskNotFound
from taskharbor.domain.identifiers import TaskId, WorkspaceId, is_task_id


@dataclass(frozen=True, slots=True, kw_only=True)
class GetTask:
    """Ask for one live task."""

    id: TaskId


async def get_task(query: GetTask, queries: TaskQueries, workspace: WorkspaceId) -> TaskView:
    """Answer `query`.

    Raises:
        TaskNotFound: if there is no such live task.
    """
    view = await queries.get_task(workspace, query.id) if is_task_id(query.id) else None
    if view is None:
        raise TaskNotFound(query.id)
    return view
