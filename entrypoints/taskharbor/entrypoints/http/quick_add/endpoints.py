"""What happens between a line and the use case."""

from starlette.requests import Request
from starlette.responses import Response

from taskharbor.application.quick_add.quick_add import QuickAdd
from taskharbor.application.use_cases.application import UseCases
from taskharbor.entrypoints.http.quick_add.bodies import QUICK_ADD
from taskharbor.entrypoints.http.quick_add.documents import quick_added_document
from taskharbor.entrypoints.http.requests.body import read_json
from taskharbor.entrypoints.http.requests.callers import Callers
from taskharbor.entrypoints.http.requests.headers import JSON
from taskharbor.entrypoints.http.requests.parameter import refuse_query
from taskharbor.entrypoints.http.requests.validation import validated
from taskharbor.entrypoints.http.responses.responses import json_answer


class QuickAddEndpoints:
    """The operation on lines, as a function from request to response."""

    def __init__(self, use_cases: UseCases, *, callers: Callers, max_body_bytes: int) -> None:
        self._use_cases = use_cases
        self._callers = callers
        self._max_body_bytes = max_body_bytes

    async def quick_add(self, request: Request) -> Response:
        """Create the task that a line says."""
        context = await self._callers.context(request)
        refuse_query(request.scope)
        body = await read_json(request, JSON, self._max_body_bytes)
        command = QuickAdd(**validated(QUICK_ADD, body, not_yours={}))
        return json_answer(quick_added_document(await self._use_cases.execute(command, **context)))
