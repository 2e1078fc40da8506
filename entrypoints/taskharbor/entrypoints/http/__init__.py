"""The HTTP edge: `create_app` serves the API, `taskharbor_router` mounts it in somebody else's FastAPI app."""

from taskharbor.entrypoints.http.app import create_app
from taskharbor.entrypoints.http.router import taskharbor_router

__all__ = ["create_app", "taskharbor_router"]
