"""One line in the log for each request."""

from time import perf_counter

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class AccessLogMiddleware:
    """Middleware that logs method, path, status and duration; the set-up of the logs adds the request id."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        # Bound now, and not at each request: below its level a bound logger does nothing at all.
        self._log: structlog.typing.FilteringBoundLogger = structlog.get_logger().bind()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, and watch for the status."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = perf_counter()
        status: int | None = None

        async def watch(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watch)
        finally:
            self._log.info(
                "request",
                method=scope["method"],
                path=scope["path"],
                status=status,
                duration_ms=round((perf_counter() - started) * 1000, 3),
            )
