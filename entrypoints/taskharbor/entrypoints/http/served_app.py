"""The app of a server: Starlette without the layers around its middleware that it has no use for."""

from starlette.applications import Starlette
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.types import ASGIApp

from taskharbor.entrypoints.http.openapi.api_document import ApiDocument
from taskharbor.entrypoints.http.openapi.descriptions import Json


class ServedApp(Starlette):
    """Calls its middleware directly: `RequestLogMiddleware` answers unexpected errors.

    FastAPI is for the apps in which the API is mounted, and makes the OpenAPI document. It is loaded when that is asked
    for: to load it takes 6 MB, and a sixth of the start.

    Attributes:
        document: describes the API.
    """

    document: ApiDocument

    def openapi(self) -> Json:
        """Return the OpenAPI document."""
        return self.document.as_json()

    def build_middleware_stack(self) -> ASGIApp:
        """Return the middleware around the router."""
        app: ASGIApp = ExceptionMiddleware(self.router, handlers=self.exception_handlers)
        for cls, args, kwargs in reversed(self.user_middleware):
            app = cls(app, *args, **kwargs)
        return app
