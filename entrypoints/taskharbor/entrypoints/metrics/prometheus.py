"""Metrics as Prometheus reads them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics

from taskharbor.application.ports.storage import Storage
from taskharbor.application.use_cases.application import UseCases
from taskharbor.domain.identifiers import WorkspaceId
from taskharbor.entrypoints.background import in_background
from taskharbor.entrypoints.metrics.garbage import GarbageMetrics
from taskharbor.entrypoints.metrics.metrics import WatchedLane
from taskharbor.entrypoints.metrics.process import ProcessMetrics
from taskharbor.entrypoints.metrics.store import StoreMetrics
from taskharbor.entrypoints.metrics.use_cases import UseCaseMetrics

EVERY_SECONDS: Final = 0.5
"""How old what is sampled may be."""

_ROUNDS_PER_LOOK_AT_THE_PROCESS: Final = 10
_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class PrometheusMetrics:
    """Counts in a registry; in a worker, where `PROMETHEUS_MULTIPROC_DIR` is set, in files that the parent adds up.

    What need not be counted at each request is sampled: gauges of several processes cannot call functions.

    Attributes:
        lanes: what is looked at, by name.
    """

    def __init__(self, registry: CollectorRegistry | None = None) -> None:
        registry = registry or CollectorRegistry()
        disable_created_metrics()  # type: ignore[no-untyped-call]  # workers have none either, and they double the series
        self._requests = Counter(
            "taskharbor_http_requests",
            "Requests by route, method and status; status none: the client went away before the response.",
            ("route", "method", "status"),
            registry=registry,
        )
        self._seconds = Histogram(
            "taskharbor_http_request_duration_seconds",
            "From the head of a request to the end of its response.",
            ("route", "method"),
            buckets=_SECONDS,
            registry=registry,
        )
        self._refused = Counter(
            "taskharbor_http_requests_refused", "Requests refused because of overload.", registry=registry
        )
        self._running, self._waiting = (
            Gauge(name, text, ("lane",), multiprocess_mode="livesum", registry=registry)
            for name, text in (
                ("taskharbor_http_requests_running", "Requests at work."),
                ("taskharbor_http_requests_waiting", "Requests that wait for their turn."),
            )
        )
        self._streams = Gauge(
            "taskharbor_event_streams", "Open streams of events.", multiprocess_mode="livesum", registry=registry
        )
        self._workers = Gauge(
            "taskharbor_workers", "Processes that serve.", multiprocess_mode="livesum", registry=registry
        )
        self._queued = Histogram(
            "taskharbor_http_request_wait_seconds",
            "How long requests waited for their turn, also those that did not.",
            ("lane",),
            buckets=(0.0, *_SECONDS),
            registry=registry,
        )
        self._lag = Histogram(
            "taskharbor_event_loop_lag_seconds",
            "How much later than it should the event loop came back.",
            buckets=_SECONDS,
            registry=registry,
        )
        self._process = ProcessMetrics(registry)
        self._garbage = GarbageMetrics(registry)
        self._use_cases = UseCaseMetrics(registry)
        self._store = StoreMetrics(registry)
        self.lanes: dict[str, WatchedLane] = {}

    def watch_lane(self, name: str, lane: WatchedLane) -> None:
        """Look at this lane now and then."""
        self.lanes[name] = lane

    def answered(self, *, route: str, method: str, status: str, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(route, method, status).inc()
        self._seconds.labels(route, method).observe(seconds)

    def refused(self) -> None:
        """Count a request that was refused."""
        self._refused.inc()

    def waited(self, lane: str, seconds: float) -> None:
        """Note how long a request waited for its turn."""
        self._queued.labels(lane).observe(seconds)

    def stream_opened(self) -> None:
        """Count a stream of events."""
        self._streams.inc()

    def stream_closed(self) -> None:
        """Count it no more."""
        self._streams.dec()

    @asynccontextmanager
    async def sampling(self, use_cases: UseCases, storage: Storage, workspace: WorkspaceId) -> AsyncIterator[None]:
        """Look at all else now and then, and when the block ends."""
        self._workers.set(1)
        with self._garbage.watched():
            try:
                async with in_background(self._sample_again_and_again(use_cases, storage, workspace)):
                    yield
            finally:
                self._sample(use_cases)
                self._store.sample(storage)

    async def _sample_again_and_again(self, use_cases: UseCases, storage: Storage, workspace: WorkspaceId) -> None:
        while True:
            await asyncio.to_thread(self._process.sample)
            await self._use_cases.ask(storage, workspace)
            for _ in range(_ROUNDS_PER_LOOK_AT_THE_PROCESS):
                began = perf_counter()
                await asyncio.sleep(EVERY_SECONDS)
                self._lag.observe(max(0.0, perf_counter() - began - EVERY_SECONDS))
                self._sample(use_cases)
                await asyncio.to_thread(self._store.sample, storage)

    def _sample(self, use_cases: UseCases) -> None:
        for name, lane in self.lanes.items():
            self._running.labels(name).set(lane.running)
            self._waiting.labels(name).set(lane.waiting)
        self._use_cases.sample(use_cases)
        self._garbage.sample()
