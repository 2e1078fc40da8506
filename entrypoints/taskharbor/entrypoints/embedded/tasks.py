"""The use cases on tasks as plain calls on one workspace."""

from collections.abc import AsyncIterator
from typing import Unpack
from uuid import UUID

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.history.as_of import GetTaskAsOf
from taskharbor.application.history.snapshot import AsOf
from taskharbor.application.pagination import MAX_LIMIT
from taskharbor.application.ports.task_queries import TaskPage
from taskharbor.application.progress.completion import OpenDependenciesRule, OpenSubtasksRule
from taskharbor.application.relations.move_task import MoveTask
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask, RestoreTask, SubtasksRule
from taskharbor.application.tasks.list_tasks import DEFAULT_LIMIT, ListTasks
from taskharbor.application.tasks.urgency import UTC_ZONE, GetUrgency, UrgencyView
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.entrypoints.embedded.fields import OptionalFields, PlaceOptions, TaskFields
from taskharbor.entrypoints.embedded.scope import HarborScope, fence_from


class TaskCalls(HarborScope):
    """Tasks: to create, read, change, move and delete them."""

    async def create_task(
        self,
        *,
        title: str,
        uid: str | UUID | None = None,
        dependencies: OpenDependenciesRule = "refuse",
        idempotency_key: str | None = None,
        **fields: Unpack[OptionalFields],
    ) -> TaskView:
        """Create a task, with progress `needs-action` by default.

        With a `uid` the call is safe to repeat: as long as the task is unchanged, it is returned again.

        Raises:
            InvalidValue: if a value breaks its rule, or two contradict each other.
            OpenDependencies: if it would be completed before its dependencies.
            UidTaken: if another task has this uid, or this one has been changed or deleted.
        """
        command = CreateTask(title=title, uid=uid, dependencies=dependencies, **fields)
        return await self._use_cases.execute(command, **self._context(idempotency_key))

    async def get_task(self, id: TaskId, *, as_of: AsOf | None = None) -> TaskView:
        """Return one task, as it is or as it was: as of a revision or an aware instant.

        Raises:
            InvalidValue: if `as_of` is malformed or in the future.
            HistoryForgotten: if the history of that time has been purged.
        """
        if as_of is not None:
            return await self._use_cases.history.get_task_as_of(
                GetTaskAsOf(id=id, as_of=as_of), workspace=self._workspace
            )
        return await self._use_cases.get_task(id, workspace=self._workspace)

    async def list_tasks(self, *, limit: int = DEFAULT_LIMIT, skip: int = 0, after: TaskId | None = None) -> TaskPage:
        """Return up to `limit` tasks by ascending id: those after the id `after`, or all but the first `skip`.

        Raises:
            InvalidValue: if a number is out of its range, or both `skip` and `after` are given.
        """
        query = ListTasks(limit=limit, skip=skip, after=after)
        return await self._use_cases.list_tasks(query, workspace=self._workspace)

    async def iter_tasks(self, *, page_size: int = MAX_LIMIT) -> AsyncIterator[TaskView]:
        """Iterate over all tasks by ascending id, a page at a time.

        A task that exists throughout is visited exactly once, even under concurrent writes. Nothing is held between
        pages.
        """
        after: TaskId | None = 0
        while after is not None:
            page = await self.list_tasks(limit=page_size, after=after)
            for task in page.items:
                yield task
            after = page.next_after

    async def change_task(
        self,
        id: TaskId,
        *,
        if_match: Revision | None = None,
        fence: Revision | None = None,
        subtasks: OpenSubtasksRule = "refuse",
        dependencies: OpenDependenciesRule = "refuse",
        time_zone: str = "UTC",
        idempotency_key: str | None = None,
        **fields: Unpack[TaskFields],
    ) -> TaskView:
        """Change the named fields of a task. `description=None` removes the description.

        If that completes it, `subtasks`, `dependencies` and `time_zone` apply as in `complete_task`.

        Raises:
            InvalidValue: if a value breaks its rule, or two contradict each other.
            OpenSubtasks, SeriesWouldEnd, OpenDependencies: as `complete_task`.
        """
        command = ChangeTask(
            id=id,
            if_match=if_match,
            fence=fence_from(fence),
            subtasks=subtasks,
            dependencies=dependencies,
            time_zone=time_zone,
            **fields,
        )
        return await self._use_cases.execute(command, **self._context(idempotency_key))

    async def delete_task(
        self,
        id: TaskId,
        *,
        if_match: Revision | None = None,
        fence: Revision | None = None,
        subtasks: SubtasksRule = "refuse",
        idempotency_key: str | None = None,
    ) -> TaskView:
        """Delete a task; return it with the revision of its deletion.

        Its `subtasks` can be deleted too, at every depth (`delete`), or moved to its parent (`keep`).

        Raises:
            HasSubtasks: if it has any, and `subtasks` is `refuse`.
        """
        command = DeleteTask(id=id, if_match=if_match, fence=fence_from(fence), subtasks=subtasks)
        return await self._use_cases.execute(command, **self._context(idempotency_key))

    async def restore_task(
        self, id: TaskId, *, if_match: Revision | None = None, idempotency_key: str | None = None
    ) -> TaskView:
        """Restore a deleted task as it was. A live task is returned unchanged."""
        return await self._use_cases.execute(RestoreTask(id=id, if_match=if_match), **self._context(idempotency_key))

    async def move_task(
        self,
        id: TaskId,
        *,
        if_match: Revision | None = None,
        fence: Revision | None = None,
        idempotency_key: str | None = None,
        **place: Unpack[PlaceOptions],
    ) -> TaskView:
        """Move a task `before` or `after` another one, `first` or `last`, to a `list` or below a `parent`.

        Raises:
            InvalidValue: if it cannot be moved there.
        """
        command = MoveTask(id=id, if_match=if_match, fence=fence_from(fence), **place)
        return await self._use_cases.execute(command, **self._context(idempotency_key))

    async def get_urgency(self, id: TaskId, *, time_zone: str = UTC_ZONE) -> UrgencyView:
        """Return the urgency of a task; dates, and times without a zone, are interpreted in `time_zone`."""
        return await self._use_cases.get_urgency(GetUrgency(id=id, time_zone=time_zone), workspace=self._workspace)
