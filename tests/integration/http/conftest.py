import logging
from collections.abc import AsyncIterator

import httpx
import pytest
import structlog
from fastapi import FastAPI

from integration.http.serving import PREFIX, Serve, client_of, container, host_of, mounted, served
from taskharbor.entrypoints.http import create_app, taskharbor_router


@pytest.fixture(autouse=True)
def _quiet_log():
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.reset_defaults()


@pytest.fixture
def serve() -> Serve:
    return served


@pytest.fixture
def mount() -> Serve:
    return mounted


@pytest.fixture(params=[served, mounted])
def start(request: pytest.FixtureRequest) -> Serve:
    """Start the API both ways: what it promises holds wherever it is."""
    return request.param


@pytest.fixture(scope="session", params=[served, mounted])
def app_and_url(request: pytest.FixtureRequest) -> tuple[FastAPI, str]:
    """An app on the store in memory, which forgets everything when it stops."""
    if request.param is served:
        return create_app(container=container()), "http://test"
    return host_of(taskharbor_router(container=container())), f"http://test{PREFIX}"


@pytest.fixture
async def client(app_and_url: tuple[FastAPI, str]) -> AsyncIterator[httpx.AsyncClient]:
    """The API, started both ways, with nothing in it."""
    async with client_of(*app_and_url) as client:
        yield client


@pytest.fixture
async def task(client: httpx.AsyncClient) -> dict:
    """A task, at revision 1."""
    answer = await client.post("/tasks/", json={"title": "Water the plants", "description": "The cactus too"})
    return answer.json()
