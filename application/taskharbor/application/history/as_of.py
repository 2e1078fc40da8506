"""Read past states: one task or a page of tasks as they were after a revision, or at an instant."""

from datetime import datetime

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.history.snapshot import AsOf, Snapshot, SnapshotStore
from taskharbor.application.pagination import require_limit, require_place
from taskharbor.application.ports.task_queries import TaskPage
from taskharbor.application.tasks.list_tasks import DEFAULT_LIMIT
from taskharbor.domain.errors import TaskNotFound
from taskharbor.domain.frozen import frozen
from taskharbor.domain.identifiers import Revision, TaskId, WorkspaceId, is_task_id


@frozen(kw_only=True)
class GetTaskAsOf:
    """Ask for one task as it was when it was live then."""

    id: TaskId
    as_of: AsOf


@frozen(kw_only=True)
class ListTasksAsOf:
    """Ask for the tasks that were live then, by ascending id: those after `after`.

    A page looks at `limit` tasks and has those of them that were there, so it can be shorter, or empty, and yet have
    a next one.

    Raises:
        InvalidValue: if a number is out of its range.
    """

    as_of: AsOf
    limit: int = DEFAULT_LIMIT
    after: TaskId = 0

    def __post_init__(self) -> None:
        require_limit(self.limit)
        require_place("after", self.after)


@frozen(kw_only=True)
class SnapshotPage(TaskPage):
    """Some tasks as they were.

    Attributes:
        revision: as of which revision: what the instant has come to, if that was asked for.
    """

    revision: Revision


async def get_task_as_of(
    query: GetTaskAsOf, store: SnapshotStore, workspace: WorkspaceId, *, now: datetime
) -> TaskView:
    """Answer `query`.

    Raises:
        TaskNotFound: if there was no such live task then.
        InvalidValue: for `as_of`, if it is malformed, or has not been yet.
        HistoryForgotten: if the history of that time has been purged.
    """
    past = await Snapshot.at(query.as_of, store, workspace, now=now)
    task = (await past.tasks([query.id])).get(query.id) if is_task_id(query.id) else None
    if task is None:
        await past.require_remembered(purged_tasks=await _is_unknown(query.id, store, workspace))
        raise TaskNotFound(query.id)
    (view,) = await past.views([task])
    await past.require_remembered(purged_tasks=False)
    return view


async def list_tasks_as_of(
    query: ListTasksAsOf, store: SnapshotStore, workspace: WorkspaceId, *, now: datetime
) -> SnapshotPage:
    """Answer `query`.

    Raises:
        InvalidValue: for `as_of`, if it is malformed, or has not been yet.
        HistoryForgotten: if the history of that time has been purged.
    """
    past = await Snapshot.at(query.as_of, store, workspace, now=now)
    tasks, next_after = await past.scan(after=query.after, limit=query.limit)
    views = await past.views(tasks)
    await past.require_remembered(purged_tasks=True)
    return SnapshotPage(items=views, next_after=next_after, revision=past.revision)


async def _is_unknown(task_id: TaskId, store: SnapshotStore, workspace: WorkspaceId) -> bool:
    return is_task_id(task_id) and not await store.load_tasks(workspace, [task_id])
