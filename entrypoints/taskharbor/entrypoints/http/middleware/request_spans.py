"""Says of the span of a request what FastAPI cannot know. It is only there if spans are made."""

from collections.abc import Awaitable, Iterable
from typing import Final
from urllib.parse import parse_qsl, urlencode

from opentelemetry.trace import Span, get_current_span
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from taskharbor.entrypoints.http.middleware.route_paths import OTHER, RoutePaths
from taskharbor.entrypoints.http.requests.callers import NAMED_WORKSPACE

REDACTED: Final = "REDACTED"


class RequestSpanMiddleware:
    """Middleware that names the span by the route, and keeps what people search for to itself."""

    def __init__(self, app: ASGIApp, *, routes: Iterable[BaseRoute]) -> None:
        self._app = app
        self._paths = RoutePaths(routes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, and look at the beginning of the answer."""
        span = get_current_span()
        if scope["type"] != "http" or not span.is_recording():
            await self._app(scope, receive, send)
            return
        if query := scope["query_string"].decode("latin-1"):
            names = [(name, REDACTED) for name, _ in parse_qsl(query, keep_blank_values=True)]
            span.set_attribute("url.query", urlencode(names))

        def watch(message: Message) -> Awaitable[None]:
            if message["type"] == "http.response.start":
                self._name(span, scope)
            return send(message)

        await self._app(scope, receive, watch)

    def _name(self, span: Span, scope: Scope) -> None:
        path = self._paths.of(scope)
        if path != OTHER:
            span.update_name(f"{scope['method']} {path}")
            span.set_attribute("http.route", path)
        if NAMED_WORKSPACE in scope:
            span.set_attribute("taskharbor.workspace", scope[NAMED_WORKSPACE])
