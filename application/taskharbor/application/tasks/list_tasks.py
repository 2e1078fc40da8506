"""List tasks, page by page."""

from dataclasses import dataclass
from typing import Final

from taskharbor.application.ports.task_queries import TaskPage, TaskQueries
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import MAX_ID, TaskId, WorkspaceId

DEFAULT_LIMIT: Final = 10
MAX_LIMIT: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class ListTasks:
    """Ask for up to `limit` live tasks by ascending id: those after `after`, or all but the first `skip`.

    Raises:
        InvalidValue: if a number is out of its range, or both `skip` and `after` are given.
    """

    limit: int = DEFAULT_LIMIT
    skip: int = 0
    after: TaskId | None = None

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= MAX_LIMIT:
            raise InvalidValue("limit", f"must be from 1 to {MAX_LIMIT}")
        if not 0 <= self.skip <= MAX_ID:
            raise InvalidValue("skip", f"must be from 0 to {MAX_ID}")
        if self.after is not None and not 0 <= self.after <= MAX_ID:
            raise InvalidValue("after", f"must be from 0 to {MAX_ID}")
        if self.skip and self.after is not None:
            raise InvalidValue("skip", "does not go together with after")


async def list_tasks(query: ListTasks, queries: TaskQueries, workspace: WorkspaceId) -> TaskPage:
    """Answer `query`."""
    return await queries.list_tasks(workspace, after=query.after or 0, skip=query.skip, limit=query.limit)
