"""The use cases as plain calls on one workspace."""

from collections.abc import AsyncIterator, Sequence
from typing import TYPE_CHECKING, Unpack
from uuid import UUID

from taskharbor.application.batch.run_batch import BatchOutcome, ByName, Command, RunBatch
from taskharbor.application.calls import actor_from
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.errors import PermissionDenied
from taskharbor.application.history.as_of import GetTaskAsOf
from taskharbor.application.history.snapshot import AsOf
from taskharbor.application.pagination import MAX_LIMIT
from taskharbor.application.ports.task_queries import TaskPage
from taskharbor.application.principal import Principal, PrincipalKind, system_in
from taskharbor.application.progress.completion import OpenDependenciesRule, OpenSubtasksRule
from taskharbor.application.relations.move_task import MoveTask
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask, RestoreTask, SubtasksRule
from taskharbor.application.tasks.list_tasks import DEFAULT_LIMIT, ListTasks
from taskharbor.application.tasks.urgency import UTC_ZONE, GetUrgency, UrgencyView
from taskharbor.domain.identifiers import Revision, TaskId, workspace_from
from taskharbor.entrypoints.embedded.claims import ClaimCalls
from taskharbor.entrypoints.embedded.comments import CommentCalls
from taskharbor.entrypoints.embedded.fields import OptionalFields, PlaceOptions, TaskFields
from taskharbor.entrypoints.embedded.history import HistoryCalls
from taskharbor.entrypoints.embedded.interchange import InterchangeCalls
from taskharbor.entrypoints.embedded.lists import ListCalls
from taskharbor.entrypoints.embedded.progress import ProgressCalls
from taskharbor.entrypoints.embedded.quick_add import QuickAddCalls
from taskharbor.entrypoints.embedded.reminders import ReminderCalls
from taskharbor.entrypoints.embedded.replicas import ReplicaCalls
from taskharbor.entrypoints.embedded.scope import fence_from
from taskharbor.entrypoints.embedded.search import SearchCalls
from taskharbor.entrypoints.embedded.sync import SyncCalls
from taskharbor.entrypoints.embedded.webhooks import WebhookCalls

if TYPE_CHECKING:
    from taskharbor.entrypoints.embedded.access import Access


class Harbor(
    QuickAddCalls,
    ProgressCalls,
    ClaimCalls,
    ReminderCalls,
    CommentCalls,
    ListCalls,
    SearchCalls,
    SyncCalls,
    HistoryCalls,
    InterchangeCalls,
    WebhookCalls,
    ReplicaCalls,
):
    """The tasks of one workspace. Safe for concurrent use by the tasks of one event loop.

    Every change takes effect as a whole or not at all, and returns the changed task. `if_match` is the revision that
    the caller last saw: if the task has another one, the change is refused with `PreconditionFailed`. `fence` is that
    of the claim under which a change is made: if that has ended, it is refused with `ClaimEnded`. All methods
    raise `StoreUnavailable` if the store cannot be reached, and those that take an id `TaskNotFound`.

    An `idempotency_key`, 1 to 255 printable ASCII characters, identifies a call: it is carried out once, and repeating
    it with the same key returns the first result, in any process. A different call with the key, or the same call by
    another actor, is refused with `IdempotencyKeyReused`; one that is still in progress in this process with
    `IdempotencyKeyInFlight`. A refused call may be repeated with its key.
    """

    @property
    def workspace(self) -> str:
        """The name of the workspace."""
        return self._workspace

    @property
    def access(self) -> "Access":
        """The calls on workspaces, members, invitations, tokens and the audit.

        Raises:
            PermissionDenied: if this is a connection to a server, where these are requests to `/workspaces` and others.
        """
        from taskharbor.application.use_cases.application import UseCases  # noqa: PLC0415  # a client has no need of it
        from taskharbor.entrypoints.embedded.access import Access  # noqa: PLC0415  # few calls are about access

        if not isinstance(self._use_cases, UseCases):
            raise PermissionDenied("a program that embeds the service", has="a connection to a server")
        return Access(self._use_cases.access, self._principal)

    def in_workspace(self, workspace: str) -> "Harbor":
        """Return the same store for another workspace.

        Raises:
            InvalidValue: if this is not a valid name.
            PermissionDenied: if the harbor acts as a principal, which is bound to its own workspace.
        """
        if self._principal.kind is not PrincipalKind.SYSTEM:
            raise PermissionDenied("the program itself", has="a principal of one workspace")
        return Harbor(self._use_cases, system_in(workspace_from(workspace), self._principal.actor))

    def acting_as(self, actor: Principal | str | None) -> "Harbor":
        """Return the calls as an actor makes them, whose name the history records, or a principal.

        An actor may do whatever this harbor may. A principal may do what its permission says, in its own workspace.

        Raises:
            InvalidValue: if this is not a valid name.
            PermissionDenied: if this harbor acts as a principal already, or the principal may not read.
        """
        if self._principal.kind is not PrincipalKind.SYSTEM:
            raise PermissionDenied("the program itself", has="a principal")
        if isinstance(actor, Principal):
            return Harbor(self._use_cases, actor)
        return Harbor(self._use_cases, system_in(self._workspace, actor_from(actor)))

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

    async def run_batch(
        self,
        commands: Sequence[Command | ByName],
        *,
        atomic: bool = True,
        dry_run: bool = False,
        idempotency_key: str | None = None,
    ) -> BatchOutcome:
        """Run 1 to 1,000 commands in order, in one commit: `CreateTask`, `ChangeTask`, `CompleteTask`...

        They can include commands on lists and saved filters, `ChangeMatching` and `UndoCommit`. A `ByName` refers to
        tasks by uid and to lists by name, including those that an earlier command of the batch creates. With `dry_run`
        nothing is written. If the batch is not `atomic`, a refused command is left out, and its result is the error.

        Raises:
            InvalidValue: if there are no commands or too many.
            BatchRefused: if it is atomic and a command is refused; it says which one and why. Nothing was written.
        """
        batch = RunBatch(commands=commands, atomic=atomic, dry_run=dry_run)
        return await self._use_cases.execute(batch, **self._context(idempotency_key))
