"""What is counted of requests that end otherwise than most."""

import asyncio

import pytest
from prometheus_client import CollectorRegistry
from starlette.responses import Response

from taskharbor.entrypoints.http.middleware.admission import AdmissionMiddleware
from taskharbor.entrypoints.http.middleware.lane import FEWEST
from taskharbor.entrypoints.http.middleware.request_metrics import RequestMetricsMiddleware
from taskharbor.entrypoints.metrics.prometheus import PrometheusMetrics
from taskharbor.entrypoints.metrics.workers import WorkersCollector


@pytest.fixture
def registry():
    return CollectorRegistry()


@pytest.fixture
def metrics(registry):
    return PrometheusMetrics(registry)


READ = {"lane": "read"}
SUMS = ("count", "sum")


def scope(method="GET", path="/tasks/"):
    return {"type": "http", "method": method, "path": path, "headers": [], "query_string": b""}


async def receive():
    return {"type": "http.request"}


async def send(message):
    pass


def counted(registry, status, method="GET"):
    labels = {"route": "other", "method": method, "status": status}
    return registry.get_sample_value("taskharbor_http_requests_total", labels)


async def test_refusals_are_counted_also_by_themselves(registry, metrics):
    gate = asyncio.Event()

    async def slow(scope, receive, send):
        await gate.wait()
        await Response()(scope, receive, send)

    admission = AdmissionMiddleware(slow, max_running=FEWEST, max_wait=1e-9, metrics=metrics)
    app = RequestMetricsMiddleware(admission, metrics=metrics, routes=())
    running = [asyncio.create_task(app(scope(), receive, send)) for _ in range(FEWEST + 1)]
    await asyncio.sleep(0)
    assert (metrics.lanes["read"].running, metrics.lanes["read"].waiting) == (FEWEST, 1)
    await app(scope(), receive, send)
    assert registry.get_sample_value("taskharbor_http_requests_refused_total") == counted(registry, "503") == 1
    for each in running:
        each.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    assert counted(registry, "none") == FEWEST + 1
    waits = {name: registry.get_sample_value(f"taskharbor_http_request_wait_seconds_{name}", READ) for name in SUMS}
    assert waits["count"] == FEWEST + 1
    assert waits["sum"] > 0
    at_once = {**READ, "le": "0.0"}
    assert registry.get_sample_value("taskharbor_http_request_wait_seconds_bucket", at_once) == FEWEST


async def test_a_method_that_http_does_not_define_is_no_new_series(registry, metrics):
    app = RequestMetricsMiddleware(Response(status_code=405), metrics=metrics, routes=())
    for method in ("BREW", "WHEN"):
        await app(scope(method), receive, send)
    assert counted(registry, "405", "other") == 2


async def test_what_raises_is_counted_and_raised(registry, metrics):
    async def broken(scope, receive, send):
        raise LookupError

    with pytest.raises(LookupError):
        await RequestMetricsMiddleware(broken, metrics=metrics, routes=())(scope(), receive, send)
    assert counted(registry, "none") == 1


def test_a_worker_that_is_just_starting_does_not_fail_a_scrape(tmp_path):
    (tmp_path / "counter_1.db").touch()
    assert list(WorkersCollector(str(tmp_path)).collect()) == []
