"""Get one task."""

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.ports.task_queries import TaskQueries
from taskharbor.domain.errors import TaskNotFound
from taskharbor.domain.identifiers import TaskId, WorkspaceId, is_task_id


async def get_task(task_id: TaskId, queries: TaskQueries, workspace: WorkspaceId) -> TaskView:
    """Return one live task.

    Raises:
        TaskNotFound: if there is no such live task.
    """
    view = await queries.get_task(workspace, task_id) if is_task_id(task_id) else None
    if view is None:
        raise TaskNotFound(task_id)
    return view
