"""The unit of work: Fowler's own, which keeps changes in memory and writes them all at once."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from time import monotonic
from types import TracebackType
from typing import Final, Self, TypeAlias

from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_store import Changeset, CommitOutcome
from taskharbor.application.principal import Principal, system_in
from taskharbor.application.services import Services
from taskharbor.application.unit_of_work.claim_guard import ClaimGuard
from taskharbor.application.unit_of_work.commit_signals import CommitSignals
from taskharbor.application.unit_of_work.dependents import Dependents
from taskharbor.application.unit_of_work.history_entries import encoded_tasks, entries_of_records
from taskharbor.application.unit_of_work.record_repository import RecordBookmark, RecordRepository
from taskharbor.application.unit_of_work.reminder_records import keep_reminders
from taskharbor.application.unit_of_work.reminder_rules import rules_of_workspace
from taskharbor.application.unit_of_work.retry_memory import RetryMemory
from taskharbor.application.unit_of_work.task_repository import TaskRepository
from taskharbor.application.unit_of_work.task_writes import TaskBookmark
from taskharbor.domain.identifiers import Revision, TaskId, WorkspaceId
from taskharbor.domain.tasks.alert import ReminderRules

Bookmark: TypeAlias = tuple[TaskBookmark, RecordBookmark]
"""The changes of a unit of work at some moment."""

NO_SERVICES: Final = Services()


class UnitOfWork:
    """One piece of business: reads committed data, keeps its changes in memory, writes them all at `commit()`.

    Between its calls no connection, lock or transaction is held, however long the caller thinks. Leaving the
    `async with` block without a commit, by an exception or a cancellation too, writes nothing.

    Attributes:
        tasks: the tasks of the workspace.
        now: the instant at which this piece of business happens.
        principal: who makes the change; the program itself if not given.
        workspace: where.
        store: what is committed, without the changes of this unit of work.
        services: what else use cases need.
        after_commit: what is called once the changes have been written.
    """

    def __init__(
        self,
        store: Storage,
        *,
        workspace: WorkspaceId,
        now: datetime,
        principal: Principal | None = None,
        signals: CommitSignals | None = None,
        retry_memory: RetryMemory | None = None,
        services: Services = NO_SERVICES,
    ) -> None:
        self.workspace = workspace
        self.now = now
        self.principal = principal or system_in(workspace)
        self.tasks = TaskRepository(store, workspace, now=now, actor=self.principal.actor)
        self._earlier_attempts = retry_memory
        self._records: RecordRepository | None = None
        self.store = store
        self.services = services
        self.after_commit: list[Callable[[], None]] = []
        self._signals = signals
        self._began = monotonic()
        self._business = ""
        self._ended = False
        self._has_scheduled = False
        self._when_over: list[Callable[[], None]] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._ended = True
        for call in self._when_over:
            call()

    def when_over(self, call: Callable[[], None]) -> None:
        """Have this called when the unit of work has ended, whether it was committed or not."""
        self._when_over.append(call)

    @cached_property
    def waiting(self) -> Dependents:
        """Which tasks depend on which, without the changes of this unit of work."""
        return Dependents(self.store, self.workspace)

    @property
    def claims(self) -> ClaimGuard:
        """Who may change the progress of the tasks that are claimed."""
        return self.tasks.claims

    @property
    def actor(self) -> str | None:
        """What the history calls who makes the change; None if it does not say."""
        return self.principal.actor

    @property
    def records(self) -> RecordRepository:
        """Whatever the workspace keeps beside tasks."""
        if self._records is None:
            self._records = RecordRepository(self.store, self.workspace)
            self._records.command = self.command
        return self._records

    @cached_property
    def retry_memory(self) -> RetryMemory:
        """What earlier attempts at this piece of business have learnt."""
        memory = self._earlier_attempts or RetryMemory()
        memory.begin()
        return memory

    @property
    def command(self) -> str:
        """What is being carried out. The history records it for all writes until another one is named."""
        return self.tasks.command

    @command.setter
    def command(self, name: str) -> None:
        self._business = self._business or name
        self.tasks.command = name
        if self._records is not None:
            self._records.command = name

    async def commit(self) -> Revision | None:
        """Write all changes in one atomic step; return the revision that it took, or None if there was no change.

        Once sent, a commit runs to its end: a cancellation is raised when the outcome is settled.

        Raises:
            ConcurrentUpdate: if a task or record that was changed or guarded has another revision now. Nothing was
                written.
            UidTaken: if a new task has the uid of another one. Nothing was written.
            QuotaExceeded: if the workspace would hold more than it may. Nothing was written.
            StoreUnavailable: if the store cannot be reached.
        """
        self._must_go_on()
        await self.tasks.settle()
        if self.tasks.with_reminders():
            rules = await self.reminder_rules()
            self._has_scheduled = await keep_reminders(self.tasks, self.records, rules=rules, now=self.now)
        revision = await self._write(await self._changeset())
        if revision is not None:
            self.tasks.committed(revision)
            if self._records is not None:
                self._records.committed(revision)
            for call in self.after_commit:
                call()
        return revision

    async def reminder_rules(self) -> Sequence[ReminderRules]:
        """Return by which rules reminders are counted, and were. If that changes meanwhile, the commit fails."""
        return await rules_of_workspace(self.records, self.services.reminders, self.workspace)

    async def view(self, task_id: TaskId) -> TaskView:
        """Return what readers see of a task of this unit of work, with its changes."""
        task = self.tasks.seen(task_id)
        blocked = bool(task.depends_on) and await self.tasks.is_blocked(task)
        return TaskView(self.tasks.document_of(task_id), task.revision, blocked=blocked, id=task_id)

    def bookmark(self) -> Bookmark:
        """Return the changes so far, for `return_to`."""
        return self.tasks.bookmark(), self.records.bookmark()

    def return_to(self, bookmark: Bookmark) -> None:
        """Forget the changes made since the bookmark."""
        tasks, records = bookmark
        self.tasks.return_to(tasks)
        self.records.return_to(records)

    def _must_go_on(self) -> None:
        if self._ended:
            raise RuntimeError("this unit of work has ended")

    async def _changeset(self) -> Changeset | None:
        tasks, records = self.tasks.writes(), () if self._records is None else self._records.written
        if not tasks.added and not tasks.changed and not records:
            return None
        documents, history = await encoded_tasks(tasks, at=self.now, actor=self.principal.actor)
        if records:
            history += entries_of_records(self.records, at=self.now, actor=self.actor)
        self.tasks.documents = documents
        return Changeset(
            workspace=self.workspace,
            added=tasks.added,
            changed=tasks.changed,
            guarded=tasks.guarded,
            records=records,
            guarded_records={} if self._records is None else self._records.guarded,
            history=tuple(history),
            documents=documents,
            before=tasks.before,
            began=self._began,
        )

    async def _write(self, changes: Changeset | None) -> Revision | None:
        return None if changes is None else await self._to_the_end(changes)

    async def _to_the_end(self, changes: Changeset) -> Revision:
        quotas = self.services.quotas
        held = None if quotas is None else await quotas.hold(changes)
        try:
            flush = self.store.begin_commit(changes)
        except BaseException:  # refused before it was on its way
            if quotas is not None and held:
                quotas.settle(held, is_committed=False)
            raise
        if quotas is not None and held:
            quotas.settle_after(flush, held)
        try:
            if flush.done():
                revision = flush.result()
            else:
                revision = await (flush if isinstance(flush, CommitOutcome) else asyncio.shield(flush))
        except asyncio.CancelledError:
            while not flush.done():
                with suppress(asyncio.CancelledError):
                    await asyncio.wait({flush})
            # A cancelled call does not learn how the commit ended.
            if not flush.cancelled() and flush.exception() is None:
                self._tell_others()
            raise
        self._tell_others()
        return revision

    def _tell_others(self) -> None:
        if self._signals is not None:
            self._signals.committed(self.workspace, self._business)
        if self._has_scheduled:
            self.services.reminders.note(self.workspace)
