"""List what has been deleted and can be restored."""

from dataclasses import dataclass
from datetime import datetime

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.pagination import require_limit
from taskharbor.application.ports.task_trash import DeletedPosition, TaskTrash
from taskharbor.application.tasks.list_tasks import DEFAULT_LIMIT
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import WorkspaceId


@frozen(kw_only=True)
class ListTrash:
    """Ask for up to `limit` deleted tasks, the one deleted last first: those before `before`.

    Raises:
        InvalidValue: if the limit is out of its range.
    """

    before: DeletedPosition | None = None
    limit: int = DEFAULT_LIMIT

    def __post_init__(self) -> None:
        require_limit(self.limit)


@frozen
class DeletedTask:
    """A task as it was when it was deleted.

    Attributes:
        task: the task; its revision is that of its deletion.
        deleted: when it was deleted; aware, in UTC.
    """

    task: TaskView
    deleted: datetime


@dataclass(slots=True, kw_only=True)
class TrashPage:
    """Some deleted tasks, the one deleted last first.

    Attributes:
        items: the tasks.
        next_before: pass it as `before` for the next page; None on the last page.
    """

    items: list[DeletedTask]
    next_before: DeletedPosition | None


async def list_trash(query: ListTrash, trash: TaskTrash, workspace: WorkspaceId) -> TrashPage:
    """Answer `query`."""
    found = await trash.list_deleted(workspace, before=query.before, limit=query.limit + 1)
    items = [DeletedTask(TaskView.of(task), task.deleted) for task in found[: query.limit] if task.deleted]
    last = DeletedPosition(items[-1].deleted, items[-1].task.id) if len(found) > query.limit else None
    return TrashPage(items=items, next_before=last)
