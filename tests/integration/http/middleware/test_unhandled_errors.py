import structlog
from structlog.testing import capture_logs

from integration.http.problem import assert_problem
from integration.http.serving import container
from taskharbor.adapters.memory import InMemoryStorage
from taskharbor.entrypoints.http import create_app


class Broken(InMemoryStorage):
    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    async def get_task(self, workspace, task_id):
        raise self.error


async def test_an_unexpected_failure_is_logged_and_answered_without_its_cause(serve):
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(0))
    with capture_logs() as events:
        async with serve(Broken(RuntimeError("the password is secret"))) as client:
            answer = await client.get("/tasks/1", headers={"x-request-id": "abc"})

    problem = assert_problem(answer, 500, "unexpected_failure")
    assert "password" not in str(problem)
    assert answer.headers["x-request-id"] == "abc"
    failure, request = events
    assert failure["event"] == "unexpected failure"
    assert failure["exc_info"] is True
    assert failure["path"] == "/tasks/1"
    assert request["status"] == 500


async def test_a_client_that_went_away_is_no_failure():
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(0))
    scope = {
        "type": "http", "method": "POST", "path": "/tasks/", "query_string": b"",
        "headers": [(b"host", b"localhost"), (b"content-type", b"application/json")],
    }  # fmt: skip
    sent = []

    async def receive():
        return {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    with capture_logs() as events:
        await create_app(container=container())(scope, receive, send)

    assert sent == []
    assert [event["log_level"] for event in events] == ["info", "info"]


async def test_a_host_handles_what_is_unexpected_itself(mount):
    async with mount(Broken(RuntimeError("secret"))) as client:
        answer = await client.get("/tasks/1")

    assert answer.status_code == 500
    assert answer.text == "Internal Server Error"
