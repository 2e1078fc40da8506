"""The history, the past, taking back, the trash: what happens between request and use case."""

import re
from typing import Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from taskharbor.application.history.as_of import GetTaskAsOf, ListTasksAsOf
from taskharbor.application.history.list_history import DEFAULT_ENTRIES, ListHistory
from taskharbor.application.history.trash import ListTrash
from taskharbor.application.ports.task_trash import DeletedPosition
from taskharbor.application.tasks.list_tasks import DEFAULT_LIMIT
from taskharbor.application.undo.undo_commit import UndoCommit
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.errors import InvalidValue
from taskharbor.domain.identifiers import MAX_ID, Revision, TaskId, WorkspaceId
from taskharbor.domain.values.instant import instant_as_json, instant_of
from taskharbor.entrypoints.http.history.documents import deleted_body, history_documents, undo_document
from taskharbor.entrypoints.http.requests.callers import Callers
from taskharbor.entrypoints.http.requests.errors import InvalidRequest
from taskharbor.entrypoints.http.requests.json_body import read_body, refuse_body
from taskharbor.entrypoints.http.requests.parameters import integers, parameters_of, refuse_query, task_id_of
from taskharbor.entrypoints.http.responses.links import link_to_next
from taskharbor.entrypoints.http.responses.not_modified import page_unless_known, task_unless_known
from taskharbor.entrypoints.http.responses.page_body import PageBody
from taskharbor.entrypoints.http.responses.responses import json_answer

_REVISION: Final = re.compile(r"[1-9][0-9]{0,15}", re.ASCII)
_PLACE: Final = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?Z)\.([1-9]\d{0,15})", re.ASCII)


def revision_of(request: Request) -> Revision:
    """Return the commit that the path names.

    Raises:
        InvalidRequest: if no commit can ever have this revision.
    """
    text = request.path_params["revision"]
    if _REVISION.fullmatch(text) and (revision := int(text)) <= MAX_ID:
        return revision
    raise InvalidRequest.at("path.revision", f"must be an integer from 1 to {MAX_ID}", code="invalid_value")


def has_as_of(scope: Scope) -> bool:
    """Tell whether `as_of` is among the query parameters."""
    return b"as_of=" in scope["query_string"]


def as_of_of(scope: Scope) -> str:
    """Return what `as_of`, which is the only parameter, says.

    Raises:
        InvalidRequest: if another one is there, or it is there twice.
    """
    found = parameters_of(scope, ("as_of",))
    if "as_of" not in found:
        raise InvalidRequest.at("query.as_of", "is required", code="missing")
    return found["as_of"]


def as_of_query_of(scope: Scope) -> ListTasksAsOf:
    """Return which page of the past is asked for.

    Raises:
        InvalidRequest: if a parameter is unknown, given twice, or no number.
        InvalidValue: if a number is out of its range.
    """
    found = parameters_of(scope, ("as_of", "limit", "after"))
    if "as_of" not in found:
        raise InvalidRequest.at("query.as_of", "is required", code="missing")
    as_of = found.pop("as_of")
    numbers = integers(found)
    return ListTasksAsOf(as_of=as_of, limit=numbers.get("limit", DEFAULT_LIMIT), after=numbers.get("after", 0))


def history_query_of(scope: Scope, task_id: TaskId) -> ListHistory:
    """Return which entries of the history are asked for.

    Raises:
        InvalidRequest: if a parameter is unknown, given twice, no number, or out of its range.
    """
    numbers = integers(parameters_of(scope, ("before", "limit")))
    try:
        return ListHistory(id=task_id, before=numbers.get("before"), limit=numbers.get("limit", DEFAULT_ENTRIES))
    except InvalidValue as invalid:
        raise InvalidRequest.at(f"query.{invalid.field}", invalid.reason, code=invalid.code) from None


def trash_query_of(scope: Scope) -> ListTrash:
    """Return which deleted tasks are asked for.

    Raises:
        InvalidRequest: if a parameter is unknown, given twice, or malformed.
        InvalidValue: if the limit is out of its range.
    """
    found = parameters_of(scope, ("before", "limit"))
    before = _place_from(found.pop("before")) if "before" in found else None
    return ListTrash(before=before, limit=integers(found).get("limit", DEFAULT_LIMIT))


def place_text(position: DeletedPosition) -> str:
    """Return a place in the trash as `before` takes it."""
    return f"{instant_as_json(position.deleted)}.{position.task_id}"


def _place_from(text: str) -> DeletedPosition:
    found = _PLACE.fullmatch(text)
    try:
        if found and int(found[2]) <= MAX_ID:
            return DeletedPosition(instant_of(found[1]), int(found[2]))
    except ValueError:
        pass
    raise InvalidRequest.at("query.before", "must come from the `next` link of an earlier page", code="invalid_value")


class HistoryEndpoints:
    """These operations as functions from request to response."""

    def __init__(self, use_cases: UseCases, *, callers: Callers, max_body_bytes: int) -> None:
        self._use_cases = use_cases
        self._workspace = callers.workspace
        self._context = callers.context
        self._max_body_bytes = max_body_bytes

    async def get(self, request: Request, workspace: WorkspaceId) -> Response:
        """Return one task as it was."""
        query = GetTaskAsOf(id=task_id_of(request), as_of=as_of_of(request.scope))
        task = await self._use_cases.history.get_task_as_of(query, workspace=workspace)
        return task_unless_known(request.scope, task)

    async def list(self, request: Request, workspace: WorkspaceId) -> Response:
        """Return a page of tasks as they were."""
        query = as_of_query_of(request.scope)
        page = await self._use_cases.history.list_tasks_as_of(query, workspace=workspace)
        link = b""
        if page.next_after is not None:
            link = _next(request, as_of=str(page.revision), after=str(page.next_after), limit=str(query.limit))
        return page_unless_known(request.scope, PageBody.of_tasks(page.items), link)

    async def history(self, request: Request) -> Response:
        """Return what was done to a task."""
        workspace = await self._workspace(request)
        query = history_query_of(request.scope, task_id_of(request))
        page = await self._use_cases.history.list_history(query, workspace=workspace)
        answer = json_answer(history_documents(page))
        if page.next_before is not None:
            link = _next(request, before=str(page.next_before), limit=str(query.limit))
            answer.raw_headers.append((b"link", link))
        return answer

    async def trash(self, request: Request) -> Response:
        """Return deleted tasks."""
        workspace = await self._workspace(request)
        query = trash_query_of(request.scope)
        page = await self._use_cases.history.list_trash(query, workspace=workspace)
        link = b""
        if page.next_before is not None:
            link = _next(request, before=place_text(page.next_before), limit=str(query.limit))
        return page_unless_known(request.scope, deleted_body(page.items), link)

    async def undo(self, request: Request) -> Response:
        """Take back what a commit did."""
        context = await self._context(request)
        command = UndoCommit(revision=revision_of(request))
        refuse_query(request.scope)
        refuse_body(await read_body(request, self._max_body_bytes))
        return json_answer(undo_document(await self._use_cases.execute(command, **context)))


def _next(request: Request, **parameters: str) -> bytes:
    query = "&".join(f"{name}={quote(text)}" for name, text in parameters.items())
    return link_to_next(request.scope, query)
