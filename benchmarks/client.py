"""One request at a time to a contestant: to wait for it, to fill it, and to see that its answers are right."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException

from benchmarks.calls import Call
from benchmarks.failure import BenchmarkFailed, NotAnswered

JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Client:
    connection: HTTPConnection

    def is_ready(self, path: str) -> bool:
        """Return whether the server listens and answers `path` with 200."""
        try:
            return self.exchange("GET", path)[0] == 200  # noqa: PLR2004
        except BenchmarkFailed:
            self.connection.close()
            return False

    def send(self, call: Call, drawn: Mapping[str, str], number: int = 0) -> bytes:
        """Send `call` once and return the body of the answer.

        wrk counts an answer as good below 400 and never reads it, so each call is tried here before it is measured.

        Raises:
            NotAnswered: if the status is not 2xx.
            BenchmarkFailed: if there is no answer, or a page does not hold as many tasks as it must.
        """
        path, body = call.filled(drawn, number)
        status, text = self.exchange(call.method, path, body)
        if not 200 <= status < 300:  # noqa: PLR2004
            raise NotAnswered(f"{call.method} {path} was answered {status}: {text.decode()}")
        if call.tasks is not None and len(json.loads(text)) != call.tasks:
            raise BenchmarkFailed(f"{call.method} {path} did not hold {call.tasks} tasks: {text.decode()}")
        return text

    def headers_of(self, path: str) -> Mapping[str, str]:
        """Return the headers, by their names in lower case, of the answer to a GET.

        Raises:
            NotAnswered: if the status is not 200.
        """
        status, text, headers = self._answer("GET", path, "")
        if status != 200:  # noqa: PLR2004
            raise NotAnswered(f"GET {path} was answered {status}: {text.decode()}")
        return headers

    def exchange(self, method: str, path: str, body: str = "") -> tuple[int, bytes]:
        """Return status and body of the answer to any request.

        Raises:
            BenchmarkFailed: if there is none.
        """
        return self._answer(method, path, body)[:2]

    def _answer(self, method: str, path: str, body: str) -> tuple[int, bytes, Mapping[str, str]]:
        try:
            self.connection.request(method, path, body.encode() or None, JSON)
            with self.connection.getresponse() as response:
                headers = {name.lower(): value for name, value in response.getheaders()}
                return response.status, response.read(), headers
        except (OSError, HTTPException) as error:
            raise BenchmarkFailed(f"{method} {path} was not answered: {error!r}") from error


@contextmanager
def client_on(port: int) -> Iterator[Client]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        yield Client(connection)
    finally:
        connection.close()
