"""The whole application, as one object: every use case, ready to call."""

from collections.abc import Callable
from datetime import timedelta
from secrets import token_bytes
from typing import Unpack

from taskharbor.application.batch.commands import TaskCommand
from taskharbor.application.batch.handlers import CommandHandlers
from taskharbor.application.batch.run_batch import BatchOutcome, RunBatch, run_batch
from taskharbor.application.calls import CallContext
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.idempotency.recorded_calls import DEFAULT_RETENTION
from taskharbor.application.ports.clock import Clock
from taskharbor.application.ports.filter_parser import FilterParser, NoFilterParser
from taskharbor.application.ports.occurrences import NoOccurrences, Occurrences
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_queries import TaskPage
from taskharbor.application.ports.uids import Uids
from taskharbor.application.progress.change_progress import (
    CancelTask,
    CompleteTask,
    ReopenTask,
    StartTask,
)
from taskharbor.application.progress.list_occurrences import ListOccurrences, OccurrencePage, list_occurrences
from taskharbor.application.progress.skip_occurrence import SkipOccurrence
from taskharbor.application.relations.move_task import MoveTask
from taskharbor.application.search.cursors import Cursors
from taskharbor.application.sync.list_changes import ChangePage, ListChanges, list_changes
from taskharbor.application.tasks.change_task import ChangeTask
from taskharbor.application.tasks.comments import (
    AddComment,
    CommentPage,
    CommentView,
    DeleteComment,
    EditComment,
    ListComments,
    list_comments,
)
from taskharbor.application.tasks.create_task import CreateTask
from taskharbor.application.tasks.delete_task import DeleteTask, RestoreTask
from taskharbor.application.tasks.get_task import GetTask, get_task
from taskharbor.application.tasks.list_tasks import ListTasks, list_tasks
from taskharbor.application.tasks.urgency import GetUrgency, UrgencyView, get_urgency
from taskharbor.application.unit_of_work.commit_signals import CommitSignals
from taskharbor.application.unit_of_work.unit_of_work import UnitOfWork
from taskharbor.application.use_cases.history import HistoryUseCases
from taskharbor.application.use_cases.interchange import InterchangeUseCases
from taskharbor.application.use_cases.lists import ListUseCases
from taskharbor.application.use_cases.search import SearchUseCases
from taskharbor.application.use_cases.transactions import Transactions
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE, WorkspaceId
from taskharbor.domain.search.urgency import DEFAULT_WEIGHTS, UrgencyWeights
from taskharbor.domain.tasks.comment import Comment, comment_with
from taskharbor.domain.tasks.task import Task


