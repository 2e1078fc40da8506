"""Apps between start and stop, as a server would run them."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TypeAlias

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
    return client_of(create_app(container=container(storage, **settings)))


def mounted(storage: Storage | None = None, **settings: object) -> AbstractAsyncContextManager[httpx.AsyncClient]:
    """Start a host app that has our router under a prefix."""
    return client_of(host_of(taskharbor_router(container=container(storage, **settings))), f"http://test{PREFIX}")


def host_of(router: APIRouter) -> FastAPI:
    host = FastAPI()
    host.include_router(router, prefix=PREFIX)
    return host
