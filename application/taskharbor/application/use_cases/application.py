"""The whole application, as one object: every use case, ready to call."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any, Unpack, overload

from taskharbor.application.batch.commands import (
    CommentCommand,
    FilterCommand,
    ListCommand,
    SingleTaskCommand,
)
from taskharbor.application.batch.run_batch import BatchOutcome, RunBatch
from taskharbor.application.claims.claim_next import ClaimNext, NothingToClaim
from taskharbor.application.claims.claim_task import ReleaseClaim
from taskharbor.application.claims.given_back import given_back_if_cancelled
from taskharbor.application.claims.waiting import WaitingForTasks
from taskharbor.application.commands.registry import authorize, carry_out_alone
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.idempotency.recorded_calls import DEFAULT_RETENTION
from taskharbor.application.narrowing.narrowed_storage import NarrowedStorage
from taskharbor.application.ports.audit import AuditSink, NoAudit
from taskharbor.application.ports.clock import Clock
from taskharbor.application.ports.filter_parser import FilterParser, NoFilterParser
from taskharbor.application.ports.occurrences import NoOccurrences, Occurrences
from taskharbor.application.ports.quick_line import NoQuickLineReader, QuickLineReader
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.uids import Uids
from taskharbor.application.ports.webhook_sender import NoWebhookSender, WebhookSender
from taskharbor.application.principal import CallContext, settled
from taskharbor.application.quick_add.quick_add import QuickAdd, QuickAdded
from taskharbor.application.quotas.quota_guard import QuotaGuard
from taskharbor.application.reminder_settings import ReminderSettings
from taskharbor.application.saved_filters.saved_filter import SavedFilter
from taskharbor.application.search.change_matching import ChangeMatching, MatchingOutcome
from taskharbor.application.search.cursor_key import CursorKey
from taskharbor.application.services import AUDIT_RETENTION, Services
from taskharbor.application.sync.watches import Watches
from taskharbor.application.tasks.comments import CommentView
from taskharbor.application.undo.undo_actor import ActorUndoOutcome, UndoActor
from taskharbor.application.undo.undo_commit import UndoCommit, UndoOutcome
from taskharbor.application.undo.undo_import import ImportUndone, UndoImport, undo_import
from taskharbor.application.unit_of_work.commit_signals import CommitSignals
from taskharbor.application.use_cases.access import AccessUseCases
from taskharbor.application.use_cases.history import HistoryUseCases
from taskharbor.application.use_cases.interchange import InterchangeUseCases
from taskharbor.application.use_cases.live import LiveUseCases
from taskharbor.application.use_cases.queries import QueryUseCases
from taskharbor.application.use_cases.reminders import ReminderUseCases
from taskharbor.application.use_cases.search import SearchUseCases
from taskharbor.application.use_cases.transactions import Transactions
from taskharbor.application.use_cases.webhooks import WebhookUseCases
from taskharbor.domain.errors import TaskharborError
from taskharbor.domain.identifiers import ListId
from taskharbor.domain.lists.task_list import TaskList
from taskharbor.domain.search.urgency_weights import DEFAULT_WEIGHTS, UrgencyWeights
from taskharbor.domain.unset import UNSET


class UseCases(QueryUseCases, InterchangeUseCases):
    """Carries out commands, each in a unit of work of its own, and answers queries.

    All methods raise `StoreUnavailable` when the store cannot be asked. The rest is said by the function that carries
    out the command, or answers the query.

    Attributes:
        search: the use cases that look for tasks.
        history: the use cases that deal with what was.
        reminders: the use cases on reminders that fire.
        live: the use cases that watch what is committed.
        access: the use cases on workspaces, members, tokens and the audit.
        webhooks: the use cases on webhooks.
    """

    def __init__(
        self,
        storage: Storage,
        *,
        clock: Clock,
        uids: Uids,
        occurrences: Occurrences | None = None,
        idempotency_retention: timedelta = DEFAULT_RETENTION,
        urgency_weights: UrgencyWeights = DEFAULT_WEIGHTS,
        filters: FilterParser | None = None,
        quick_lines: QuickLineReader | None = None,
        cursor_key: bytes | None = None,
        webhook_sender: WebhookSender | None = None,
        reminders: ReminderSettings | None = None,
        watches: Watches | None = None,
        lists: frozenset[ListId] | None = None,
        quotas: QuotaGuard | None = None,
        access: AccessUseCases | None = None,
        audit: AuditSink | None = None,
        audit_retention: timedelta = AUDIT_RETENTION,
    ) -> None:
        """Put them together. Callers with `lists` are narrowed to these; `access` is that of the whole store."""
        reminders = reminders or ReminderSettings()
        watches = watches or Watches(storage, CommitSignals())
        whole = storage
        if lists is not None:
            storage = NarrowedStorage(storage, lists)
        services = Services(
            uids=uids,
            occurrences=occurrences or NoOccurrences(),
            filters=filters or NoFilterParser(),
            quotas=quotas,
            urgency_weights=urgency_weights,
            audit=audit or NoAudit(),
            audit_retention=audit_retention,
            quick_lines=quick_lines or NoQuickLineReader(),
            reminders=reminders,
        )
        transactions = Transactions(
            storage,
            clock=clock,
            services=services,
            idempotency_retention=idempotency_retention,
            signals=watches.signals,
            lists=lists,
        )
        QueryUseCases.__init__(self, storage, services, clock=clock)
        InterchangeUseCases.__init__(self, storage, transactions, services)
        self.signals = watches.signals
        self._waiting = WaitingForTasks(watches)
        self.search = SearchUseCases(
            storage,
            clock=clock,
            reader=services.filters,
            cursor_key=CursorKey(storage, cursor_key),
            weights=urgency_weights,
        )
        self.webhooks = WebhookUseCases(
            storage,
            transactions,
            clock=clock,
            services=services,
            watches=watches,
            sender=webhook_sender or NoWebhookSender(),
        )
        self.live = LiveUseCases(storage, clock=clock, reader=services.filters, watches=watches)
        self.reminders = ReminderUseCases(storage, transactions, clock=clock, settings=reminders)
        self.history = HistoryUseCases(storage, clock=clock, watches=watches)
        self.access = access or AccessUseCases(storage, transactions, clock=clock, services=services)
        self._narrowed = partial(
            UseCases,
            whole,
            clock=clock,
            uids=uids,
            occurrences=occurrences,
            idempotency_retention=idempotency_retention,
            urgency_weights=urgency_weights,
            filters=filters,
            quick_lines=quick_lines,
            cursor_key=cursor_key,
            watches=watches,
            reminders=reminders,
            quotas=quotas,
            access=self.access,
        )

    def narrowed_to(self, lists: frozenset[ListId]) -> "UseCases":
        """Return the same for callers who are narrowed to these lists: all else is not there for them.

        Raises:
            ValueError: if there are none.
        """
        return self._narrowed(lists=lists)

    @overload
    async def execute(self, command: SingleTaskCommand, **context: Unpack[CallContext]) -> TaskView: ...
    @overload
    async def execute(self, command: CommentCommand, **context: Unpack[CallContext]) -> CommentView: ...
    @overload
    async def execute(self, command: ListCommand, **context: Unpack[CallContext]) -> TaskList: ...
    @overload
    async def execute(self, command: FilterCommand, **context: Unpack[CallContext]) -> SavedFilter: ...
    @overload
    async def execute(self, command: ChangeMatching, **context: Unpack[CallContext]) -> MatchingOutcome: ...
    @overload
    async def execute(self, command: QuickAdd, **context: Unpack[CallContext]) -> QuickAdded: ...
    @overload
    async def execute(self, command: UndoActor, **context: Unpack[CallContext]) -> ActorUndoOutcome: ...
    @overload
    async def execute(self, command: UndoCommit, **context: Unpack[CallContext]) -> UndoOutcome: ...
    @overload
    async def execute(self, command: RunBatch, **context: Unpack[CallContext]) -> BatchOutcome: ...
    async def execute(self, command: Any, **context: Unpack[CallContext]) -> Any:
        """Carry out a command, as the registry says, and again if another call committed first; return its result.

        With an `idempotency_key` it is carried out once, however often it is called with it: for as long as
        `idempotency_retention` says, each repetition gets the first answer.

        Raises:
            PermissionDenied: if the principal may not do this.
            WorkspaceArchived: if it would change an archived workspace.
            ConcurrentUpdate: if it lost 16 races in a row.
            IdempotencyKeyReused: if another command came with this key.
            IdempotencyKeyInFlight: if this process is carrying out a call with this key.
        """
        principal, context = settled(context)
        step = command
        while True:
            work = partial(carry_out_alone, step)
            if context.get("idempotency_key") is None:
                answer = await self._transactions.run(work, context)
            else:
                authorize(command, principal)  # before an answer that is kept is given again
                answer = await self._transactions.run_once(
                    work, command, context, is_last=lambda answer: not isinstance(answer, type(command))
                )
            if not isinstance(answer, type(command)):
                return answer
            step = answer

    async def claim_next(
        self,
        command: ClaimNext,
        *,
        wait: float = 0,
        given_up: asyncio.Event | None = None,
        **context: Unpack[CallContext],
    ) -> TaskView | None:
        """Claim the first task that matches; return None if there was none within `wait` seconds, 0 to 60.

        Once `given_up` is set, no more task is claimed.

        Raises:
            PermissionDenied: if the principal may not do this.
            WorkspaceArchived: if it would change an archived workspace.
            InvalidValue, InvalidFilter, FilterNotFound, ConcurrentUpdate: as `claim_next` of one command.
        """
        principal, context = settled(context)
        authorize(command, principal)

        async def attempt() -> TaskView | None:
            try:
                return await self._transactions.run_once(partial(carry_out_alone, command), command, context)
            except NothingToClaim:
                return None

        given_up = given_up or asyncio.Event()
        return await given_back_if_cancelled(
            self._waiting.first(attempt, command, principal.workspace, wait=wait, given_up=given_up),
            given_up=given_up,
            give_back=lambda task: self.give_back(task, **context),
        )

    async def give_back(self, task: TaskView, **context: Unpack[CallContext]) -> None:
        """Release a task whose claimant has gone before it was told, unless it can ask for the answer again.

        If that fails, the lease ends by itself.
        """
        if context.get("idempotency_key") is None:
            fence = UNSET if task.claim is None or task.claim.fence is None else task.claim.fence
            with suppress(TaskharborError):
                await self.execute(ReleaseClaim(id=task.id, fence=fence), **context)

    async def undo_import(self, command: UndoImport, **context: Unpack[CallContext]) -> ImportUndone:
        """Undo an import, in a commit for each of its own; with a key the answer is kept in one more."""
        principal, context = settled(context)
        authorize(command, principal)
        unkeyed: CallContext = {**context, "idempotency_key": None}

        async def request() -> UndoImport:
            return command

        return await self._transactions.run_long(
            lambda: undo_import(command, self._storage, principal.workspace, lambda one: self.execute(one, **unkeyed)),
            request,
            context,
        )
