import logging
from collections.abc import AsyncIterator
from typing import Final

import httpx
import pytest
import structlog

from integration.http.serving import Serve, mounted, served

WHEREVER_IT_IS: Final = {
    *("batch", "history", "interchange", "lists", "relations", "reminders", "search", "sync", "tasks", "webhooks")
}
"""Folders about what operations do. Others are about what a host changes: paths, errors, headers, bodies."""


def pytest_itemcollected(item: pytest.Item) -> None:
    """Leave to the long run what an operation does in a host, where it is the same function."""
    parameters = getattr(item, "callspec", None)
    if parameters and parameters.params.get("start") is mounted and item.path.parent.name in WHEREVER_IT_IS:
        item.add_marker(pytest.mark.long)


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
    """Start the API both ways: what it promises holds wherever it is. Some of that is left to the long run."""
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
