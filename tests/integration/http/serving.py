"""Apps between start and stop, as a server would run them."""

from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Final, TypeAlias

import httpx
from fastapi import APIRouter, FastAPI

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.ports.storage import Storage
from taskharbor.entrypoints.container import Container, container_from
from taskharbor.entrypoints.http import create_app, taskharbor_router
from taskharbor.entrypoints.settings.settings import Settings

PREFIX = "/todo"

Serve: TypeAlias = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


def container(storage: Storage | None = None, **settings: object) -> Container:
    return container_from(Settings(database_url="memory://", **settings), storage=storage or InMemoryStorage())


@asynccontextmanager
async def client_of(
    app: FastAPI, base_url: str = "http://test", root_path: str = ""
) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, root_path=root_path)
    async with app.router.lifespan_context(app), httpx.AsyncClient(transport=transport, base_url=base_url) as client:
        yield client


def served(storage: Storage | None = None, **settings: object) -> AbstractAsyncContextManager[httpx.AsyncClient]:
    """Start our own app."""
    return _started(_own_app, "http://test", storage, settings)


def mounted(storage: Storage | None = None, **settings: object) -> AbstractAsyncContextManager[httpx.AsyncClient]:
    """Start a host app that has our router under a prefix."""
    return _started(_host, f"http://test{PREFIX}", storage, settings)


_stopped: defaultdict[object, list[FastAPI]] = defaultdict(list)
"""Apps by how they were made. An app takes long to make, and one on the store in memory forgets all when it stops."""

_FORGETTING: Final = {"allowed_hosts", "auth", "cors_origins", "insecure_no_auth"}
"""Settings with which it does; it goes on to count, for example, where there is a limit."""


@asynccontextmanager
async def _started(
    make: Callable[[Container], FastAPI], base_url: str, storage: Storage | None, settings: dict[str, object]
) -> AsyncIterator[httpx.AsyncClient]:
    again = storage is None and settings.keys() <= _FORGETTING
    stopped = _stopped[make, repr(sorted(settings.items()))] if again else []
    app = stopped.pop() if stopped else make(container(storage, **settings))
    async with client_of(app, base_url) as client:
        yield client
    stopped.append(app)


def _own_app(container: Container) -> FastAPI:
    return create_app(container=container)


def _host(container: Container) -> FastAPI:
    return host_of(taskharbor_router(container=container))


def host_of(router: APIRouter) -> FastAPI:
    host = FastAPI()
    host.include_router(router, prefix=PREFIX)
    return host
