"""The use cases as plain calls on one workspace."""

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from typing import Unpack
from uuid import UUID

from taskharbor.application.history.as_of import AsOf, GetTaskAsOf
from taskharbor.application.history.list_changes import DEFAULT_CHANGES, EVERYTHING, ChangePage, ListChanges
from taskharbor.application.ports.change_feed import Change
from taskharbor.application.ports.task_queries import TaskPage
from taskharbor.application.progress.list_occurrences import DEFAULT_OCCURRENCES, ListOccurrences, OccurrencePage
from taskharbor.application.progress.occurrence_done import OccurrenceInput
from taskharbor.application.progress.skip_occurrence import SkipOccurrence
from taskharbor.application.progress.task_completion import OpenDependenciesRule, OpenSubtasksRule
from taskharbor.application.progress.task_progress import CancelTask, CompleteTask, ReopenTask, StartTask
from taskharbor.application.run_batch import BatchOutcome, Command, RunBatch, ToCreated
from taskharbor.application.structure.move_task import MoveTask
from taskharbor.application.task_view import TaskView
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask, RestoreTask, SubtasksRule
from taskharbor.application.tasks.get_task import GetTask
from taskharbor.application.tasks.list_tasks import DEFAULT_LIMIT, MAX_LIMIT, ListTasks
from taskharbor.application.tasks.task_urgency import UTC_ZONE, GetUrgency, UrgencyView
from taskharbor.application.use_cases import UseCases
from taskharbor.domain.identifiers import Revision, TaskId
from taskharbor.entrypoints.harbor_comments import CommentCalls
from taskharbor.entrypoints.harbor_fields import OptionalFields, PlaceOptions, TaskFields
from taskharbor.entrypoints.harbor_files import FilingHarbor
from taskharbor.entrypoints.harbor_lists import ListCalls
from taskharbor.entrypoints.harbor_past import RememberingHarbor
from taskharbor.entrypoints.harbor_scope import HarborScope
from taskharbor.entrypoints.harbor_search import SearchingHarbor


