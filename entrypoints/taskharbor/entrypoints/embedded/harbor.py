"""The use cases as plain calls on one workspace."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from taskharbor.application.batch.run_batch import BatchOutcome, ByName, Command, RunBatch
from taskharbor.application.calls import actor_from
from taskharbor.application.errors import PermissionDenied
from taskharbor.application.principal import Principal, PrincipalKind, system_in
from taskharbor.domain.identifiers import workspace_from
from taskharbor.entrypoints.embedded.claims import ClaimCalls
from taskharbor.entrypoints.embedded.comments import CommentCalls
from taskharbor.entrypoints.embedded.history import HistoryCalls
from taskharbor.entrypoints.embedded.interchange import InterchangeCalls
from taskharbor.entrypoints.embedded.lists import ListCalls
from taskharbor.entrypoints.embedded.progress import ProgressCalls
from taskharbor.entrypoints.embedded.quick_add import QuickAddCalls
from taskharbor.entrypoints.embedded.reminders import ReminderCalls
from taskharbor.entrypoints.embedded.replicas import ReplicaCalls
from taskharbor.entrypoints.embedded.search import SearchCalls
from taskharbor.entrypoints.embedded.sync import SyncCalls
from taskharbor.entrypoints.embedded.tasks import TaskCalls
from taskharbor.entrypoints.embedded.webhooks import WebhookCalls

if TYPE_CHECKING:
    from taskharbor.entrypoints.embedded.access import Access


class Harbor(
    TaskCalls,
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
