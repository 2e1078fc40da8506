"""The task API as a router for other FastAPI apps."""

from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager

from fastapi import APIRouter
from pydantic import SecretStr

from taskharbor.application.ports.storage import Storage
from taskharbor.entrypoints.container import Container, container_from
from taskharbor.entrypoints.delivering import delivering
from taskharbor.entrypoints.housekeeping import housekeeping
from taskharbor.entrypoints.http.requests.callers import ActorOf, PrincipalOf, WorkspaceOf, system_of
from taskharbor.entrypoints.http.routes import mounted_routes, operations_on_tasks
from taskharbor.entrypoints.reminding import reminding
from taskharbor.entrypoints.settings.settings import Settings


def taskharbor_router(
    database_url: str | None = None,
    *,
    container: Container | None = None,
    workspace: str | WorkspaceOf | None = None,
    actor: str | ActorOf | None = None,
    principal: PrincipalOf | None = None,
    deliver_webhooks: bool = False,
) -> APIRouter:
    """Return a router that serves the task API below whatever prefix it is included at.

        app.include_router(taskharbor_router("sqlite:///tasks.db"), prefix="/todo")

    It brings its own container and its own lifespan, which FastAPI joins to that of the app: the store is opened when
    the app starts and closed when it stops. Any number of routers live in one app, each with its own store. The host
    keeps its own error handling: only what the task API refuses is answered here, with problem documents (RFC 9457).

    Args:
        database_url: where the tasks are; `sqlite:///tasks.db` if there is no container either. The environment is
            not read.
        container: all parts of the service, for other settings or a store of your own.
        workspace: the workspace, by default that of the settings: a name, or an asynchronous function that returns it
            for a request. That function may raise an `HTTPException`, which the host app handles as usual.
        actor: who changes tasks, for the history: a name, or an asynchronous function that returns it for a request
            as `workspace` does, or None if unknown.
        principal: an asynchronous function that returns who a request is from, and so the workspace, the actor and
            what they may do. In its place, `workspace` and `actor` serve every request as one of the host itself,
            which has to refuse those of strangers.
        deliver_webhooks: whether webhooks are called while the app runs; else another process has to.

    Raises:
        InvalidValue: if the URL, or the name of the workspace or of the actor, is malformed.
        ValueError: if both a URL and a container are given, or a principal and a workspace or an actor.
        ImportError: if the store needs a package that is not installed; the message says which extra to install.
    """
    if container is None:
        container = container_from(_settings_with(database_url))
    elif database_url is not None:
        raise ValueError("give either database_url or container: the container has a store already")
    if principal is None:
        principal = system_of(container.settings().workspace if workspace is None else workspace, actor)
    elif workspace is not None or actor is not None:
        raise ValueError("give either principal or workspace and actor: the principal says both")
    router = mounted_routes(operations_on_tasks(container, principal))
    storage = _SharedStorage(container.storage())

    @asynccontextmanager
    async def lifespan(_app: object) -> AsyncIterator[None]:
        use_cases = container.use_cases()
        async with (
            storage.opened(),
            aclosing(use_cases.webhooks),
            housekeeping(use_cases.history, container.settings()),
            delivering(use_cases.webhooks, enabled=deliver_webhooks),
            reminding(use_cases.reminders, container.settings()),
        ):
            yield

    router.lifespan_context = lifespan
    return router


def _settings_with(database_url: str | None) -> Settings:
    """Return the default settings: a host's environment is about the host."""
    if database_url is None:
        return Settings.model_construct()
    return Settings.model_construct(database_url=SecretStr(database_url))


class _SharedStorage:
    """A storage that is open while it is in use: a router may be included at several prefixes."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._users = 0

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        if not self._users:
            await self._storage.open()
        self._users += 1
        try:
            yield
        finally:
            self._users -= 1
            if not self._users:
                await self._storage.aclose()
