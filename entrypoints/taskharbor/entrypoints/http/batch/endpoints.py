"""The operations on a workspace as a whole: what has changed in it, and many changes at once."""

from starlette.requests import Request
from starlette.responses import Response

from taskharbor.application.sync.list_changes import ListChanges
from taskharbor.application.use_cases.application import UseCases
from taskharbor.entrypoints.http.batch.documents import batch_document
from taskharbor.entrypoints.http.requests.body import read_json
from taskharbor.entrypoints.http.requests.callers import Callers
from taskharbor.entrypoints.http.requests.headers import JSON
from taskharbor.entrypoints.http.requests.parameter import read_query, refuse_query
from taskharbor.entrypoints.http.requests.parameters import CHANGES_LIMIT, SINCE
from taskharbor.entrypoints.http.requests.preferences import prefers_representation
from taskharbor.entrypoints.http.responses.responses import json_answer
from taskharbor.entrypoints.http.schemas.change_documents import changes_document


class WorkspaceEndpoints:
    """These operations as functions from request to response."""

    def __init__(self, use_cases: UseCases, *, callers: Callers, max_batch_bytes: int) -> None:
        self._use_cases = use_cases
        self._workspace = callers.workspace
        self._context = callers.context
        self._max_batch_bytes = max_batch_bytes

    async def changes(self, request: Request) -> Response:
        """Return what has changed."""
        workspace = await self._workspace(request)
        page = await self._use_cases.list_changes(
            ListChanges(**read_query(request.scope, SINCE, CHANGES_LIMIT)), workspace=workspace
        )
        return json_answer(changes_document(page))

    async def batch(self, request: Request) -> Response:
        """Carry out many commands."""
        from taskharbor.entrypoints.http.batch.command_parser import batch_from  # noqa: PLC0415  # 3 ms, 0.3 MB

        context = await self._context(request)
        refuse_query(request.scope)
        batch = await batch_from(await read_json(request, JSON, self._max_batch_bytes))
        outcome = await self._use_cases.execute(batch, **context)
        return json_answer(await batch_document(batch, outcome, whole=prefers_representation(request.scope)))
