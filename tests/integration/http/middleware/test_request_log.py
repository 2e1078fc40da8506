import io
import json
import logging

import pytest

from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.entrypoints.logs import configure_logs


@pytest.mark.parametrize("request_id", ["a", "0190b1f4-1234-7abc", "x" * 128, "!~{}"])
async def test_a_request_keeps_the_name_that_its_caller_gave_it(serve, request_id):
    async with serve() as client:
        answer = await client.get("/tasks/", headers={"x-request-id": request_id})

    assert answer.headers["x-request-id"] == request_id


@pytest.mark.parametrize("request_id", [None, "", "x" * 129, "two words", "tab\t", "\xe4", "\x7f"])
@pytest.mark.filterwarnings("default")
async def test_a_request_without_a_fit_name_gets_one(serve, request_id):
    headers = {} if request_id is None else {"x-request-id": request_id.encode("latin-1")}
    async with serve() as client:
        names = {(await client.get("/tasks/", headers=headers)).headers["x-request-id"] for _ in range(2)}

    assert len(names) == 2
    assert all(len(name) == 32 and name.isalnum() for name in names)


async def test_a_problem_has_the_name_of_its_request_too(serve):
    async with serve() as client:
        answer = await client.get("/tasks/abc", headers={"x-request-id": "mine"})

    assert answer.headers["x-request-id"] == "mine"


@pytest.mark.usefixtures("_own_logging")
async def test_each_request_is_one_line_in_the_log(serve):
    stream = io.StringIO()
    configure_logs("info", "json", stream)
    async with serve(InMemoryStorage()) as client:
        await client.post("/tasks/?x=1", headers={"x-request-id": "mine"})

    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    (line,) = [line for line in lines if line["event"] == "request"]
    assert line.pop("duration_ms") > 0
    assert line.pop("timestamp")
    assert line == {
        "level": "info", "event": "request", "method": "POST", "path": "/tasks/", "status": 422, "request_id": "mine",
    }  # fmt: skip


@pytest.mark.usefixtures("_own_logging")
async def test_requests_are_not_logged_below_their_level(serve):
    stream = io.StringIO()
    configure_logs("warning", "json", stream)
    async with serve(InMemoryStorage()) as client:
        await client.get("/tasks/")

    assert stream.getvalue() == ""


@pytest.fixture
def _own_logging():
    """Put the standard library's logging back as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    levels = {
        name: logging.getLogger(name).level for name in ("alembic", "asyncio", "aiosqlite", "sqlalchemy", "uvicorn")
    }
    yield
    root.handlers, root.level = handlers, level
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)
    logging.captureWarnings(capture=False)
