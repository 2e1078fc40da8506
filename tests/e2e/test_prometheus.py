"""The dashboard and the alert rules on a real Prometheus that scrapes a real server."""

import json
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
import yaml

from debian_packages import program
from integration.metrics.queries import ALERTS, DEPLOY, all_queries, rules

pytestmark = [pytest.mark.long, pytest.mark.timeout(600)]

SECONDS = 60


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of `prometheus` and `promtool`."""
    return program("promtool", "prometheus", tmp_path_factory.mktemp("debian")).parent


def checked(*command: object, text: str | None = None) -> str:
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_promtool_accepts_the_rules_and_the_configuration(tools: Path) -> None:
    checked(tools / "promtool", "check", "rules", ALERTS)
    checked(tools / "promtool", "check", "config", DEPLOY / "prometheus" / "prometheus.yaml")


FINE = {
    "up": "1x60",
    "taskharbor_http_requests_total{status='200'}": "0+600x60",
    "taskharbor_http_requests_total{status='503'}": "0+1x60",
    "taskharbor_http_request_duration_seconds_bucket{route='/tasks/',le='0.01'}": "0+600x60",
    "taskharbor_http_request_duration_seconds_bucket{route='/tasks/',le='+Inf'}": "0+601x60",
    "taskharbor_http_request_duration_seconds_bucket{route='/events',le='10.0'}": "0x60",
    "taskharbor_http_request_duration_seconds_bucket{route='/events',le='+Inf'}": "0+600x60",
    "taskharbor_http_requests_refused_total": "3x60",
    "taskharbor_http_request_wait_seconds_bucket{lane='read',le='0.0'}": "0+600x60",
    "taskharbor_http_request_wait_seconds_bucket{lane='read',le='+Inf'}": "0+600x60",
    "taskharbor_store_calls_waiting{pool='connections'}": "0 3 0 5 0+0x56",
    "taskharbor_retries_total{cause='concurrent_update'}": "0+1x60",
    "taskharbor_commits_total{command='create_task'}": "0+60x60",
    "taskharbor_event_loop_lag_seconds_bucket{le='0.01'}": "0+120x60",
    "taskharbor_event_loop_lag_seconds_bucket{le='+Inf'}": "0+120x60",
    "taskharbor_webhook_lag_seconds": "0 5 0 2 0+0x56",
    "taskharbor_reminder_lag_seconds": "0 1 0 1 0+0x56",
    "taskharbor_sqlite_wal_bytes": "4000000x60",
    "process_start_time_seconds": "1000x60",
    "process_open_fds": "100x60",
    "process_max_fds": "1024x60",
    "taskharbor_workers": "2x60",
}
WRONG = {
    "TaskharborDown": {"up": "0x60"},
    "TaskharborFails": {"taskharbor_http_requests_total{status='503'}": "0+12x60"},
    "TaskharborSlow": {"taskharbor_http_request_duration_seconds_bucket{route='/tasks/',le='+Inf'}": "0+6600x60"}
    | {"taskharbor_http_request_duration_seconds_bucket{route='/tasks/',le='5.0'}": "0+6600x60"},
    "TaskharborRefuses": {"taskharbor_http_requests_refused_total": "0+1x60"},
    "TaskharborRequestsWait": {"taskharbor_http_request_wait_seconds_bucket{lane='read',le='+Inf'}": "0+700x60"}
    | {"taskharbor_http_request_wait_seconds_bucket{lane='read',le='0.5'}": "0+700x60"},
    "TaskharborStoreBusy": {"taskharbor_store_calls_waiting{pool='connections'}": "4x60"},
    "TaskharborContended": {"taskharbor_retries_total{cause='concurrent_update'}": "0+40x60"},
    "TaskharborLoopLags": {"taskharbor_event_loop_lag_seconds_bucket{le='+Inf'}": "0+240x60"}
    | {"taskharbor_event_loop_lag_seconds_bucket{le='0.5'}": "0+240x60"},
    "TaskharborWebhooksLate": {"taskharbor_webhook_lag_seconds": "0+60x60"},
    "TaskharborRemindersLate": {"taskharbor_reminder_lag_seconds": "0+60x60"},
    "TaskharborLogGrows": {"taskharbor_sqlite_wal_bytes": "400000000x60"},
    "TaskharborRestarts": {"process_start_time_seconds": "1000+60x60"},
    "TaskharborFiles": {"process_open_fds": "1700x60"},
}


def firing(tools: Path, tmp_path: Path, series: dict[str, str]) -> set[str]:
    """Return which alerts fire after 40 minutes with a value a minute."""
    labels = "job='taskharbor',instance='one'"
    shown = [
        {"series": (f"{name[:-1]},{labels}}}" if name.endswith("}") else f"{name}{{{labels}}}"), "values": values}
        for name, values in series.items()
    ]
    found = set()
    for rule in rules():
        test = {
            "rule_files": [str(ALERTS)],
            "evaluation_interval": "1m",
            "tests": [
                {
                    "interval": "1m",
                    "input_series": shown,
                    "alert_rule_test": [{"eval_time": "40m", "alertname": rule["alert"], "exp_alerts": []}],
                }
            ],
        }
        (tmp_path / "test.yaml").write_text(yaml.safe_dump(test))
        done = subprocess.run(
            [tools / "promtool", "test", "rules", tmp_path / "test.yaml"], capture_output=True, text=True, check=False
        )
        if done.returncode:
            assert f"alertname: {rule['alert']}" in done.stdout + done.stderr, done.stdout + done.stderr
            assert 'instance="one"' in done.stdout + done.stderr
            found.add(rule["alert"])
    return found


def test_nothing_fires_while_all_is_well(tools: Path, tmp_path: Path) -> None:
    assert firing(tools, tmp_path, FINE) == set()


@pytest.mark.parametrize("alert", WRONG)
def test_an_alert_fires_when_it_should_and_no_other(tools: Path, tmp_path: Path, alert: str) -> None:
    assert firing(tools, tmp_path, FINE | WRONG[alert]) == {alert}


def test_each_alert_is_tried() -> None:
    assert WRONG.keys() == {rule["alert"] for rule in rules()}


class Prometheus:
    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=url, timeout=10)

    def close(self) -> None:
        self._client.close()

    def ask(self, path: str, **parameters: str) -> dict:
        response = self._client.get(f"/api/v1/{path}", params=parameters)
        assert response.json()["status"] == "success", response.text
        return response.json()["data"]

    def values(self, query: str) -> list:
        return self.ask("query", query=query)["result"]

    def wait_for(self, query: str) -> None:
        deadline = time.monotonic() + SECONDS
        while True:
            try:
                if self.values(query):
                    return
            except httpx.TransportError:
                pass
            assert time.monotonic() < deadline, query
            time.sleep(0.1)


@pytest.fixture
def prometheus(tools: Path, tmp_path: Path, start_server) -> Iterator[Prometheus]:
    """One that has scraped a server with a few requests, commits and a webhook several times."""
    server = start_server(
        TASKHARBOR_METRICS_PORT="0", TASKHARBOR_WORKERS="2", TASKHARBOR_MAX_STREAMS="1", TMPDIR=str(tmp_path)
    )
    metrics = httpx.URL(json.loads(server.lines[-1])["metrics"])
    config = yaml.safe_load((DEPLOY / "prometheus" / "prometheus.yaml").read_text())
    config["global"] = {"scrape_interval": "200ms", "scrape_timeout": "190ms", "evaluation_interval": "200ms"}
    config["rule_files"] = [str(ALERTS)]
    config["scrape_configs"][0]["static_configs"] = [{"targets": [f"{metrics.host}:{metrics.port}"]}]
    (tmp_path / "prometheus.yaml").write_text(yaml.safe_dump(config))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    process = subprocess.Popen(
        [
            tools / "prometheus",
            f"--config.file={tmp_path}/prometheus.yaml",
            f"--storage.tsdb.path={tmp_path}/data",
            f"--web.listen-address={address}",
            "--log.level=error",
        ],
        stdout=subprocess.DEVNULL,
    )
    found = Prometheus(f"http://{address}")
    try:
        with server.client() as client:
            for number in range(20):
                client.post("/tasks/", json={"title": f"task {number}"})
                client.get("/tasks/")
        with ExitStack() as streams:  # one more than the workers take: something is answered with 503
            for _ in range(3):
                streams.enter_context(streams.enter_context(server.client()).stream("GET", "/events"))
        found.wait_for('taskharbor_commits_total{command="create_task"} == 20')
        found.wait_for("count_over_time(taskharbor_workers[1m]) > 10")
        found.wait_for('count_over_time(taskharbor_http_requests_total{status="503"}[1m]) > 2')
        found.wait_for("max_over_time(taskharbor_revision[1m]) == 20")
        yield found
    finally:
        found.close()
        process.send_signal(signal.SIGTERM)
        process.wait(SECONDS)


def test_promtool_accepts_the_exposition(tools: Path, start_server, tmp_path: Path) -> None:
    server = start_server(TASKHARBOR_METRICS_PORT="0", TMPDIR=str(tmp_path))
    with server.client() as client:
        client.post("/tasks/", json={"title": "a task"})
    exposition = httpx.get(json.loads(server.lines[-1])["metrics"]).text
    assert checked(tools / "promtool", "check", "metrics", text=exposition) == ""


def test_every_query_has_a_result(prometheus: Prometheus) -> None:
    for query in all_queries():
        assert prometheus.values(query.without_threshold), query
        prometheus.values(query.text)
    deadline = time.monotonic() + SECONDS
    while {rule["health"] for group in prometheus.ask("rules")["groups"] for rule in group["rules"]} != {"ok"}:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert [alert for alert in prometheus.ask("alerts")["alerts"] if alert["state"] == "firing"] == []
