"""A real server and a real receiver of spans (OTLP over HTTP)."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Thread

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

SECONDS = 60
CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
TRACE, PARENT = CALLER.split("-")[1:3]


class Collector(ThreadingHTTPServer):
    """Keeps what it is sent."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.news = Condition()
        self.paths: list[str] = []
        self.services: set[str] = set()
        self.spans: dict[str, object] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def take(self, path: str, body: bytes) -> None:
        with self.news:
            self.paths.append(path)
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                about = {each.key: each.value.string_value for each in resource.resource.attributes}
                self.services.add(about["service.name"])
                self.spans |= {span.name: span for scope in resource.scope_spans for span in scope.spans}
            self.news.notify_all()

    def wait_for(self, *names: str) -> None:
        with self.news:
            assert self.news.wait_for(lambda: self.spans.keys() >= {*names}, SECONDS), self.spans.keys()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.server.take(self.path, self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_said: object) -> None:
        pass


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_a_server_sends_its_spans_until_it_has_stopped_and_its_log_names_them(start_server, collector):
    server = start_server(OTEL_EXPORTER_OTLP_ENDPOINT=collector.url, OTEL_BSP_SCHEDULE_DELAY="3600000")
    with server.client() as client:
        client.get("/health/ready")
        assert client.post("/tasks/", json={"title": "a task"}, headers={"traceparent": CALLER}).status_code == 201
    assert server.stop() == 0, server.output
    collector.wait_for("POST /tasks/", "CreateTask", "store.commit")
    request = collector.spans["POST /tasks/"]
    assert (request.trace_id.hex(), request.parent_span_id.hex()) == (TRACE, PARENT)
    assert collector.services == {"taskharbor"}
    assert set(collector.paths) == {"/v1/traces"}
    assert not [name for name in collector.spans if name.startswith("GET")]
    lines = [json.loads(line) for line in server.lines if line.startswith("{")]
    [line] = [line for line in lines if line.get("method") == "POST"]
    assert (line["trace_id"], line["span_id"]) == (TRACE, request.span_id.hex())


@pytest.mark.long
def test_every_worker_sends_its_spans(start_server, collector):
    server = start_server(OTEL_EXPORTER_OTLP_ENDPOINT=collector.url, OTEL_SERVICE_NAME="tasks", TASKHARBOR_WORKERS="2")
    with server.client() as client:
        client.post("/tasks/", json={"title": "a task"})
    collector.wait_for("POST /tasks/")
    assert server.stop() == 0, server.output
    assert collector.services == {"tasks"}


@pytest.mark.long
def test_a_collector_that_does_not_answer_holds_up_neither_requests_nor_the_end(start_server):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        server = start_server(
            OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{silent.getsockname()[1]}",
            OTEL_EXPORTER_OTLP_TIMEOUT="600",
            OTEL_BSP_SCHEDULE_DELAY="1",
        )
        with server.client() as client:
            for number in range(20):
                assert client.post("/tasks/", json={"title": f"task {number}"}).status_code == 201
        assert server.stop() == 0, server.output  # the SDK alone would wait for 30 seconds more


def test_where_spans_are_switched_off_nothing_of_them_is_loaded_and_no_layer_is_there(surroundings):
    loaded = """
import sys
from taskharbor.entrypoints.cli import application
from taskharbor.entrypoints.settings.settings import Settings
app = application.application_from(Settings(database_url="memory://"))._app
storage = app.state.container.storage()
print(type(app).__name__, type(storage).__name__,
    [each for each in app.user_middleware if "Span" in str(each.cls)])
print([name for name in sys.modules if name.startswith(("opentelemetry.sdk", "opentelemetry.exporter"))])
print([name for name in sys.modules if name.startswith("taskharbor.adapters.opentelemetry")])
"""
    variables = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318", "OTEL_SDK_DISABLED": "true"}
    command = [sys.executable, "-c", loaded]
    done = subprocess.run(command, env=surroundings | variables, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("LeanFastAPI InMemoryStorage []\n[]\n[]\n", "")
