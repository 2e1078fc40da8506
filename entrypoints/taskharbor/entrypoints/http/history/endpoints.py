"""The endpoints of history, past states, undo and the trash."""

from collections.abc import Mapping
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from taskharbor.application.history.as_of import GetTaskAsOf, ListTasksAsOf
from taskharbor.application.history.list_history import ListHistory
from taskharbor.application.history.trash import ListTrash
from taskharbor.application.undo.undo_actor import UndoActor
from taskharbor.application.undo.undo_commit import UndoCommit
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import TaskId, WorkspaceId
from taskharbor.entrypoints.http.history.bodies import UNDO_ACTOR
from taskharbor.entrypoints.http.history.documents import (
    actor_undo_document,
    deleted_body,
    history_documents,
    undo_document,
)
from taskharbor.entrypoints.http.history.parameters import (
    BEFORE_PLACE,
    BEFORE_REVISION,
    HISTORY_LIMIT,
    REVISION,
    place_text,
)
from taskharbor.entrypoints.http.requests.body import read_body, read_json, refuse_body
from taskharbor.entrypoints.http.requests.callers import Callers
from taskharbor.entrypoints.http.requests.errors import InvalidRequest
from taskharbor.entrypoints.http.requests.headers import JSON
from taskharbor.entrypoints.http.requests.parameter import read_query, refuse_query
from taskharbor.entrypoints.http.requests.parameters import LIMIT, TASK_ID
from taskharbor.entrypoints.http.requests.validation import validated
from taskharbor.entrypoints.http.responses.links import link_to_next, path_of
from taskharbor.entrypoints.http.responses.not_modified import page_unless_known, task_unless_known
from taskharbor.entrypoints.http.responses.page_body import PageBody
from taskharbor.entrypoints.http.responses.responses import json_answer


def history_query_of(scope: Scope, task_id: TaskId) -> ListHistory:
    """Return which entries of the history are asked for.

    Raises:
        InvalidRequest: if a parameter is unknown, given twice, no number, or out of its range.
    """
    asked = read_query(scope, BEFORE_REVISION, HISTORY_LIMIT)
    try:
        return ListHistory(id=task_id, **asked)
    except InvalidValue as invalid:
        raise InvalidRequest.at(f"query.{invalid.field}", invalid.reason, code=invalid.code) from None


class HistoryEndpoints:
    """These operations as functions from request to response."""

    def __init__(self, use_cases: UseCases, *, callers: Callers, max_body_bytes: int) -> None:
        self._use_cases = use_cases
        self._workspace = callers.workspace
        self._context = callers.context
        self._max_body_bytes = max_body_bytes

    async def get(self, request: Request, workspace: WorkspaceId, as_of: str) -> Response:
        """Return one task as it was."""
        query = GetTaskAsOf(id=TASK_ID.in_path_of(request), as_of=as_of)
        task = await self._use_cases.history.get_task_as_of(query, workspace=workspace)
        return task_unless_known(request.scope, task)

    async def list(self, request: Request, workspace: WorkspaceId, query: ListTasksAsOf) -> Response:
        """Return a page of tasks as they were."""
        page = await self._use_cases.history.list_tasks_as_of(query, workspace=workspace)
        link = b""
        if page.next_after is not None:
            link = _next(request, as_of=str(page.revision), after=str(page.next_after), limit=str(query.limit))
        answer = page_unless_known(request.scope, PageBody.of_tasks(page.items), link)
        answer.raw_headers.append(
            _located(request, as_of=str(page.revision), after=str(query.after), limit=str(query.limit))
        )
        return answer

    async def history(self, request: Request) -> Response:
        """Return what was done to a task."""
        workspace = await self._workspace(request)
        query = history_query_of(request.scope, TASK_ID.in_path_of(request))
        page = await self._use_cases.history.list_history(query, workspace=workspace)
        answer = json_answer(history_documents(page))
        if page.next_before is not None:
            link = _next(request, before=str(page.next_before), limit=str(query.limit))
            answer.raw_headers.append((b"link", link))
        return answer

    async def trash(self, request: Request) -> Response:
        """Return deleted tasks."""
        workspace = await self._workspace(request)
        query = ListTrash(**read_query(request.scope, BEFORE_PLACE, LIMIT))
        page = await self._use_cases.history.list_trash(query, workspace=workspace)
        link = b""
        if page.next_before is not None:
            link = _next(request, before=place_text(page.next_before), limit=str(query.limit))
        return page_unless_known(request.scope, deleted_body(page.items), link)

    async def undo(self, request: Request) -> Response:
        """Undo a commit."""
        context = await self._context(request)
        command = UndoCommit(revision=REVISION.in_path_of(request))
        refuse_query(request.scope)
        refuse_body(await read_body(request, self._max_body_bytes))
        return json_answer(undo_document(await self._use_cases.execute(command, **context)))

    async def undo_actor(self, request: Request) -> Response:
        """Undo all that an actor did."""
        context = await self._context(request)
        refuse_query(request.scope)
        body = validated(UNDO_ACTOR, await read_json(request, JSON, self._max_body_bytes), not_yours={})
        try:
            outcome = await self._use_cases.execute(UndoActor(**body), **context)
        except InvalidValue as refused:  # elsewhere these are parameters of the query, or come from the app
            raise InvalidRequest.at(f"body.{refused.field}", refused.reason, code=refused.code) from None
        return json_answer(actor_undo_document(outcome))


def _next(request: Request, **parameters: str) -> bytes:
    return link_to_next(request.scope, _query(parameters))


def _located(request: Request, **parameters: str) -> tuple[bytes, bytes]:
    """Return the header that says where this page is found for good (RFC 9110 section 8.7)."""
    return b"content-location", f"{path_of(request.scope)}?{_query(parameters)}".encode("ascii")


def _query(parameters: Mapping[str, str]) -> str:
    return "&".join(f"{name}={quote(text)}" for name, text in parameters.items())
