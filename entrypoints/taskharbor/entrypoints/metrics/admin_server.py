"""The admin port: `/metrics` and health, in a thread, so that they are answered whatever the event loop does."""

import json
import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from socketserver import ThreadingMixIn
from typing import Any, Final
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer
from wsgiref.types import StartResponse, WSGIEnvironment

from prometheus_client import CollectorRegistry, make_wsgi_app

AskHealth = Callable[[str], int]
"""Asks the API for `/health/live` or `/health/ready`; returns its status."""

_HEALTH: Final = frozenset({"/health/live", "/health/ready"})
_MOST_AT_ONCE: Final = 16
_PATIENCE_SECONDS: Final = 5.0
_LOOKS_FOR_THE_END_EVERY: Final = 0.1


@contextmanager
def admin_server(
    listeners: Sequence[socket.socket], registry: CollectorRegistry, ask_health: AskHealth
) -> Iterator[None]:
    """Serve on these sockets for the length of the block."""
    application = _application(registry, ask_health)
    with ExitStack() as stack:
        for listener in listeners:
            server = _Server(listener)
            server.set_app(application)
            thread = threading.Thread(
                target=server.serve_forever, args=(_LOOKS_FOR_THE_END_EVERY,), name="metrics", daemon=True
            )
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.shutdown)
        yield


def _application(registry: CollectorRegistry, ask_health: AskHealth) -> Callable[..., Iterable[bytes]]:
    metrics: Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]] = make_wsgi_app(registry)

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path, method = environ["PATH_INFO"], environ["REQUEST_METHOD"]
        if path == "/metrics":
            return metrics(environ, start_response)
        if path not in _HEALTH:
            status, word = HTTPStatus.NOT_FOUND, "not found"
        elif method not in {"GET", "HEAD"}:
            status, word = HTTPStatus.METHOD_NOT_ALLOWED, "not allowed"
        elif ask_health(path) == HTTPStatus.OK:
            status, word = HTTPStatus.OK, path.removeprefix("/health/")
        else:
            status, word = HTTPStatus.SERVICE_UNAVAILABLE, "unavailable"
        start_response(f"{status.value} {status.phrase}", [("Content-Type", "application/json")])
        return [b"" if method == "HEAD" else json.dumps({"status": word}).encode()]

    return answer


class _Handler(WSGIRequestHandler):
    timeout = _PATIENCE_SECONDS

    def log_message(self, format: str, *args: Any) -> None:  # noqa: ANN401  # as it is declared
        """Say nothing: a line for each scrape would hide the others."""


class _Server(ThreadingMixIn, WSGIServer):
    """Serves on a socket that listens already, a few clients at once; more are sent away."""

    daemon_threads = True

    def __init__(self, listener: socket.socket) -> None:
        super().__init__(listener.getsockname()[:2], _Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listener
        self.server_name, self.server_port = listener.getsockname()[:2]
        self.setup_environ()
        self._places = threading.BoundedSemaphore(_MOST_AT_ONCE)

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        """Answer in a thread, if there is a place."""
        if self._places.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        """Answer, then leave the place to others."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        """Say nothing of clients that go away."""
