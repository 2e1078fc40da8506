"""The calls of a harbor, on stores and on a server: what they promise holds wherever they are carried out."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.client import connect
from taskharbor.entrypoints.container import container_from
from taskharbor.entrypoints.embedded import Harbor
from taskharbor.entrypoints.embedded.opening import open_taskharbor
from taskharbor.entrypoints.http import create_app
from taskharbor.entrypoints.settings.settings import Settings


@pytest.fixture(scope="session")
def app() -> FastAPI:
    """A server on the store in memory, which forgets everything when it stops."""
    return create_app(container=container_from(Settings(database_url="memory://"), storage=InMemoryStorage()))


@asynccontextmanager
async def asking(app: FastAPI) -> AsyncIterator[Harbor]:
    transport = httpx.ASGITransport(app)
    async with app.router.lifespan_context(app), connect("http://test", transport=transport) as harbor:
        yield harbor


@pytest.fixture(params=["memory", pytest.param("sqlite", marks=pytest.mark.long), "server"])
async def harbor(request, tmp_path):
    calls = asking(request.getfixturevalue("app")) if request.param == "server" else on_store(request.param, tmp_path)
    async with calls as harbor:
        yield harbor


@pytest.fixture(params=["memory", "sqlite"])
async def own_harbor(request, tmp_path):
    """For what only a program that embeds Taskharbor can do."""
    async with on_store(request.param, tmp_path) as harbor:
        yield harbor


def on_store(store: str, folder: Path) -> AbstractAsyncContextManager[Harbor]:
    return open_taskharbor({"memory": "memory://", "sqlite": f"sqlite:///{folder}/tasks.db"}[store])
