"""The app that `taskharbor serve` runs."""

from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager, nullcontext
from importlib.metadata import version
from typing import TYPE_CHECKING, Final

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response

from taskharbor.entrypoints.container import Container, container_from
from taskharbor.entrypoints.delivering import delivering
from taskharbor.entrypoints.housekeeping import housekeeping
from taskharbor.entrypoints.http.access.authenticators import authenticators_of
from taskharbor.entrypoints.http.access.limited_ways_in import LimitedWaysIn
from taskharbor.entrypoints.http.health import health_routes
from taskharbor.entrypoints.http.lean_fastapi import LeanFastAPI, TracedFastAPI
from taskharbor.entrypoints.http.middleware.address_limit import AddressLimitMiddleware
from taskharbor.entrypoints.http.middleware.admission import AdmissionMiddleware, is_health
from taskharbor.entrypoints.http.middleware.browser_guard import BrowserGuardMiddleware
from taskharbor.entrypoints.http.middleware.compression import CompressionMiddleware
from taskharbor.entrypoints.http.middleware.hosts import AllowedHosts
from taskharbor.entrypoints.http.middleware.replica_reads import ReplicaReadsMiddleware
from taskharbor.entrypoints.http.middleware.request_log import RequestLogMiddleware
from taskharbor.entrypoints.http.middleware.request_metrics import RequestMetricsMiddleware
from taskharbor.entrypoints.http.middleware.root_path import RootPathMiddleware
from taskharbor.entrypoints.http.openapi.shared_schemas import describe_once, make_beside
from taskharbor.entrypoints.http.openapi.swagger_ui import add_api_docs
from taskharbor.entrypoints.http.openapi.tags import OPENAPI_TAGS
from taskharbor.entrypoints.http.rate_limits.limits_of_app import LimitsOfApp
from taskharbor.entrypoints.http.requests.callers import PrincipalOf
from taskharbor.entrypoints.http.requests.errors import PathNotFound
from taskharbor.entrypoints.http.responses.responses import json_answer, method_answer, problem_answer
from taskharbor.entrypoints.http.routes import operations_on_access, operations_on_tasks, served_routes
from taskharbor.entrypoints.http.routing.route_class import described_routes
from taskharbor.entrypoints.http.routing.route_table import RouteTable
from taskharbor.entrypoints.http.sign_in.sign_in import sign_in_of
from taskharbor.entrypoints.http.sign_in.ways_in import ways_in_of
from taskharbor.entrypoints.metrics.metrics import Metrics
from taskharbor.entrypoints.reminding import reminding
from taskharbor.entrypoints.settings.loading import settings_from
from taskharbor.entrypoints.settings.settings import Settings

if TYPE_CHECKING:
    from taskharbor.adapters.opentelemetry.tracing import Tracing

DESCRIPTION: Final = """
Tasks in the terms of RFC 8984 (JSCalendar).

* Each commit takes the next *revision* of the workspace. Quoted, a task's revision is its ETag: send it as `If-Match`
  and a change is refused (412) if another one came first.
* What is refused is answered with a problem document (RFC 9457); `code` is meant for programs and never changes.
* `/changes` lists what has changed since you last looked, with nothing skipped; `/batch` makes many changes in one
  commit.
* Nothing that you send is ignored: an unknown key or parameter is an error.
"""


