"""The routes of the task API."""

from collections import defaultdict

from fastapi import APIRouter
from fastapi.routing import APIRoute

from taskharbor.entrypoints.http.operations import Operation, operations_of
from taskharbor.entrypoints.http.route_class import MountedTaskRoute
from taskharbor.entrypoints.http.task_endpoints import TaskEndpoints

TAG = "tasks"


def task_routes(endpoints: TaskEndpoints, route_class: type[MountedTaskRoute]) -> APIRouter:
    """Return a router with every operation. Each works with and without a slash at the end, without a redirect."""
    router = APIRouter(route_class=route_class, redirect_slashes=False, generate_unique_id_function=_operation_id)
    operations = operations_of(endpoints)
    for operation in operations:
        _add_shown(router, operation)
    for operation in operations:
        _add_hidden(router, operation)
    _let_paths_know_their_methods(router)
    return router


def _add_shown(router: APIRouter, operation: Operation) -> None:
    router.add_api_route(
        operation.path,
        operation.endpoint,
        methods=[operation.method],
        name=operation.name,
        summary=operation.summary,
        description=operation.description,
        status_code=operation.status,
        response_model=operation.model,
        responses=operation.responses,
        openapi_extra=operation.extra,
        tags=[TAG],
    )


def _add_hidden(router: APIRouter, operation: Operation) -> None:
    shown = operation.path
    other = shown.removesuffix("/") if shown.endswith("/") else f"{shown}/"
    ways = [(other, [operation.method])]
    if operation.method == "GET":
        ways = [(other, ["GET", "HEAD"]), (shown, ["HEAD"])]
    for path, methods in ways:
        router.add_api_route(path, operation.endpoint, methods=methods, response_model=None, include_in_schema=False)


def _let_paths_know_their_methods(router: APIRouter) -> None:
    methods: defaultdict[str, set[str]] = defaultdict(set)
    routes = [route for route in router.routes if isinstance(route, MountedTaskRoute)]
    for route in routes:
        methods[route.path] |= route.methods or set()
    for route in routes:
        route.allowed = ", ".join(sorted(methods[route.path]))


def _operation_id(route: APIRoute) -> str:
    """Return a name that is unique where the API is mounted under several prefixes."""
    prefix, _, _ = route.path_format.rpartition("/tasks")
    mounted = "".join(letter if letter.isalnum() else "_" for letter in prefix)
    return f"{route.name}{mounted}"