class UseCases(ListUseCases, InterchangeUseCases):
    """Runs each command in a unit of work of its own, and again if somebody else committed first.

    All methods raise `StoreUnavailable` when the store cannot be asked; commands raise `ConcurrentUpdate` when they
    lost 16 races in a row. The rest is said by the function of the same name.

    A command with an `idempotency_key` is carried out once, however often it is called with it: for as long as
    `idempotency_retention` says, each repetition gets the first answer. Another command with the key is refused with
    `IdempotencyKeyReused`, one that is being carried out in this process with `IdempotencyKeyInFlight`.

    Attributes:
        search: the use cases that look for tasks.
        past: the use cases that deal with what was.
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
        cursor_key: bytes | None = None,
    ) -> None:
        signals = CommitSignals()
        transactions = Transactions(storage, clock=clock, idempotency_retention=idempotency_retention, signals=signals)
        super().__init__(storage, transactions.run)
        self._transact_long = transactions.run_long
        self._occurrences = occurrences or NoOccurrences()
        reader = filters or NoFilterParser()
        self._handlers = CommandHandlers(storage, uids=uids, occurrences=self._occurrences, reader=reader)
        self._clock = clock
        self._weights = urgency_weights
        self.search = SearchUseCases(
            storage,
            clock=clock,
            reader=reader,
            cursors=Cursors(token_bytes() if cursor_key is None else cursor_key),
            weights=urgency_weights,
            transact=self._transact,
            handle=self._handlers.on_task,
        )
        self.past = HistoryUseCases(storage, clock=clock, signals=signals, transact=transactions.run)

    async def create_task(self, command: CreateTask, **context: Unpack[CallContext]) -> TaskView:
        """Make a task."""
        return await self._run(command, context)

    async def change_task(self, command: ChangeTask, **context: Unpack[CallContext]) -> TaskView:
        """Change any subset of a task's fields."""
        return await self._run(command, context)

    async def complete_task(self, command: CompleteTask, **context: Unpack[CallContext]) -> TaskView:
        """Mark a task, or this occurrence of it, as done."""
        return await self._run(command, context)

    async def skip_occurrence(self, command: SkipOccurrence, **context: Unpack[CallContext]) -> TaskView:
        """Leave out the current occurrence of a task that comes again."""
        return await self._run(command, context)

    async def reopen_task(self, command: ReopenTask, **context: Unpack[CallContext]) -> TaskView:
        """Make a completed or cancelled task need action again."""
        return await self._run(command, context)

    async def start_task(self, command: StartTask, **context: Unpack[CallContext]) -> TaskView:
        """Mark a task as being worked on."""
        return await self._run(command, context)

    async def cancel_task(self, command: CancelTask, **context: Unpack[CallContext]) -> TaskView:
        """Mark a task as not to be done after all."""
        return await self._run(command, context)

    async def delete_task(self, command: DeleteTask, **context: Unpack[CallContext]) -> TaskView:
        """Leave only a tombstone of a task; return the task with the revision of its deletion."""
        return await self._run(command, context)

    async def restore_task(self, command: RestoreTask, **context: Unpack[CallContext]) -> TaskView:
        """Bring a deleted task back."""
        return await self._run(command, context)

    async def move_task(self, command: MoveTask, **context: Unpack[CallContext]) -> TaskView:
        """Put a task next to another one, into another list, or below another task."""
        return await self._run(command, context)

    async def add_comment(self, command: AddComment, **context: Unpack[CallContext]) -> CommentView:
        """Say something of a task."""
        return await self._comment(command, context, lambda task: task.comments[-1])

    async def edit_comment(self, command: EditComment, **context: Unpack[CallContext]) -> CommentView:
        """Give a comment another text."""
        return await self._comment(
            command, context, lambda task: comment_with(task.comments, command.comment_id, task_id=task.id)
        )

    async def delete_comment(self, command: DeleteComment, **context: Unpack[CallContext]) -> TaskView:
        """Take a comment away; return its task."""
        return await self._run(command, context)

    async def list_comments(self, query: ListComments, *, workspace: WorkspaceId = DEFAULT_WORKSPACE) -> CommentPage:
        """Return all comments of a task."""
        return await list_comments(query, self._storage, workspace)

    async def get_urgency(self, query: GetUrgency, *, workspace: WorkspaceId = DEFAULT_WORKSPACE) -> UrgencyView:
        """Return how urgent a task is."""
        return await get_urgency(query, self._storage, workspace, now=self._clock.now(), weights=self._weights)

    async def get_task(self, query: GetTask, *, workspace: WorkspaceId = DEFAULT_WORKSPACE) -> TaskView:
        """Return one task."""
        return await get_task(query, self._storage, workspace)

    async def list_occurrences(
        self, query: ListOccurrences, *, workspace: WorkspaceId = DEFAULT_WORKSPACE
    ) -> OccurrencePage:
        """Return when a task comes again."""
        return await list_occurrences(query, self._storage, workspace, occurrences=self._occurrences)

    async def list_tasks(self, query: ListTasks, *, workspace: WorkspaceId = DEFAULT_WORKSPACE) -> TaskPage:
        """Return a page of tasks."""
        return await list_tasks(query, self._storage, workspace)

    async def list_changes(self, query: ListChanges, *, workspace: WorkspaceId = DEFAULT_WORKSPACE) -> ChangePage:
        """Return what has changed since a token."""
        return await list_changes(query, self._storage, workspace)

    async def run_batch(self, batch: RunBatch, **context: Unpack[CallContext]) -> BatchOutcome:
        """Carry out many commands in one commit."""
        return await self._transact(lambda uow: run_batch(batch, uow, self._handlers.on_any), batch, context)

    async def _run(self, command: TaskCommand, context: CallContext) -> TaskView:
        async def work(uow: UnitOfWork) -> TaskView:
            task = await self._handlers.on_task(command, uow)
            await uow.commit()
            return await uow.view(task.id)

        return await self._transact(work, command, context)

    async def _comment(
        self, command: AddComment | EditComment, context: CallContext, which: Callable[[Task], Comment]
    ) -> CommentView:
        async def work(uow: UnitOfWork) -> CommentView:
            task = await self._handlers.on_task(command, uow)
            await uow.commit()
            task = uow.tasks.seen(task.id)
            return CommentView.of(which(task), task)

        return await self._transact(work, command, context)
