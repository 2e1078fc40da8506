"""The table answers as the router behind it would, only sooner."""

import pytest
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Router

from taskharbor.entrypoints.http.routing.route_class import ServedTaskRoute
from taskharbor.entrypoints.http.routing.route_table import RouteTable

PATHS = {
    "/tasks/": ["GET", "POST"],
    "/tasks/search": ["GET"],
    "/tasks/{id}": ["GET", "PATCH"],
    "/tasks/{id}/": ["GET"],
    "/tasks/{id}/complete": ["POST"],
    "/lists/{id}": ["GET"],
    "/lists/{id}/tasks/{task}": ["PUT"],
}


@pytest.fixture
def router():
    async def endpoint(_request: Request) -> Response:
        return Response()

    routes = [
        ServedTaskRoute(path, endpoint, methods=[method], name=f"{method} {path}")
        for path, methods in PATHS.items()
        for method in methods
    ]
    files = ServedTaskRoute("/files/{name:path}", endpoint, methods=["GET"], name="GET /files/")
    numbers = ServedTaskRoute("/numbers/{number:int}", endpoint, methods=["GET"], name="GET /numbers/")
    return Router([*routes, files, numbers], redirect_slashes=False)


def asked(router, method, path):
    """Return name and parameters of the route that the router chooses, and whether the method is allowed."""
    scope = {"type": "http", "method": method, "path": path, "root_path": ""}
    partial = None
    for route in router.routes:
        match, child = route.matches(scope)
        if match is Match.FULL:
            return route.name, child["path_params"], True
        if match is Match.PARTIAL and partial is None:
            partial = route.name, child["path_params"], False
    return partial


def found(router, method, path, root_path=""):
    """Return the same of the route that the table chooses."""
    scope = {"type": "http", "method": method, "path": path, "root_path": root_path}
    choice = RouteTable(router, router.routes).find(scope)
    return choice and (choice[0].name, choice[1], method in choice[0].methods)


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "PUT", "DELETE"])
@pytest.mark.parametrize(
    "path",
    [
        *("/tasks/", "/tasks", "/tasks/7", "/tasks/7/", "/tasks/search", "/tasks/7/complete", "/tasks/a%2Fb"),
        *("/lists/3", "/lists/3/tasks/9", "/lists//tasks/9", "/", "", "//", "/nothing", "/tasks/7/complete/"),
    ],
)
def test_a_request_goes_where_the_router_would_send_it(router, method, path):
    assert found(router, method, path) == asked(router, method, path)


def test_the_path_below_which_the_app_is_mounted_does_not_count(router):
    assert found(router, "GET", "/todo/tasks/7", "/todo") == ("GET /tasks/{id}", {"id": "7"}, True)


@pytest.mark.parametrize("path", ["/files/a/b", "/numbers/7"])
def test_what_is_more_than_a_segment_of_text_is_left_to_the_router(router, path):
    assert found(router, "GET", path) is None
    assert asked(router, "GET", path)


@pytest.mark.parametrize("root_path", ["", "/todo"])
async def test_options_of_no_path_says_which_methods_the_server_has(router, root_path):
    sent = []
    scope = {"type": "http", "method": "OPTIONS", "path": f"{root_path}*", "root_path": root_path}
    await RouteTable(router, router.routes)(scope, None, _collecting(sent))
    assert sent[0]["status"] == 204
    assert dict(sent[0]["headers"])[b"allow"] == b"GET, HEAD, PATCH, POST, PUT, OPTIONS"


def _collecting(sent):
    async def send(message):
        sent.append(message)

    return send
