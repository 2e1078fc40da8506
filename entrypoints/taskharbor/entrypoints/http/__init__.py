"""The front door for those who serve: `create_app` is the API, `taskharbor_router` mounts it in a FastAPI app.

Import from here only; the modules below it may move between releases.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from taskharbor.entrypoints.container import Container, container_from
from taskharbor.entrypoints.http.app import create_app
from taskharbor.entrypoints.http.requests.callers import ActorOf, PrincipalOf, WorkspaceOf
from taskharbor.entrypoints.settings.settings import Settings

if TYPE_CHECKING:
    from taskharbor.entrypoints.http.router import taskharbor_router
else:

    def __getattr__(name: str) -> object:
        """Import the router when it is asked for: it needs FastAPI, which a server of its own does not load."""
        if name != "taskharbor_router":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return import_module("taskharbor.entrypoints.http.router").taskharbor_router


__all__ = [
    "ActorOf",
    "Container",
    "PrincipalOf",
    "Settings",
    "WorkspaceOf",
    "container_from",
    "create_app",
    "taskharbor_router",
]
