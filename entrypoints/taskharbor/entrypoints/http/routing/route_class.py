"""Routes that answer our own errors with problem documents, in whatever app they are mounted."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from taskharbor.domain.errors import TaskharborError
from taskharbor.entrypoints.http.responses.responses import method_answer, problem_answer


class MountedTaskRoute(APIRoute):
    """A route for other apps: FastAPI runs the dependencies that the host adds to it.

    Attributes:
        allowed: every method of the path, for `Allow`.
        closes_path: whether no later route is asked about this path, whatever the method: one without parameters comes
            before those with some that are like it (OpenAPI 3.1, Path Templating Matching).
            A host's router asks them nevertheless.
    """

    allowed: str = ""
    closes_path: bool = False

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return FastAPI's handler with our errors answered."""
        return _answering(super().get_route_handler())

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request to this path. A route knows its own method only; the path may have others."""
        if scope["method"] in (self.methods or ()):
            await super().handle(scope, receive, send)
        else:
            await method_answer(scope["method"], self.allowed)(scope, receive, send)


class ServedTaskRoute(MountedTaskRoute):
    """A route of our own app, which adds no dependencies: the endpoint is called directly.

    FastAPI's handler, which solves dependencies and would encode and validate the answer, costs more than the endpoint.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the endpoint with our errors answered."""
        return _answering(self.endpoint)


def _answering(handle: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    async def answer(request: Request) -> Response:
        try:
            return await handle(request)
        except TaskharborError as error:
            return problem_answer(error)

    return answer
