import asyncio
import logging

import pytest

from integration.http.problem import assert_problem
from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.application.errors import ConcurrentUpdate, StoreNotReady, StoreUnavailable
from taskharbor.application.use_cases.transactions import MAX_ATTEMPTS

SECRET = "postgresql://user:secret@db.internal/tasks"


class Faulty(InMemoryStorage):
    """Raises what it is set to raise, as long as that is set."""

    error: Exception | None = None

    async def commit(self, changes):
        if self.error:
            raise self.error
        return await super().commit(changes)

    async def get_task(self, workspace, task_id):
        if self.error:
            raise self.error
        return await super().get_task(workspace, task_id)

    async def list_changes(self, workspace, *, after, limit):
        if self.error:
            raise self.error
        return await super().list_changes(workspace, after=after, limit=limit)

    async def ping(self):
        if self.error:
            raise self.error


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch):
    monkeypatch.setattr("taskharbor.application.use_cases.transactions.random.uniform", lambda *_: 0)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (StoreUnavailable(SECRET), "store_unavailable"),
        (StoreNotReady(SECRET, remedy="run something"), "store_not_ready"),
    ],
)
async def test_a_store_that_does_not_answer_is_a_503_and_recovers_without_a_restart(start, error, code, caplog):
    storage = Faulty()
    async with start(storage) as client:
        await client.post("/tasks/", json={"title": "Buy milk"})
        storage.error = error
        refused = [
            await client.get("/tasks/1"),
            await client.post("/tasks/", json={"title": "Buy bread"}),
            await client.get("/changes"),
            await client.post("/batch", json={"commands": [{"command": "complete", "id": 1}], "atomic": False}),
        ]
        storage.error = None
        recovered = await client.get("/tasks/1")

    for answer in refused:
        assert_problem(answer, 503, code)
        assert int(answer.headers["retry-after"]) > 0
        assert "secret" not in answer.text
    assert recovered.status_code == 200
    logged = [record.levelno for record in caplog.records if record.name == "taskharbor.http"]
    assert logged == [logging.ERROR] * len(refused)


async def test_a_change_that_lost_too_many_races_can_be_tried_again(start):
    storage = Faulty()
    async with start(storage) as client:
        await client.post("/tasks/", json={"title": "Buy milk"})
        storage.error = ConcurrentUpdate(1)
        answer = await client.post("/tasks/1/complete")

    assert MAX_ATTEMPTS > 1
    assert_problem(answer, 409, "concurrent_update")
    assert int(answer.headers["retry-after"]) > 0


@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/health/ready/"])
async def test_a_healthy_server_says_so(serve, path):
    async with serve() as client:
        answer = await client.get(path)

    assert answer.status_code == 200
    assert answer.json() == {"status": path.strip("/").split("/")[1]}
    assert answer.headers["cache-control"] == "no-store"


async def test_a_server_without_its_store_is_alive_and_not_ready(serve):
    storage = Faulty()
    async with serve(storage) as client:
        storage.error = StoreUnavailable(SECRET)
        live, ready = await client.get("/health/live"), await client.get("/health/ready")

    assert live.status_code == 200
    assert_problem(ready, 503, "store_unavailable")
    assert ready.headers["retry-after"]
    assert "secret" not in ready.text


async def test_readiness_does_not_wait_for_a_store_that_hangs(serve):
    class Hanging(InMemoryStorage):
        async def ping(self):
            await asyncio.Event().wait()

    async with serve(Hanging(), ready_timeout=0.01) as client:
        assert_problem(await client.get("/health/ready"), 503, "store_unavailable")
