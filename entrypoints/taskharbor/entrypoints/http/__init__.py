"""The front door for those who serve: `create_app` is the API, `taskharbor_router` mounts it in a FastAPI app.

Import from here only; the modules below it may move between releases.
"""

from taskharbor.entrypoints.container import Container, container_from
from taskharbor.entrypoints.http.app import create_app
from taskharbor.entrypoints.http.requests.callers import ActorOf, PrincipalOf, WorkspaceOf
from taskharbor.entrypoints.http.router import taskharbor_router
from taskharbor.entrypoints.settings.settings import Settings

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
