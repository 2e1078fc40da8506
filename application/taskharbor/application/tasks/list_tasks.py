"""List tasks, page by page."""

from typing import Final

from taskharbor.application.pagination import require_limit, require_place
from taskharbor.application.ports.task_queries import TaskPage, TaskQueries
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import TaskId, WorkspaceId

DEFAULT_LIMIT: Final = 10


@frozen(kw_only=True)
class ListTasks:
    """Ask for up to `limit` live tasks by ascending id: those after `after`, or all but the first `skip`.

    Raises:
        InvalidValue: if a number is out of its range, or both `skip` and `after` are given.
    """

    limit: int = DEFAULT_LIMIT
    skip: int = 0
    after: TaskId | None = None

    def __post_init__(self) -> None:
        require_limit(self.limit)
        require_place("skip", self.skip)
        if self.after is not None:
            require_place("after", self.after)
        if self.skip and self.after is not None:
            raise InvalidValue("skip", "cannot be combined with after")


async def list_tasks(query: ListTasks, queries: TaskQueries, workspace: WorkspaceId) -> TaskPage:
    """Answer `query`."""
    return await queries.list_tasks(workspace, after=query.after or 0, skip=query.skip, limit=query.limit)
