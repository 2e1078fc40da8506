"""FastAPI without the layers around its middleware that an app of ours has no use for."""

from fastapi import FastAPI
from fastapi.middleware.asyncexitstack import AsyncExitStackMiddleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send


class LeanFastAPI(FastAPI):
    """Calls its middleware directly.

    FastAPI puts four layers before it: for telemetry, which `TracedFastAPI` has, a limit for all bodies, where each of
    our operations has its own, and unexpected errors, which `RequestLogMiddleware` answers. Middleware that is added
    works as usual.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        scope["app"] = self
        if self.middleware_stack is None:
            self.middleware_stack = self.build_middleware_stack()
        await self.middleware_stack(scope, receive, send)

    def build_middleware_stack(self) -> ASGIApp:
        """Return the middleware around the router."""
        handlers = {key: handle for key, handle in self.exception_handlers.items() if key not in {500, Exception}}
        app: ASGIApp = AsyncExitStackMiddleware(self.router)
        app = ExceptionMiddleware(app, handlers=handlers, debug=self.debug)
        for cls, args, kwargs in reversed(self.user_middleware):
            app = cls(app, *args, **kwargs)
        return app


class TracedFastAPI(LeanFastAPI):
    """The same with a span for each request, as FastAPI makes it: the trace goes on that `traceparent` names."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        await FastAPI.__call__(self, scope, receive, send)
