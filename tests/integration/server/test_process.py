"""What `taskharbor serve` does to its process."""

import gc
import sys

import pytest

from taskharbor.application.turns import SLICE_SECONDS
from taskharbor.entrypoints.cli.application import COLLECTOR, LOCK_SECONDS, Application


async def idle(_scope, receive, send):
    await receive()
    await send({"type": "lifespan.startup.complete"})


@pytest.fixture
def called(monkeypatch):
    """Note what would be done to this process, and do not do it."""
    noted = {}
    monkeypatch.setattr(sys, "setswitchinterval", lambda seconds: noted.update(lock=seconds))
    monkeypatch.setattr(gc, "set_threshold", lambda *counts: noted.update(thresholds=counts))
    monkeypatch.setattr(gc, "freeze", lambda: noted.update(frozen=True))
    monkeypatch.setattr(gc, "collect", lambda: 0)
    return noted


async def test_threads_that_wait_for_the_lock_get_it_within_a_slice_of_a_computation(called):
    async def receive():
        return {"type": "lifespan.startup"}

    async def send(_message):
        pass

    await Application(idle)({"type": "lifespan"}, receive, send)

    assert called["lock"] == LOCK_SECONDS < SLICE_SECONDS
    assert called["frozen"]
    assert called["thresholds"] == COLLECTOR
