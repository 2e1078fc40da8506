"""The use cases of a server, as `Harbor` calls those of its own process."""

from collections.abc import AsyncIterable
from math import ceil
from typing import Any, Final, Unpack, overload

from taskharbor.application.batch.commands import CommentCommand, FilterCommand, ListCommand, SingleTaskCommand
from taskharbor.application.batch.run_batch import BatchOutcome, RunBatch
from taskharbor.application.claims.claim_next import ClaimNext
from taskharbor.application.documents.task_view import TaskView
from taskharbor.application.errors import BatchRefused
from taskharbor.application.interchange.import_command import ImportTasks
from taskharbor.application.interchange.import_report import ImportReport
from taskharbor.application.lists.manage_lists import ListLists, ListPage
from taskharbor.application.ports.interchange import Format
from taskharbor.application.ports.task_queries import TaskPage
from taskharbor.application.principal import CallContext, PrincipalKind, principal_of
from taskharbor.application.progress.list_occurrences import ListOccurrences, OccurrencePage
from taskharbor.application.quick_add.quick_add import QuickAdd, QuickAdded
from taskharbor.application.saved_filters.saved_filter import SavedFilter
from taskharbor.application.search.change_matching import ChangeMatching, MatchingOutcome
from taskharbor.application.sync.list_changes import ChangePage, ListChanges
from taskharbor.application.tasks.comments import CommentPage, CommentView
from taskharbor.application.tasks.list_tasks import ListTasks
from taskharbor.application.tasks.urgency import GetUrgency, UrgencyView
from taskharbor.application.undo.undo_actor import ActorUndoOutcome, UndoActor
from taskharbor.application.undo.undo_commit import UndoCommit, UndoOutcome
from taskharbor.application.undo.undo_import import ImportUndone, UndoImport
from taskharbor.domain.errors import InvalidValue, TaskharborError
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE, ListId, TaskId, WorkspaceId
from taskharbor.domain.lists.task_list import TaskList
from taskharbor.domain.values.instant import instant_of
from taskharbor.entrypoints.client.answers import (
    comment_of,
    import_of,
    import_undone_of,
    list_of,
    occurrence_of,
    outcome_of,
    task_of,
    tasks_of,
)
from taskharbor.entrypoints.client.connection import Connection
from taskharbor.entrypoints.client.errors import NotServed
from taskharbor.entrypoints.client.export import RemoteExport
from taskharbor.entrypoints.client.history import RemoteHistory
from taskharbor.entrypoints.client.live import RemoteLive
from taskharbor.entrypoints.client.messages import Request, next_after
from taskharbor.entrypoints.client.operations import OPERATIONS
from taskharbor.entrypoints.client.problems import Asked, Problem, error_of
from taskharbor.entrypoints.client.reading import Reading
from taskharbor.entrypoints.client.reminders import RemoteReminders
from taskharbor.entrypoints.client.requests import batch_request, request_of
from taskharbor.entrypoints.client.search import RemoteSearch
from taskharbor.entrypoints.client.webhooks import RemoteWebhooks
from taskharbor.entrypoints.client.wire import body_of, named_members

_LONGEST_IDLE: Final = 20
"""Seconds that one request waits for a task."""


