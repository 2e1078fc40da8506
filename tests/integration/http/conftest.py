import logging
from collections.abc import AsyncIterator

import httpx
import pytest
import structlog

from integration.http.serving import Serve, mounted, served


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


@pytest.fixture
async def client(start: Serve) -> AsyncIterator[httpx.AsyncClient]:
    """The API, started both ways, with nothing in it."""
    async with start() as client:
        yield client


@pytest.fixture
async def task(client: httpx.AsyncClient) -> dict:
    """A task, at revision 1."""
    answer = await client.post("/tasks/", json={"title": "Water the plants", "description": "The cactus too"})
    return answer.json()
