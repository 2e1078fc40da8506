"""Unhandled errors."""

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from taskharbor.entrypoints.http.requests.errors import UnexpectedFailure
from taskharbor.entrypoints.http.responses.responses import problem_answer


class UnhandledErrorMiddleware:
    """Middleware that logs unhandled exceptions and responds with 500 without revealing the cause."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._log: structlog.typing.FilteringBoundLogger = structlog.get_logger().bind()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except ClientDisconnect:
            self._log.info("client went away", method=scope["method"], path=scope["path"])
        except Exception:
            if started:
                raise
            self._log.exception("unexpected failure", method=scope["method"], path=scope["path"])
            await problem_answer(UnexpectedFailure())(scope, receive, send)
