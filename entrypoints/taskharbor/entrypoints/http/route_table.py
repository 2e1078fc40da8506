"""Finds the route of a request without asking every route in turn."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from starlette._utils import get_route_path
from starlette.convertors import StringConvertor
from starlette.routing import BaseRoute, Match
from starlette.types import Receive, Scope, Send

from taskharbor.entrypoints.http.route_class import ServedTaskRoute


class RouteTable(BaseRoute):
    """Stands before the routes of an app and answers in their place; they stay, as what the app documents.

    A router compares the path of a request with one regular expression after the other: with fifty routes that takes
    longer than anything else that happens to a request here. A path without parameters is found in a dictionary, and
    of the others only those with as many segments are compared. Among those that match, the first with the method of
    the request is chosen, as a router would; if there is none, the first answers that the method is not allowed.
    """

    def __init__(self, routes: Iterable[BaseRoute]) -> None:
        self._literal: defaultdict[str, list[ServedTaskRoute]] = defaultdict(list)
        self._by_segments: defaultdict[int, list[ServedTaskRoute]] = defaultdict(list)
        for route in routes:
            if isinstance(route, ServedTaskRoute) and _is_plain(route):
                if route.param_convertors:
                    self._by_segments[route.path.count("/")].append(route)
                else:
                    self._literal[route.path].append(route)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Find the route, for `handle`."""
        if scope["type"] != "http":
            return Match.NONE, {}
        path = get_route_path(scope)
        fallback: Scope | None = None
        for route, path_params in self._candidates(path):
            found = {"route": route, "endpoint": route.endpoint, "path_params": path_params}
            if scope["method"] in (route.methods or ()):
                return Match.FULL, found
            fallback = fallback or found
        return (Match.NONE, {}) if fallback is None else (Match.FULL, fallback)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have the route answer."""
        await scope["route"].serve(scope, receive, send)

    def _candidates(self, path: str) -> Iterator[tuple[ServedTaskRoute, dict[str, str]]]:
        for route in self._literal.get(path, ()):
            yield route, {}
        for route in self._by_segments.get(path.count("/"), ()):
            match = route.path_regex.match(path)
            if match is not None:
                yield route, match.groupdict()


def _is_plain(route: ServedTaskRoute) -> bool:
    """Tell whether each parameter of the path is one segment, as it stands there; others are left to the router."""
    return all(type(convertor) is StringConvertor for convertor in route.param_convertors.values())
