"""Behind a proxy that cuts off the beginning of the path."""

from starlette.types import ASGIApp, Receive, Scope, Send


class RootPathMiddleware:
    """Middleware that puts back what the proxy has cut off, as ASGI wants `path` and `root_path` to be.

    FastAPI's own `root_path` leaves `path` as it came, and then takes `/tasks/` below the root path `/tasks` for `/`.
    """

    def __init__(self, app: ASGIApp, root_path: str) -> None:
        self._app = app
        self._root_path = root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on."""
        if scope["type"] == "http":
            scope["root_path"] = self._root_path
            scope["path"] = self._root_path + scope["path"]
        await self._app(scope, receive, send)
