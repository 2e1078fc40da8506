"""The history, the past, taking back, the trash: what happens between request and use case."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from taskharbor.application.history.as_of import GetTaskAsOf
from taskharbor.application.undo.undo_commit import UndoCommit
from taskharbor.application.use_cases.history import PastUseCases
from taskharbor.domain.identifiers import WorkspaceId
from taskharbor.entrypoints.http.history.documents import deleted_body, history_documents, undo_document
from taskharbor.entrypoints.http.history.past_parameters import (
    as_of_of,
    history_query_of,
    past_query_of,
    place_text,
    revision_of,
    trash_query_of,
)
from taskharbor.entrypoints.http.requests.callers import Callers
from taskharbor.entrypoints.http.requests.json_body import read_body, refuse_body
from taskharbor.entrypoints.http.requests.parameters import refuse_query, task_id_of
from taskharbor.entrypoints.http.responses.links import link_to_next
from taskharbor.entrypoints.http.responses.not_modified import page_unless_known, task_unless_known
from taskharbor.entrypoints.http.responses.page_body import PageBody
from taskharbor.entrypoints.http.responses.responses import json_answer


class PastEndpoints:
    """These operations as functions from request to response."""

    def __init__(self, use_cases: PastUseCases, *, callers: Callers, max_body_bytes: int) -> None:
        self._use_cases = use_cases
        self._workspace = callers.workspace
        self._about = callers.about
        self._max_body_bytes = max_body_bytes

    async def get(self, request: Request, workspace: WorkspaceId) -> Response:
        """Return one task as it was."""
        query = GetTaskAsOf(id=task_id_of(request), as_of=as_of_of(request.scope))
        task = await self._use_cases.get_task_as_of(query, workspace=workspace)
        return task_unless_known(request.scope, task)

    async def list(self, request: Request, workspace: WorkspaceId) -> Response:
        """Return a page of tasks as they were."""
        query = past_query_of(request.scope)
        page = await self._use_cases.list_tasks_as_of(query, workspace=workspace)
        link = b""
        if page.next_after is not None:
            link = _next(request, as_of=str(page.revision), after=str(page.next_after), limit=str(query.limit))
        return page_unless_known(request.scope, PageBody.of_tasks(page.items), link)

    async def history(self, request: Request) -> Response:
        """Return what was done to a task."""
        workspace = await self._workspace(request)
        query = history_query_of(request.scope, task_id_of(request))
        page = await self._use_cases.list_history(query, workspace=workspace)
        answer = json_answer(history_documents(page))
        if page.next_before is not None:
            link = _next(request, before=str(page.next_before), limit=str(query.limit))
            answer.raw_headers.append((b"link", link))
        return answer

    async def trash(self, request: Request) -> Response:
        """Return deleted tasks."""
        workspace = await self._workspace(request)
        query = trash_query_of(request.scope)
        page = await self._use_cases.list_trash(query, workspace=workspace)
        link = b""
        if page.next_before is not None:
            link = _next(request, before=place_text(page.next_before), limit=str(query.limit))
        return page_unless_known(request.scope, deleted_body(page.items), link)

    async def undo(self, request: Request) -> Response:
        """Take back what a commit did."""
        about = await self._about(request)
        command = UndoCommit(revision=revision_of(request))
        refuse_query(request.scope)
        refuse_body(await read_body(request, self._max_body_bytes))
        return json_answer(undo_document(await self._use_cases.undo_commit(command, **about)))


def _next(request: Request, **parameters: str) -> bytes:
    query = "&".join(f"{name}={quote(text)}" for name, text in parameters.items())
    return link_to_next(request.scope, query)