def create_app(
    settings: Settings | None = None, *, container: Container | None = None, metrics: Metrics | None = None
) -> FastAPI:
    """Return a new app with a container of its own, which is found at `app.state.container`.

    The store is opened when the app starts, and closed when it stops: servers drain their requests before.

    Args:
        settings: how to serve; read from the environment if neither they nor a container are given.
        container: all parts of the service, if some are to be replaced; it has settings of its own.
        metrics: counts what happens, if that is asked for.

    Raises:
        InvalidSettings: if the environment has a wrong setting.
        InvalidValue: if the settings name no store.
        ImportError: if the store needs a package that is not installed; the message says which extra to install.
    """
    if container is None:
        container = container_from(settings or settings_from())
    settings = container.settings()
    storage = container.storage()
    limits = LimitsOfApp.of(settings)
    sign_in = sign_in_of(container, limits.failures)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        use_cases = container.use_cases()
        async with (
            nullcontext() if tracing is None else aclosing(tracing),
            storage,
            aclosing(limits.counters),
            aclosing(use_cases.webhooks),
            sign_in.opened(),
            housekeeping(use_cases.history, settings),
            delivering(use_cases.webhooks, enabled=settings.deliver_webhooks),
            reminding(use_cases.reminders, settings),
            nullcontext() if agents is None else agents.opened(),
            nullcontext() if metrics is None else metrics.sampling(use_cases, storage, settings.workspace),
        ):
            use_cases.access.principals.doubt()
            try:
                yield
            finally:
                await use_cases.access.trail.aclose()

    tracing = container.tracing()
    app = (LeanFastAPI if tracing is None else TracedFastAPI)(
        title="Taskharbor",
        summary="A Task service with swappable persistence.",
        description=DESCRIPTION,
        version=version("taskharbor"),
        openapi_tags=[topic.as_json() for topic in OPENAPI_TAGS],
        lifespan=lifespan,
        middleware=_middleware(settings, limits, metrics),
        exception_handlers={404: _not_found, 405: _method_not_allowed},
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
        telemetry=None if tracing is None else _spans_by(tracing),
    )
    app.state.container = container
    principal_of: PrincipalOf = authenticators_of(container, sign_in.ways_in).principal_of
    if any(each is not None for each in (limits.per_caller, limits.failures, sign_in.resource_metadata)):
        principal_of = LimitedWaysIn(
            principal_of,
            per_caller=limits.per_caller,
            failures=limits.failures,
            resource_metadata=sign_in.resource_metadata,
        ).principal_of
    # Not by include_router, which would match every request twice.
    app.router.routes.extend(served_routes(operations_on_tasks(container, principal_of)))
    app.router.routes.extend(served_routes(operations_on_access(container, principal_of)))
    app.router.routes.extend(health_routes(storage, timeout=settings.ready_timeout))
    app.router.routes.extend(sign_in.routes)
    describe_once(app, described_routes, ways_in_of(settings))
    make_beside(app)
    agents = None
    if settings.mcp:
        from taskharbor.entrypoints.http.agents import AgentEndpoint  # noqa: PLC0415  # what only some ask for

        agents = AgentEndpoint(container.use_cases(), principal_of, max_body_bytes=settings.max_body_bytes)
        app.router.routes.extend(agents.routes)
    add_api_docs(app)
    app.add_route("/", _index, include_in_schema=False)
    if metrics is not None:
        app.user_middleware.insert(0, Middleware(RequestMetricsMiddleware, metrics=metrics, routes=app.router.routes))
    if tracing is not None:
        from taskharbor.entrypoints.http.middleware.request_spans import RequestSpanMiddleware  # noqa: PLC0415

        app.user_middleware.insert(0, Middleware(RequestSpanMiddleware, routes=app.router.routes))
    app.user_middleware.append(Middleware(RouteTable, routes=app.router.routes))
    return app


def _spans_by(tracing: "Tracing") -> TelemetryConfig:
    return {
        "tracer_provider": tracing.provider,
        "metrics": False,  # Prometheus has them
        "logs": False,
        "operation_spans": False,  # those of the use cases say more
        "auto_configure": False,
        "exclude": is_health,
    }


def _middleware(settings: Settings, limits: LimitsOfApp, metrics: Metrics | None) -> list[Middleware]:
    root_path = [Middleware(RootPathMiddleware, root_path=settings.root_path)] if settings.root_path else []
    return [
        *root_path,
        Middleware(RequestLogMiddleware),
        Middleware(
            BrowserGuardMiddleware,
            hosts=AllowedHosts(settings.hosts()),
            origins=settings.cors_origins,
            loopback_only=settings.auth == "local" and not settings.insecure_no_auth,
        ),
        *([] if limits.per_address is None else [Middleware(AddressLimitMiddleware, limit=limits.per_address)]),
        Middleware(
            AdmissionMiddleware,
            max_running=settings.max_running,
            max_wait=settings.max_wait,
            metrics=metrics,
        ),
        Middleware(CompressionMiddleware),
        *([] if settings.replica_url is None else [Middleware(ReplicaReadsMiddleware)]),
    ]


async def _index(request: Request) -> Response:
    """Say what is here, and where."""
    root = request.scope.get("root_path", "").rstrip("/")
    places = {"tasks": "/tasks/", "documentation": "/docs", "openapi": "/openapi.json", "health": "/health/ready"}
    return json_answer({"name": "Taskharbor"} | {name: f"{root}{path}" for name, path in places.items()})


async def _not_found(_request: Request, _error: Exception) -> Response:
    return problem_answer(PathNotFound())


async def _method_not_allowed(request: Request, error: Exception) -> Response:
    headers = error.headers if isinstance(error, HTTPException) else None
    return method_answer(request.method, (headers or {}).get("Allow", ""))