class RemoteUseCases(Reading):
    """What `UseCases` does, by asking a server. The workspace `default` is that of the caller's token.

    Attributes:
        search: the use cases that look for tasks.
        history: the use cases that deal with what was.
        reminders: the use cases on reminders.
        live: the use cases that watch what is committed.
        webhooks: the use cases on webhooks.
    """

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        self.search = RemoteSearch(connection)
        self.history = RemoteHistory(connection)
        self.reminders = RemoteReminders(connection)
        self.live = RemoteLive(connection)
        self.webhooks = RemoteWebhooks(connection)

    def narrowed_to(self, lists: frozenset[ListId]) -> "RemoteUseCases":  # noqa: ARG002  # what `UseCases` takes
        """Refuse: on a server it is the token that is narrowed."""
        raise NotServed("callers who are narrowed to lists", "connect with a token that is narrowed to them")

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
        """Have the server carry out a command.

        Raises:
            InvalidValue: for `actor`: a server knows the actor by the token.
        """
        workspace, key = _context(context)
        if isinstance(command, RunBatch):
            return await self._run_batch(command, workspace, key)
        reply = await self._connection.ask(request_of(command, key=key), workspace)
        return OPERATIONS[type(command)].answer(reply, command)

    async def claim_next(
        self, command: ClaimNext, *, wait: float = 0, **context: Unpack[CallContext]
    ) -> TaskView | None:
        """Have the server claim a task; a long wait is several requests, so that no connection is idle for long."""
        workspace, key = _context(context)
        left = wait
        while True:
            seconds = min(ceil(left), _LONGEST_IDLE)
            asked = Asked("filter", {"name": command.saved})
            request = Request(
                method="POST", path="/tasks/claim", asked=asked, query={"wait": seconds}, body=body_of(command), key=key
            )
            reply = await self._connection.ask(request, workspace)
            if reply.body:
                return task_of(reply.json)
            left -= seconds
            if left <= 0:
                return None

    async def _run_batch(self, batch: RunBatch, workspace: WorkspaceId, key: str | None) -> BatchOutcome:
        request = batch_request(batch, key=key)
        reply = await self._connection.ask(request, workspace)
        return outcome_of(reply.json, lambda problem: _refusal(problem, request.asked))

    async def undo_import(self, command: UndoImport, **context: Unpack[CallContext]) -> ImportUndone:
        """Undo an import."""
        workspace, key = _context(context)
        path = f"/imports/{command.id}/undo"
        request = Request(method="POST", path=path, asked=Asked("task", {"import_id": command.id}), key=key)
        return import_undone_of((await self._connection.ask(request, workspace)).json)

    async def import_tasks(
        self, command: ImportTasks, data: AsyncIterable[bytes], **context: Unpack[CallContext]
    ) -> ImportReport:
        """Send a file. It goes through once, so a request that breaks off is not sent again."""
        workspace, key = _context(context)
        if command.format is None:
            raise InvalidValue("format", "is required, as the file does not say its own")
        request = Request(
            method="POST",
            path="/import",
            asked=Asked("task", {}),
            query={"format": command.format.name, "atomic": command.atomic, "dry_run": command.dry_run},
            body=data,
            headers={"Content-Type": command.format.media_type},
            key=key,
        )
        return import_of((await self._connection.ask(request, workspace)).json)

    def export_tasks(self, format: Format, *, workspace: WorkspaceId = DEFAULT_WORKSPACE) -> RemoteExport:
        """Return all tasks in a format."""
        return RemoteExport(format, self._connection, workspace)

    async def get_task(self, task_id: TaskId, *, workspace: WorkspaceId = DEFAULT_WORKSPACE) -> TaskView:
        """Return one task."""
        return task_of((await self._get(f"/tasks/{task_id}", workspace, task_id=task_id)).json)

    async def list_tasks(self, query: ListTasks, *, workspace: WorkspaceId = DEFAULT_WORKSPACE) -> TaskPage:
        """Return a page of tasks."""
        reply = await self._get("/tasks/", workspace, named_members(query))
        return TaskPage(items=tasks_of(reply.json), next_after=next_after(reply))

    async def list_occurrences(
        self, query: ListOccurrences, *, workspace: WorkspaceId = DEFAULT_WORKSPACE
    ) -> OccurrencePage:
        """Return when a task recurs."""
        asked = {"from": query.since, "to": query.before, "limit": query.limit}
        reply = await self._get(f"/tasks/{query.id}/occurrences", workspace, asked, task_id=query.id)
        return OccurrencePage(items=[occurrence_of(one) for one in reply.json], next=reply.next.get("from"))

    async def list_comments(self, task_id: TaskId, *, workspace: WorkspaceId = DEFAULT_WORKSPACE) -> CommentPage:
        """Return all comments of a task."""
        reply = await self._get(f"/tasks/{task_id}/comments", workspace, task_id=task_id)
        revision = reply.revision
        return CommentPage(items=[comment_of(one, task_id, revision) for one in reply.json], revision=revision)

    async def get_urgency(self, query: GetUrgency, *, workspace: WorkspaceId = DEFAULT_WORKSPACE) -> UrgencyView:
        """Return how urgent a task is."""
        path = f"/tasks/{query.id}/urgency"
        found = (await self._get(path, workspace, {"time_zone": query.time_zone}, task_id=query.id)).json
        return UrgencyView(**found | {"at": instant_of(found["at"])})

    async def get_list(self, list_id: ListId, *, workspace: WorkspaceId = DEFAULT_WORKSPACE) -> TaskList:
        """Return one list."""
        return list_of((await self._get(f"/lists/{list_id}", workspace, list_id=list_id)).json)

    async def list_lists(self, query: ListLists, *, workspace: WorkspaceId = DEFAULT_WORKSPACE) -> ListPage:
        """Return a page of lists."""
        reply = await self._get("/lists/", workspace, named_members(query))
        return ListPage(items=[list_of(one) for one in reply.json], next_after=next_after(reply))

    async def list_changes(self, query: ListChanges, *, workspace: WorkspaceId = DEFAULT_WORKSPACE) -> ChangePage:
        """Return what has changed since a token."""
        return await self.history.list_changes(query, workspace=workspace)


def _context(context: CallContext) -> tuple[WorkspaceId, str | None]:
    principal = principal_of(context)
    if principal.actor is not None or principal.kind is not PrincipalKind.SYSTEM:
        raise InvalidValue("actor", "must be None when a server is asked, which knows the actor by the token")
    return principal.workspace, context.get("idempotency_key")


def _refusal(problem: Problem, asked: Asked) -> TaskharborError:
    error = error_of(problem, asked)
    return error.refusal if isinstance(error, BatchRefused) else error
