"""Is this process alive, and can it do its work?"""

import asyncio

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from taskharbor.application.errors import StoreNotReady, StoreUnavailable
from taskharbor.application.ports.storage import Storage
from taskharbor.domain.errors import TaskharborError
from taskharbor.entrypoints.http.openapi.descriptions import other_problems, problems
from taskharbor.entrypoints.http.openapi.operation import Endpoint
from taskharbor.entrypoints.http.openapi.security import FOR_EVERYONE
from taskharbor.entrypoints.http.openapi.tags import SERVICE
from taskharbor.entrypoints.http.requests.parameter import refuse_query
from taskharbor.entrypoints.http.responses.responses import json_answer
from taskharbor.entrypoints.http.routing.route_class import ServedTaskRoute


def health_routes(storage: Storage, *, timeout: float) -> list[ServedTaskRoute]:
    """Return `/health/live` and `/health/ready`; the latter waits `timeout` seconds for the store."""

    async def live(request: Request) -> Response:
        """Answers whenever this process answers anything. It does not look at the store."""
        refuse_query(request.scope)
        return json_answer({"status": "live"})

    async def ready(request: Request) -> Response:
        """Answers 200 when the store does, so that requests can be sent here; 503 when it does not."""
        refuse_query(request.scope)
        try:
            async with asyncio.timeout(timeout):
                await storage.ping()
        except TimeoutError:
            raise StoreUnavailable(f"no answer within {timeout:g} seconds") from None
        return json_answer({"status": "ready"})

    return [
        *_routes(live, "Is the process alive?"),
        *_routes(ready, "Is the store reachable?", StoreUnavailable(""), StoreNotReady("", remedy="")),
    ]


def _routes(endpoint: Endpoint, summary: str, *errors: TaskharborError) -> list[ServedTaskRoute]:
    name = endpoint.__name__
    path = f"/health/{name}"

    def described() -> APIRoute:
        return APIRoute(
            path,
            endpoint,
            methods=["GET"],
            response_model=dict[str, str],
            summary=summary,
            openapi_extra=FOR_EVERYONE,
            operation_id=f"health_{name}",
            responses={
                200: {"content": {"application/json": {"example": {"status": name}}}},
                **problems(*errors),
                **other_problems(),
            },
            tags=[SERVICE.name],
        )

    routes = [
        ServedTaskRoute(path, endpoint, methods=["GET"], described=described),
        ServedTaskRoute(f"{path}/", endpoint, methods=["GET"]),
    ]
    for route in routes:
        route.allowed = "GET, HEAD"
    return routes
