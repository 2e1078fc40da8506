"""What Prometheus reads from a server: on a port of its own, the same from one worker and from several."""

import json
import os
import signal
import socket
import subprocess
import sys
import time

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from e2e.conftest import WITHOUT_TLS, end, launch

SECONDS = 30
PAUSE = 0.05
MANY = 20


@pytest.fixture(scope="module", params=["1", "2"])
def server(request, tmp_path_factory, surroundings, warm_command):
    """A server for all tests of the module, which look at how much is added."""
    folder = tmp_path_factory.mktemp("metrics")  # the server is killed in the end, and its own folder then stays
    settings = {"TASKHARBOR_METRICS_PORT": "0", "TASKHARBOR_WORKERS": request.param, "TMPDIR": str(folder)}
    server = launch(folder, surroundings | settings, warm=warm_command)
    server.wait_until_serving()
    yield server
    end(server)


def metrics_url(server):
    return json.loads(server.lines[-1])["metrics"]


def scraped(server):
    response = httpx.get(metrics_url(server), verify=WITHOUT_TLS)
    assert response.status_code == 200
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


def value(samples, name, **labels):
    return samples.get((name, frozenset(labels.items())), 0.0)


def eventually(server, name, expected, **labels):
    """Scrape until it is so: samples are half a second old at most, and a stream ends when its end is noticed."""
    for again in attempts():
        seen = value(scraped(server), name, **labels)
        if seen == expected:
            return
        assert again, f"{name} is {seen}"


def attempts():
    """Say of each attempt whether another may follow. Without pauses they would take all of a processor."""
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        yield True
        time.sleep(PAUSE)
    yield False


def routes_in(samples):
    return {dict(labels)["route"] for name, labels in samples if name == "taskharbor_http_requests_total"}


def call_many(server):
    """Each by a connection of its own: the kernel spreads them over the workers."""
    for number in range(MANY):
        with server.client() as client:
            assert client.post("/tasks/", json={"title": f"Task {number}"}).status_code == 201
            assert client.get(f"/tasks/{number + 1}/unknown/{number}").status_code == 404
            client.get("/workspaces/default/tasks/999999")


def test_requests_are_counted_by_route_method_and_status_over_all_workers(server):
    counted = [
        ("taskharbor_http_requests_total", {"route": "/tasks/", "method": "POST", "status": "201"}),
        ("taskharbor_http_requests_total", {"route": "/tasks/{task_id}", "method": "GET", "status": "404"}),
        ("taskharbor_http_requests_total", {"route": "other", "method": "GET", "status": "404"}),
        ("taskharbor_http_request_duration_seconds_count", {"route": "/tasks/", "method": "POST"}),
        ("taskharbor_http_request_wait_seconds_count", {"lane": "write"}),
    ]
    before = scraped(server)
    call_many(server)
    commits = value(before, "taskharbor_commits_total", command="create_task") + MANY
    eventually(server, "taskharbor_commits_total", commits, command="create_task")
    for name, labels in counted:
        eventually(server, name, value(before, name, **labels) + MANY, **labels)
    assert ("taskharbor_retries_total", frozenset({("cause", "concurrent_update")})) in scraped(server)
    eventually(server, "taskharbor_revision", commits)
    eventually(server, "taskharbor_commit_group_units_sum", commits)


def test_clients_cannot_make_up_series(server):
    with server.client() as client:
        for path in ("/tasks/", "/nothing", "/"):
            client.get(path)
        before = routes_in(scraped(server))
        for number in range(MANY):
            client.get(f"/made-up-{number}")
            client.get(f"/workspaces/w{number}/tasks/")
            client.get("/tasks/", params={"unknown": str(number)})
    assert before == routes_in(scraped(server)) >= {"/tasks/", "other", "/"}


def test_the_processes_and_their_loops_are_seen(server):
    workers = json.loads(server.lines[-1])["workers"]
    samples = scraped(server)
    assert value(samples, "taskharbor_workers") == workers
    eventually(server, "taskharbor_http_requests_waiting", 0, lane="read")
    for again in attempts():
        if value(samples := scraped(server), "taskharbor_event_loop_lag_seconds_count") >= workers:
            break
        assert again
    assert value(samples, "process_resident_memory_bytes") > 10_000_000 * workers
    assert value(samples, "process_cpu_seconds_total") > 0
    assert value(samples, "process_open_fds") > 0
    assert {dict(labels)["generation"] for name, labels in samples if name == "taskharbor_gc_seconds_total"} == {
        "0",
        "1",
        "2",
    }


def test_open_streams_are_counted_until_they_end(server):
    with server.client() as client, client.stream("GET", "/events") as response:
        assert response.status_code == 200
        eventually(server, "taskharbor_event_streams", 1)
        # Each worker delivers to webhooks, which waits for commits, too.
        eventually(server, "taskharbor_feed_watchers", json.loads(server.lines[-1])["workers"] + 1)
    eventually(server, "taskharbor_event_streams", 0)


def test_health_is_on_the_admin_port_too_and_metrics_are_not_on_that_of_the_api(server):
    admin = httpx.URL(metrics_url(server))
    for name, status in (("live", "live"), ("ready", "ready")):
        response = httpx.get(admin.join(f"/health/{name}"), verify=WITHOUT_TLS)
        assert (response.status_code, response.json()) == (200, {"status": status})
    assert httpx.get(admin.join("/tasks/")).status_code == 404
    assert httpx.post(admin.join("/health/live")).status_code == 405
    with server.client() as client:
        assert client.get("/metrics").status_code == 404


def test_what_a_worker_counted_outlives_it_and_the_folder_goes_with_the_server(start_server, tmp_path):
    server = start_server(TASKHARBOR_METRICS_PORT="0", TASKHARBOR_WORKERS="2", TMPDIR=str(tmp_path))
    [folder] = tmp_path.glob("taskharbor-metrics-*")
    call_many(server)
    eventually(server, "taskharbor_commits_total", MANY, command="create_task")
    pids = {file.stem.rpartition("_")[2] for file in folder.iterdir()} - {str(server.process.pid)}
    os.kill(int(pids.pop()), signal.SIGKILL)
    for again in attempts():
        if len({file.stem.rpartition("_")[2] for file in folder.iterdir()}) >= 3:  # a new one counts
            break
        assert again
    eventually(server, "taskharbor_workers", 2)
    eventually(server, "taskharbor_commits_total", MANY, command="create_task")
    assert server.stop() == 0, server.output
    assert not list(tmp_path.glob("taskharbor-metrics-*"))


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_taken_metrics_port_is_one_sentence_and_exit_code_1(launch_server, workers):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        server = launch_server(TASKHARBOR_METRICS_PORT=port, TASKHARBOR_WORKERS=workers)
        assert server.wait() == 1
    assert server.output == f"taskharbor: cannot listen on 127.0.0.1 port {port}: address already in use\n"


def test_without_a_metrics_port_nothing_of_it_is_loaded(surroundings, tmp_path):
    loaded = """
import sys
from taskharbor.entrypoints.cli import serving
from taskharbor.entrypoints.cli.metrics_port import metrics_port
from taskharbor.entrypoints.settings.settings import Settings
settings = Settings(database_url="memory://")
with metrics_port(settings, []) as metrics:
    app = serving.application_from(settings, metrics.registry)._app
print(metrics.sockets, [each.cls.__name__ for each in app.user_middleware if "Metrics" in each.cls.__name__])
print([name for name in sys.modules if name.startswith("prometheus_client")])
"""
    command = [sys.executable, "-c", loaded]
    output = subprocess.run(command, env=surroundings, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert output == "() []\n[]\n"