class Harbor(ListCalls, CommentCalls, SearchingHarbor, RememberingHarbor, FilingHarbor):
    """The tasks of one workspace. Safe for concurrent use by the tasks of one event loop.

    Every change takes effect as a whole or not at all, and returns the task as it is then. `if_match` is the revision
    that the caller last saw: if the task has another one, the change is refused with `PreconditionFailed`. All methods
    raise `StoreUnavailable` when the store cannot be asked, and those that take an id `TaskNotFound`.

    An `idempotency_key`, 1 to 255 printable ASCII characters, names a call: it is carried out once, and repeated with
    the same key it gives the first answer, in whichever process that was. Another call with the key, or the same call
    by another actor, is refused with `IdempotencyKeyReused`; one that this process is just carrying out with
    `IdempotencyKeyInFlight`. What was refused may be called again with its key.
    """

    def __init__(self, use_cases: UseCases, *, workspace: str, actor: str | None = None) -> None:
        HarborScope.__init__(self, use_cases, workspace=workspace, actor=actor)
        SearchingHarbor.__init__(self, use_cases.search, self._about, self._workspace)
        self._past = use_cases.past

    @property
    def workspace(self) -> str:
        """The name of the workspace."""
        return self._workspace

    def in_workspace(self, workspace: str) -> "Harbor":
        """Return the same store as another tenant sees it.

        Raises:
            InvalidValue: if this cannot be the name of a workspace.
        """
        return Harbor(self._use_cases, workspace=workspace, actor=self._actor)

    def acting_as(self, actor: str | None) -> "Harbor":
        """Return the same workspace as somebody changes it; the history knows them by this name.

        Raises:
            InvalidValue: if this cannot be the name of anybody.
        """
        return Harbor(self._use_cases, workspace=self._workspace, actor=actor)

    async def create_task(
        self,
        *,
        title: str,
        uid: str | UUID | None = None,
        dependencies: OpenDependenciesRule = "refuse",
        idempotency_key: str | None = None,
        **fields: Unpack[OptionalFields],
    ) -> TaskView:
        """Make a task. Without a `uid` it is given one; without a progress it needs action.

        Raises:
            InvalidValue: if a value breaks its rule, or two contradict each other.
            OpenDependencies: if it would be completed already, before those that it depends on.
            UidTaken: if the workspace has a task with this uid; so a create that may have failed can be repeated.
        """
        command = CreateTask(title=title, uid=uid, dependencies=dependencies, **fields)
        return await self._use_cases.create_task(command, **self._about(idempotency_key))

    async def get_task(self, id: TaskId, *, as_of: AsOf | None = None) -> TaskView:
        """Return one task, as it is or as it was: as of a revision or an aware instant.

        Raises:
            InvalidValue: if `as_of` is malformed or has not been yet.
            HistoryForgotten: if nobody remembers.
        """
        if as_of is not None:
            return await self._past.get_task_as_of(GetTaskAsOf(id=id, as_of=as_of), workspace=self._workspace)
        return await self._use_cases.get_task(GetTask(id=id), workspace=self._workspace)

    async def list_tasks(self, *, limit: int = DEFAULT_LIMIT, skip: int = 0, after: TaskId | None = None) -> TaskPage:
        """Return up to `limit` tasks by ascending id: those after the id `after`, or all but the first `skip`.

        Raises:
            InvalidValue: if a number is out of its range, or both `skip` and `after` are given.
        """
        query = ListTasks(limit=limit, skip=skip, after=after)
        return await self._use_cases.list_tasks(query, workspace=self._workspace)

    async def iter_tasks(self, *, page_size: int = MAX_LIMIT) -> AsyncIterator[TaskView]:
        """Go through all tasks by ascending id, a page at a time.

        A task that lives throughout is seen exactly once, whatever is written meanwhile. Nothing is held between pages.
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
        subtasks: OpenSubtasksRule = "refuse",
        dependencies: OpenDependenciesRule = "refuse",
        idempotency_key: str | None = None,
        **fields: Unpack[TaskFields],
    ) -> TaskView:
        """Give a task the values that are named; the rest stays. `description=None` removes it.

        If that completes it, `subtasks` and `dependencies` count as in `complete_task`.

        Raises:
            InvalidValue: if a value breaks its rule, or two contradict each other.
            OpenSubtasks, OpenDependencies: as `complete_task`.
        """
        command = ChangeTask(id=id, if_match=if_match, subtasks=subtasks, dependencies=dependencies, **fields)
        return await self._use_cases.change_task(command, **self._about(idempotency_key))

    async def complete_task(
        self,
        id: TaskId,
        *,
        if_match: Revision | None = None,
        subtasks: OpenSubtasksRule = "refuse",
        dependencies: OpenDependenciesRule = "refuse",
        occurrence: OccurrenceInput | None = None,
        time_zone: str = "UTC",
        idempotency_key: str | None = None,
    ) -> TaskView:
        """Mark a task as done. One that comes again moves on, and its finished occurrence becomes a task of its own.

        Args:
            id: the task.
            if_match: see above.
            subtasks: what becomes of open ones: `complete` completes them along, at every depth; `leave` leaves them.
            dependencies: `ignore` completes it before those that it depends on.
            occurrence: which occurrence is meant, such as `task.recurrence.current`; nothing is done if it is past.
            time_zone: your zone, which says what day it is where the task has none.
            idempotency_key: see above.

        Raises:
            InvalidValue: for `occurrence`, if it is yet to come, or `time_zone`.
            OpenSubtasks: if it has any, and nothing was said of them.
            OpenDependencies: if it depends on open tasks, and nothing was said of them.
            MissingDependency: if it comes again, and the extra `recurrence` is not installed.
        """
        command = CompleteTask(
            id=id,
            if_match=if_match,
            subtasks=subtasks,
            dependencies=dependencies,
            occurrence=occurrence,
            time_zone=time_zone,
        )
        return await self._use_cases.complete_task(command, **self._about(idempotency_key))

    async def skip_occurrence(
        self,
        id: TaskId,
        *,
        if_match: Revision | None = None,
        occurrence: OccurrenceInput | None = None,
        time_zone: str = "UTC",
        idempotency_key: str | None = None,
    ) -> TaskView:
        """Leave out the current occurrence of a task that comes again; if it is the last one, the task is cancelled.

        The arguments and errors are those of `complete_task`.

        Raises:
            NotRecurring: if it does not come again.
        """
        command = SkipOccurrence(id=id, if_match=if_match, occurrence=occurrence, time_zone=time_zone)
        return await self._use_cases.skip_occurrence(command, **self._about(idempotency_key))

    async def list_occurrences(
        self,
        id: TaskId,
        *,
        since: date | datetime | str | None = None,
        before: date | datetime | str | None = None,
        limit: int = DEFAULT_OCCURRENCES,
    ) -> OccurrencePage:
        """Return the current occurrence of a task and up to `limit` of those to come, from `since` on.

        Both times are on the clock of the task. A task that does not come again has no occurrences.

        Raises:
            InvalidValue: for `from`, `to` or `limit`.
            MissingDependency: if the extra `recurrence` is not installed.
        """
        query = ListOccurrences(id=id, since=since, before=before, limit=limit)
        return await self._use_cases.list_occurrences(query, workspace=self._workspace)

    async def reopen_task(
        self, id: TaskId, *, if_match: Revision | None = None, idempotency_key: str | None = None
    ) -> TaskView:
        """Make a completed or cancelled task need action again."""
        return await self._use_cases.reopen_task(ReopenTask(id=id, if_match=if_match), **self._about(idempotency_key))

    async def start_task(
        self, id: TaskId, *, if_match: Revision | None = None, idempotency_key: str | None = None
    ) -> TaskView:
        """Mark a task as being worked on."""
        return await self._use_cases.start_task(StartTask(id=id, if_match=if_match), **self._about(idempotency_key))

    async def cancel_task(
        self, id: TaskId, *, if_match: Revision | None = None, idempotency_key: str | None = None
    ) -> TaskView:
        """Mark a task as not to be done after all."""
        return await self._use_cases.cancel_task(CancelTask(id=id, if_match=if_match), **self._about(idempotency_key))

    async def delete_task(
        self,
        id: TaskId,
        *,
        if_match: Revision | None = None,
        subtasks: SubtasksRule = "refuse",
        idempotency_key: str | None = None,
    ) -> TaskView:
        """Delete a task; return it with the revision of its deletion.

        Its `subtasks` can be deleted along, at every depth (`delete`), or be put where it was (`keep`).

        Raises:
            HasSubtasks: if it has any, and nothing was said of them.
        """
        command = DeleteTask(id=id, if_match=if_match, subtasks=subtasks)
        return await self._use_cases.delete_task(command, **self._about(idempotency_key))

    async def restore_task(
        self, id: TaskId, *, if_match: Revision | None = None, idempotency_key: str | None = None
    ) -> TaskView:
        """Bring a deleted task back as it was. A live task stays as it is."""
        return await self._use_cases.restore_task(RestoreTask(id=id, if_match=if_match), **self._about(idempotency_key))

    async def move_task(
        self,
        id: TaskId,
        *,
        if_match: Revision | None = None,
        idempotency_key: str | None = None,
        **place: Unpack[PlaceOptions],
    ) -> TaskView:
        """Put a task `before` or `after` another one, or `first` or `last`, into a `list` or below a `parent`.

        Raises:
            InvalidValue: if it cannot be put there.
        """
        command = MoveTask(id=id, if_match=if_match, **place)
        return await self._use_cases.move_task(command, **self._about(idempotency_key))

    async def get_urgency(self, id: TaskId, *, time_zone: str = UTC_ZONE) -> UrgencyView:
        """Say how urgent a task is; dates, and times without a zone, are read on the clocks of `time_zone`."""
        return await self._use_cases.get_urgency(GetUrgency(id=id, time_zone=time_zone), workspace=self._workspace)

    async def list_changes(self, since: str = EVERYTHING, *, limit: int = DEFAULT_CHANGES) -> ChangePage:
        """Return up to `limit` changes since a token: the `next` of an earlier page, or `*` for all.

        Raises:
            InvalidValue: if `since` is no token of this workspace, or the limit is out of its range.
        """
        return await self._use_cases.list_changes(ListChanges(since=since, limit=limit), workspace=self._workspace)

    async def iter_changes(self, since: str = EVERYTHING, *, page_size: int = MAX_LIMIT) -> AsyncIterator[Change]:
        """Go through all changes since a token, a page at a time, until there are no more.

        Whoever gets to the end has missed nothing, and can go on later with the revision of the last change as the
        token: `since=str(change.revision)`. Nothing is held between pages.

        Raises:
            InvalidValue: if `since` is no token of this workspace, or the page size is out of its range.
        """
        more = True
        while more:
            page = await self.list_changes(since, limit=page_size)
            for change in page.items:
                yield change
            since, more = page.next, page.more

    async def run_batch(
        self,
        commands: Sequence[Command | ToCreated],
        *,
        atomic: bool = True,
        dry_run: bool = False,
        idempotency_key: str | None = None,
    ) -> BatchOutcome:
        """Carry out 1 to 1,000 commands in order, in one commit: `CreateTask`, `ChangeTask`, `CompleteTask`...

        A `ToCreated` is for a task that an earlier command of the batch creates with a uid. With `dry_run` nothing is
        written. If the batch is not `atomic`, what is refused is left out, and its result is the error.

        Raises:
            InvalidValue: if there are no commands or too many.
            BatchRefused: if it is atomic and a command is refused; it says which one and why. Nothing was written.
            UidTaken: if the workspace has a task with the uid of a new one. Nothing was written.
        """
        batch = RunBatch(commands=commands, atomic=atomic, dry_run=dry_run)
        return await self._use_cases.run_batch(batch, **self._about(idempotency_key))
