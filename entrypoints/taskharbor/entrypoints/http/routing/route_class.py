"""Routes that answer our own errors with problem documents, in whatever app they are mounted."""

from collections.abc import Awaitable, Callable, Coroutine, Iterable, Sequence
from typing import Any

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from taskharbor.domain.errors import TaskharborError
from taskharbor.entrypoints.http.responses.responses import method_answer, problem_answer


class TaskRoute(Route):
    """A route to an operation of ours.

    Attributes:
        allowed: every method of the path, for `Allow`.
        closes_path: whether no later route is asked about this path, whatever the method: one without parameters comes
            before those with some that are like it (OpenAPI 3.1, Path Templating Matching).
            A host's router asks them nevertheless.
    """

    allowed: str = ""
    closes_path: bool = False

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request to this path. A route knows its own method only; the path may have others."""
        if scope["method"] in (self.methods or ()):
            await super().handle(scope, receive, send)
        else:
            await method_answer(scope["method"], self.allowed)(scope, receive, send)


class MountedTaskRoute(TaskRoute, APIRoute):
    """A route for other apps: FastAPI runs the dependencies that the host adds to it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return FastAPI's handler with our errors answered."""
        return _answering(super().get_route_handler())


class ServedTaskRoute(TaskRoute):
    """A route of our own app, which adds no dependencies: the endpoint is called directly.

    FastAPI's handler, which solves dependencies and would encode and validate the answer, costs more than the endpoint;
    its models of all answers, which only the OpenAPI document shows, took a third of the start of a server. So a route
    is described when the document is made.
    """

    def __init__(
        self,
        path: str,
        endpoint: Callable[[Request], Awaitable[Response]],
        *,
        methods: Sequence[str],
        name: str | None = None,
        described: Callable[[], APIRoute] | None = None,
    ) -> None:
        """Make a route that the document shows as the one that `described` returns; without that it is not shown."""
        super().__init__(
            path, _answering(endpoint), methods=methods, name=name, include_in_schema=described is not None
        )
        self.endpoint = endpoint
        self.described = described


def described_routes(routes: Iterable[BaseRoute]) -> list[BaseRoute]:
    """Return the routes as FastAPI can read from them what the document shows."""
    return [
        route.described() if isinstance(route, ServedTaskRoute) and route.described is not None else route
        for route in routes
    ]


def _answering(handle: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Coroutine[Any, Any, Response]]:
    async def answer(request: Request) -> Response:
        try:
            return await handle(request)
        except TaskharborError as error:
            return problem_answer(error)

    return answer
