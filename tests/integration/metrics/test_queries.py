"""The dashboard and the alert rules ask for what a server exposes; a long test runs them on a real Prometheus."""

import json
import re
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from integration.metrics.queries import DASHBOARD, DEPLOY, all_queries, panels, rules
from integration.webhooks.deliveries import create, use_cases_on
from taskharbor.adapters.storage_options import StorageOptions
from taskharbor.adapters.storage_url import storage_from_url
from taskharbor.domain.identifiers import DEFAULT_WORKSPACE
from taskharbor.entrypoints.metrics.prometheus import PrometheusMetrics

OPERATIONS = (DEPLOY.parent / "docs" / "operations.md").read_text()


@pytest.fixture
async def exposed(tmp_path: Path) -> set[str]:
    """The names of all series, and the labels of each metric, of a server on SQLite."""
    registry = CollectorRegistry()
    metrics = PrometheusMetrics(registry)
    metrics.answered(route="/tasks/", method="GET", status="200", seconds=0.01)
    metrics.waited("read", 0.0)
    async with storage_from_url(f"sqlite:///{tmp_path}/tasks.db", StorageOptions()) as storage:
        use_cases = use_cases_on(storage)
        async with metrics.sampling(use_cases, storage, DEFAULT_WORKSPACE):
            await create(use_cases, "one")
    metrics._process.sample()
    return {sample.name for family in registry.collect() for sample in family.samples}


async def test_every_query_asks_for_metrics_that_are_exposed(exposed: set[str]) -> None:
    for query in all_queries():
        names = query.names
        assert names or query.text.startswith("up{"), query
        lanes = {"taskharbor_http_requests_running", "taskharbor_http_requests_waiting"}  # not without a server
        assert names <= exposed | lanes, f"{query.where}: {names - exposed}"


async def test_all_that_is_exposed_is_in_the_documentation_and_most_of_it_on_the_dashboard(exposed: set[str]) -> None:
    documented = set(re.findall(r"`(taskharbor_\w+)`", OPERATIONS))
    shown = set().union(*(query.names for query in all_queries() if not query.is_alert))
    for name in exposed:
        metric = re.sub(r"_(bucket|sum|count)$", "", name) if name not in documented else name
        if name.startswith("taskharbor_"):
            assert metric in documented, name
            assert any(one.startswith(metric) for one in shown), name


def test_each_panel_has_a_place_and_a_number_of_its_own() -> None:
    everything = json.loads(DASHBOARD.read_text())["panels"]
    assert len({panel["id"] for panel in everything}) == len(everything)
    taken: set[tuple[int, int]] = set()
    for panel in everything:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert taken.isdisjoint(cells), panel["title"]
        assert max(x for x, _ in cells) < 24
        taken |= cells
    assert len({panel["title"] for panel in panels()}) == len(panels())


def test_each_alert_says_what_is_wrong_and_how_urgent_it_is() -> None:
    assert len({rule["alert"] for rule in rules()}) == len(rules())
    for rule in rules():
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["annotations"]["summary"].endswith(".")
