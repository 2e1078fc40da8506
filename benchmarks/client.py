"""One request at a time to a contestant: to wait for it, to fill it, and to see that its answers are right."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException

from benchmarks.calls import CREATE, Call
from benchmarks.failure import BenchmarkFailed


@dataclass(frozen=True, slots=True)
class Client:
    connection: HTTPConnection

    def is_ready(self, path: str) -> bool:
        """Tell whether the server listens and answers `path` with 200."""
        try:
            self.connection.request("GET", path)
            with self.connection.getresponse() as response:
                response.read()
                return response.status == 200  # noqa: PLR2004
        except (OSError, HTTPException):
            self.connection.close()
            return False

    def create_tasks(self, count: int) -> list[int]:
        """Create `count` tasks one after the other; return their ids."""
        return [json.loads(self.send(CREATE, task_id=0))["id"] for _ in range(count)]

    def send(self, call: Call, *, task_id: int) -> bytes:
        """Send `call` once and return the body of the answer.

        wrk counts an answer as good below 400 and never reads it, so each call is tried here before it is measured.

        Raises:
            BenchmarkFailed: if the status is not 2xx, or a page does not hold as many tasks as it must.
        """
        path, body = call.example(task_id)
        try:
            self.connection.request(call.method, path, body or None, {"Content-Type": "application/json"})
            with self.connection.getresponse() as response:
                text = response.read()
        except (OSError, HTTPException) as error:
            raise BenchmarkFailed(f"{call.method} {path} was not answered: {error!r}") from error
        if not 200 <= response.status < 300:  # noqa: PLR2004
            raise BenchmarkFailed(f"{call.method} {path} was answered {response.status}: {text.decode()}")
        if call.tasks is not None and len(json.loads(text)) != call.tasks:
            raise BenchmarkFailed(f"{call.method} {path} did not hold {call.tasks} tasks: {text.decode()}")
        return text


@contextmanager
def client_on(port: int) -> Iterator[Client]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        yield Client(connection)
    finally:
        connection.close()
