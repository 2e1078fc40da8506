"""Counts requests. It is only there if metrics are asked for."""

from collections.abc import Awaitable, Iterable
from time import perf_counter
from typing import Final

from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from taskharbor.entrypoints.http.middleware.admission import REFUSED
from taskharbor.entrypoints.http.middleware.route_paths import OTHER, RoutePaths
from taskharbor.entrypoints.metrics.metrics import Metrics

_METHODS: Final = frozenset({"CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"})
_STREAM: Final = "/events"


class RequestMetricsMiddleware:
    """Middleware that counts by route, never by path: a client must not be able to make up new series."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics, routes: Iterable[BaseRoute]) -> None:
        self._app = app
        self._metrics = metrics
        self._paths = RoutePaths(routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, and look at the beginning and the end of the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = perf_counter()
        status, is_stream = "none", False

        def watch(message: Message) -> Awaitable[None]:
            nonlocal status, is_stream
            if message["type"] == "http.response.start":
                status = str(message["status"])
                if status == "200" and scope["method"] == "GET" and self._paths.of(scope).rstrip("/") == _STREAM:
                    is_stream = True
                    self._metrics.stream_opened()
            return send(message)

        try:
            await self._app(scope, receive, watch)
        finally:
            if is_stream:
                self._metrics.stream_closed()
            if REFUSED in scope:
                self._metrics.refused()
            method = scope["method"]
            self._metrics.answered(
                route=self._paths.of(scope),
                method=method if method in _METHODS else OTHER,
                status=status,
                seconds=perf_counter() - began,
            )
