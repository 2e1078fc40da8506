"""Is this process alive, and can it do its work?"""

import asyncio

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from taskharbor.application.errors import StoreNotReady, StoreUnavailable
from taskharbor.application.ports.storage import Storage
from taskharbor.entrypoints.http.openapi.descriptions import other_problems, problems
from taskharbor.entrypoints.http.openapi.security import FOR_EVERYONE
from taskharbor.entrypoints.http.openapi.tags import SERVICE
from taskharbor.entrypoints.http.requests.parameter import refuse_query
from taskharbor.entrypoints.http.responses.responses import json_answer
from taskharbor.entrypoints.http.routing.route_class import ServedTaskRoute


def health_routes(storage: Storage, *, timeout: float) -> APIRouter:
    """Return `/health/live` and `/health/ready`; the latter waits `timeout` seconds for the store."""
    router = APIRouter(route_class=ServedTaskRoute, redirect_slashes=False, tags=[SERVICE.name])

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

    for endpoint, summary, errors in (
        (live, "Is the process alive?", ()),
        (ready, "Is the store reachable?", (StoreUnavailable(""), StoreNotReady("", remedy=""))),
    ):
        name = endpoint.__name__
        router.add_api_route(
            f"/health/{name}",
            endpoint,
            response_model=dict[str, str],
            summary=summary,
            openapi_extra=FOR_EVERYONE,
            operation_id=f"health_{name}",
            responses={
                200: {"content": {"application/json": {"example": {"status": name}}}},
                **problems(*errors),
                **other_problems(),
            },
        )
        for path, methods in ((f"/health/{name}", ["HEAD"]), (f"/health/{name}/", ["GET", "HEAD"])):
            router.add_api_route(path, endpoint, methods=methods, response_model=None, include_in_schema=False)
    for route in router.routes:
        if isinstance(route, ServedTaskRoute):
            route.allowed = "GET, HEAD"
    return router
