"""The routes as FastAPI knows them: in other apps, and in the OpenAPI document."""

import re
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, Final

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

from taskharbor.entrypoints.http.routing.route_class import ServedTaskRoute, TaskRoute, answering

_PREFIX: Final = re.compile(
    r"(.*)/(?:tasks|lists|changes|events|webhooks|batch|filters|trash|commits|imports?|export|reminders|undo)\b"
)


class MountedTaskRoute(TaskRoute, APIRoute):
    """A route for other apps: FastAPI runs the dependencies that the host adds to it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return FastAPI's handler with our errors answered."""
        return answering(super().get_route_handler())


def described_routes(routes: Iterable[BaseRoute]) -> list[BaseRoute]:
    """Return the routes as FastAPI can read from them what the document shows."""
    return [
        APIRoute(route.path, route.endpoint, **{"generate_unique_id_function": operation_id} | route.described())
        if isinstance(route, ServedTaskRoute) and route.described is not None
        else route
        for route in routes
    ]


def operation_id(route: APIRoute) -> str:
    """Return a name that is unique where the API is mounted under several prefixes."""
    prefix = _PREFIX.match(route.path_format)
    mounted = "".join(letter if letter.isalnum() else "_" for letter in prefix[1]) if prefix else ""
    return f"{route.name}{mounted}"
