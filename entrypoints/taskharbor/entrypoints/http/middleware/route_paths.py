"""Which route a request was for, as text."""

from collections.abc import Iterable
from typing import Final

from starlette.routing import BaseRoute, Route
from starlette.types import Scope

OTHER: Final = "other"
"""Stands for all paths without a route."""


class RoutePaths:
    """Knows the paths of an app's routes, such as `/tasks/{task_id}`."""

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        # Starlette's own routes leave their endpoint in the scope, ours leave themselves.
        self._paths = {id(route.endpoint): route.path for route in routes if isinstance(route, Route)}

    def of(self, scope: Scope) -> str:
        """Return the path of the route that a request was for, once that is known."""
        route = scope.get("route")
        if isinstance(route, Route):
            return route.path
        return self._paths.get(id(scope["endpoint"]), OTHER) if "endpoint" in scope else OTHER
