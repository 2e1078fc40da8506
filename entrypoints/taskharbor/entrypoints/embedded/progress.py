"""The use cases on the progress of tasks as plain calls on one workspace."""

from datetime import date, datetime

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.progress.advance_series import OccurrenceInput
from taskharbor.application.progress.change_progress import CancelTask, CompleteTask, ReopenTask, StartTask
from taskharbor.application.progress.completion import OpenDependenciesRule, OpenSubtasksRule
from taskharbor.application.progress.list_occurrences import DEFAULT_OCCURRENCES, ListOccurrences, OccurrencePage
from taskharbor.application.progress.skip_occurrence import SkipOccurrence
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.entrypoints.embedded.scope import HarborScope, fence_from


class ProgressCalls(HarborScope):
    """Calls that change the progress of tasks. If another one has claimed the task, they raise `TaskClaimed`."""

    async def complete_task(
        self,
        id: TaskId,
        *,
        if_match: Revision | None = None,
        fence: Revision | None = None,
        subtasks: OpenSubtasksRule = "refuse",
        dependencies: OpenDependenciesRule = "refuse",
        occurrence: OccurrenceInput | None = None,
        time_zone: str = "UTC",
        idempotency_key: str | None = None,
    ) -> TaskView:
        """Complete a task. A recurring one advances, and its completed occurrence becomes a task of its own.

        Args:
            id: the task.
            if_match: see `Harbor`.
            fence: see `Harbor`.
            subtasks: what becomes of open ones: `complete` completes them along, at every depth; `end` does even if a
                series among them ends so; `leave` leaves them.
            dependencies: `ignore` completes it before those that it depends on.
            occurrence: which occurrence is meant, such as `task.recurrence.current`; nothing is done if it is past.
            time_zone: your zone, which says what day it is where the task has none.
            idempotency_key: see `Harbor`.

        Raises:
            InvalidValue: for `occurrence`, if it is yet to come, or `time_zone`.
            OpenSubtasks: if it has any, and nothing was said of them.
            SeriesWouldEnd: if one of them would come no more, and it was not said that it may end.
            OpenDependencies: if it depends on open tasks, and nothing was said of them.
            MissingDependency: if it is recurring, and the extra `recurrence` is not installed.
        """
        command = CompleteTask(
            id=id,
            if_match=if_match,
            fence=fence_from(fence),
            subtasks=subtasks,
            dependencies=dependencies,
            occurrence=occurrence,
            time_zone=time_zone,
        )
        return await self._use_cases.execute(command, **self._context(idempotency_key))

    async def skip_occurrence(
        self,
        id: TaskId,
        *,
        if_match: Revision | None = None,
        fence: Revision | None = None,
        occurrence: OccurrenceInput | None = None,
        time_zone: str = "UTC",
        idempotency_key: str | None = None,
    ) -> TaskView:
        """Skip the current occurrence of a recurring task; if it is the last one, the task is cancelled.

        The arguments and errors are those of `complete_task`.

        Raises:
            NotRecurring: if it is not recurring.
        """
        command = SkipOccurrence(
            id=id, if_match=if_match, fence=fence_from(fence), occurrence=occurrence, time_zone=time_zone
        )
        return await self._use_cases.execute(command, **self._context(idempotency_key))

    async def list_occurrences(
        self,
        id: TaskId,
        *,
        since: date | datetime | str | None = None,
        before: date | datetime | str | None = None,
        limit: int = DEFAULT_OCCURRENCES,
    ) -> OccurrencePage:
        """Return the current occurrence of a task and up to `limit` of those to come, from `since` on.

        Both times are on the clock of the task. A task that is not recurring has no occurrences.

        Raises:
            InvalidValue: for `from`, `to` or `limit`.
            MissingDependency: if the extra `recurrence` is not installed.
        """
        query = ListOccurrences(id=id, since=since, before=before, limit=limit)
        return await self._use_cases.list_occurrences(query, workspace=self._workspace)

    async def reopen_task(
        self,
        id: TaskId,
        *,
        if_match: Revision | None = None,
        fence: Revision | None = None,
        idempotency_key: str | None = None,
    ) -> TaskView:
        """Make a completed or cancelled task need action again."""
        return await self._use_cases.execute(
            ReopenTask(id=id, if_match=if_match, fence=fence_from(fence)), **self._context(idempotency_key)
        )

    async def start_task(
        self,
        id: TaskId,
        *,
        if_match: Revision | None = None,
        fence: Revision | None = None,
        idempotency_key: str | None = None,
    ) -> TaskView:
        """Mark a task as being worked on."""
        return await self._use_cases.execute(
            StartTask(id=id, if_match=if_match, fence=fence_from(fence)), **self._context(idempotency_key)
        )

    async def cancel_task(
        self,
        id: TaskId,
        *,
        if_match: Revision | None = None,
        fence: Revision | None = None,
        idempotency_key: str | None = None,
    ) -> TaskView:
        """Mark a task as not to be done after all."""
        return await self._use_cases.execute(
            CancelTask(id=id, if_match=if_match, fence=fence_from(fence)), **self._context(idempotency_key)
        )
