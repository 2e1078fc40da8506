"""The routes of the task API."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from fastapi import APIRouter
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.identifiers import ListId
from taskharbor.entrypoints.container import Container
from taskharbor.entrypoints.http.access.door import Door
from taskharbor.entrypoints.http.access.endpoints import AccessEndpoints
from taskharbor.entrypoints.http.access.operations import access_operations
from taskharbor.entrypoints.http.batch.endpoints import WorkspaceEndpoints
from taskharbor.entrypoints.http.batch.operations import workspace_operations
from taskharbor.entrypoints.http.claims.endpoints import ClaimEndpoints
from taskharbor.entrypoints.http.claims.operations import claim_operations
from taskharbor.entrypoints.http.history.endpoints import HistoryEndpoints
from taskharbor.entrypoints.http.history.operations import history_operations
from taskharbor.entrypoints.http.interchange.endpoints import InterchangeEndpoints
from taskharbor.entrypoints.http.interchange.operations import interchange_operations
from taskharbor.entrypoints.http.lists.endpoints import ListEndpoints
from taskharbor.entrypoints.http.lists.operations import list_operations
from taskharbor.entrypoints.http.live.endpoints import LiveEndpoints
from taskharbor.entrypoints.http.live.hub import Hub
from taskharbor.entrypoints.http.live.operations import live_operations
from taskharbor.entrypoints.http.openapi.operation import Operation
from taskharbor.entrypoints.http.quick_add.endpoints import QuickAddEndpoints
from taskharbor.entrypoints.http.quick_add.operations import quick_add_operations
from taskharbor.entrypoints.http.relations.endpoints import RelationEndpoints
from taskharbor.entrypoints.http.relations.operations import relation_operations
from taskharbor.entrypoints.http.reminders.endpoints import ReminderEndpoints
from taskharbor.entrypoints.http.reminders.operations import reminder_operations
from taskharbor.entrypoints.http.requests.callers import Callers, PrincipalOf
from taskharbor.entrypoints.http.requests.idempotency_key import refuse_idempotency_key
from taskharbor.entrypoints.http.routing.route_class import MountedTaskRoute, ServedTaskRoute, TaskRoute
from taskharbor.entrypoints.http.search.endpoints import SearchEndpoints
from taskharbor.entrypoints.http.search.operations import search_operations
from taskharbor.entrypoints.http.tasks.endpoints import TaskEndpoints
from taskharbor.entrypoints.http.tasks.operations import task_operations
from taskharbor.entrypoints.http.webhooks.endpoints import WebhookEndpoints
from taskharbor.entrypoints.http.webhooks.operations import webhook_operations

_PREFIX: Final = re.compile(
    r"(.*)/(?:tasks|lists|changes|events|webhooks|batch|filters|trash|commits|imports?|export|reminders|undo)\b"
)


def operations_on_tasks(container: Container, principal_of: PrincipalOf) -> list[Operation]:
    """Return every operation on the tasks of a workspace.

    `principal_of` says who a request is from; none is answered before that is clear.
    """
    callers, use_cases = Callers(principal_of), container.use_cases()

    def narrowed(lists: frozenset[ListId]) -> list[Operation]:
        return _operations_of(container, use_cases.narrowed_to(lists), callers)

    door = Door(callers, use_cases.access.trail, narrowed)
    return [door.before(_without_key(operation)) for operation in _operations_of(container, use_cases, callers)]


def operations_on_access(container: Container, principal_of: PrincipalOf) -> list[Operation]:
    """Return the operations on workspaces, members, invitations, tokens and the audit.

    They are for a server that knows its callers itself: an app around this one has its own accounts.
    """
    callers, access = Callers(principal_of), container.use_cases().access
    settings = container.settings()
    endpoints = AccessEndpoints(
        access, callers=callers, max_body_bytes=settings.max_body_bytes, has_issuers=bool(settings.oidc_issuers)
    )
    door = Door(callers, access.trail)
    return [door.before(_without_key(operation)) for operation in access_operations(endpoints)]


def mounted_routes(operations: Sequence[Operation]) -> APIRouter:
    """Return a router for another app. Each operation works with and without a slash at the end, without a redirect."""
    router = APIRouter(route_class=MountedTaskRoute, redirect_slashes=False, generate_unique_id_function=_operation_id)
    for operation in operations:
        router.add_api_route(operation.path, operation.endpoint, **_description_of(operation))
    for operation in operations:
        for path, methods in _hidden_ways(operation):
            router.add_api_route(
                path, operation.endpoint, methods=methods, response_model=None, include_in_schema=False
            )
    _let_paths_know_their_methods([route for route in router.routes if isinstance(route, MountedTaskRoute)])
    return router


def served_routes(operations: Sequence[Operation]) -> list[ServedTaskRoute]:
    """Return the same for our own app."""
    shown = [
        ServedTaskRoute(
            operation.path,
            operation.endpoint,
            methods=[operation.method],
            name=operation.name,
            described=partial(_described, operation),
        )
        for operation in operations
    ]
    hidden = [
        ServedTaskRoute(path, operation.endpoint, methods=methods)
        for operation in operations
        for path, methods in _hidden_ways(operation)
        if path != operation.path  # Starlette's routes answer HEAD where they answer GET
    ]
    routes = [*shown, *hidden]
    _let_paths_know_their_methods(routes)
    return routes


def _without_key(operation: Operation) -> Operation:
    """Return the operation so that it refuses an idempotency key, if it takes none and may change something."""
    endpoint = operation.endpoint
    if operation.takes_key or not operation.is_unsafe:
        return operation

    async def keyless(request: Request) -> Response:
        refuse_idempotency_key(request.scope)
        return await endpoint(request)

    return replace(operation, endpoint=keyless)


def _operations_of(container: Container, use_cases: UseCases, callers: Callers) -> list[Operation]:
    settings = container.settings()
    past = HistoryEndpoints(use_cases, callers=callers, max_body_bytes=settings.max_body_bytes)
    search = SearchEndpoints(use_cases, callers=callers, max_body_bytes=settings.max_body_bytes)
    tasks = TaskEndpoints(use_cases, search, past, callers=callers, max_body_bytes=settings.max_body_bytes)
    reminders = ReminderEndpoints(use_cases, callers=callers, max_body_bytes=settings.max_body_bytes)
    claims = ClaimEndpoints(use_cases, callers=callers, max_body_bytes=settings.max_body_bytes)
    whole = WorkspaceEndpoints(use_cases, callers=callers, max_batch_bytes=settings.max_batch_bytes)
    structure = RelationEndpoints(use_cases, callers=callers, max_body_bytes=settings.max_body_bytes)
    quick = QuickAddEndpoints(use_cases, callers=callers, max_body_bytes=settings.max_body_bytes)
    lists = ListEndpoints(use_cases, callers=callers, max_body_bytes=settings.max_body_bytes)
    files = InterchangeEndpoints(use_cases, callers=callers, max_import_bytes=settings.max_import_bytes)
    hub = Hub(use_cases.live, heartbeat=settings.stream_heartbeat, max_streams=settings.max_streams)
    live = LiveEndpoints(hub, callers=callers)
    webhooks = WebhookEndpoints(use_cases.webhooks, callers=callers, max_body_bytes=settings.max_body_bytes)
    return [
        # Those on `/tasks/facets` and the like first: else `facets` would be taken for the id of a task.
        *quick_add_operations(quick),
        *search_operations(search),
        *claim_operations(claims),
        *reminder_operations(reminders),
        *task_operations(tasks),
        *relation_operations(structure),
        *list_operations(lists),
        *workspace_operations(whole),
        *live_operations(live),
        *webhook_operations(webhooks),
        *history_operations(past),
        *interchange_operations(files),
    ]


def _description_of(operation: Operation) -> dict[str, Any]:
    return {
        "methods": [operation.method],
        "name": operation.name,
        "summary": operation.summary,
        "description": operation.description,
        "status_code": operation.status,
        "response_model": operation.model,
        "response_class": Response if operation.model is None else JSONResponse,
        "responses": operation.responses,
        "openapi_extra": operation.extra,
        "tags": [operation.topic.name],
    }


def _described(operation: Operation) -> APIRoute:
    description = _description_of(operation)
    return APIRoute(operation.path, operation.endpoint, generate_unique_id_function=_operation_id, **description)


def _hidden_ways(operation: Operation) -> list[tuple[str, list[str]]]:
    """Return under which paths and methods it is found besides those that the document shows."""
    shown = operation.path
    other = shown.removesuffix("/") if shown.endswith("/") else f"{shown}/"
    if operation.method == "GET":
        return [(other, ["GET", "HEAD"]), (shown, ["HEAD"])]
    return [(other, [operation.method])]


def _let_paths_know_their_methods(routes: Sequence[TaskRoute]) -> None:
    methods: defaultdict[str, set[str]] = defaultdict(set)
    for route in routes:
        methods[route.path] |= route.methods or set()
    for route in routes:
        route.allowed = ", ".join(sorted(methods[route.path]))
    for route in {route.path: route for route in routes if not route.param_convertors}.values():
        route.closes_path = True  # the last of its path


def _operation_id(route: APIRoute) -> str:
    """Return a name that is unique where the API is mounted under several prefixes."""
    prefix = _PREFIX.match(route.path_format)
    mounted = "".join(letter if letter.isalnum() else "_" for letter in prefix[1]) if prefix else ""
    return f"{route.name}{mounted}"
