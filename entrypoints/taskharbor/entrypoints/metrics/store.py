"""How busy the store is, if it says so."""

from functools import cached_property
from typing import Final

from prometheus_client import CollectorRegistry, Gauge, Histogram

from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.store_figures import MeasuredStore

_UNITS: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256)


class StoreMetrics:
    """Its connections, how many units of work it writes together, and the write-ahead log of SQLite."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry
        self._connections, self._used, self._waiting = (
            Gauge(name, text, ("pool",), multiprocess_mode="livesum", registry=registry)
            for name, text in (
                ("taskharbor_store_connections", "Connections that there can be."),
                ("taskharbor_store_connections_used", "Connections at work."),
                ("taskharbor_store_calls_waiting", "Calls that wait for a connection."),
            )
        )
        self._units = Histogram(
            "taskharbor_commit_group_units",
            "Units of work that were written together.",
            buckets=_UNITS,
            registry=registry,
        )
        self._seen: list[int] = []

    def sample(self, storage: Storage) -> None:
        """Publish the numbers of now. It looks at files."""
        if not isinstance(storage, MeasuredStore):
            return
        figures = storage.figures()
        for name, pool in figures.pools.items():
            self._connections.labels(name).set(pool.most)
            self._used.labels(name).set(pool.used)
            self._waiting.labels(name).set(pool.waiting)
        self._seen += [0] * (len(figures.groups) - len(self._seen))
        for units, (count, seen) in enumerate(zip(figures.groups, self._seen, strict=True)):
            if units:
                for _ in range(count - seen):
                    self._units.observe(units)
        self._seen = list(figures.groups)
        if figures.log_bytes is not None:
            self._log_bytes.set(figures.log_bytes)
        if figures.log_starts is not None:
            self._log_starts.set(figures.log_starts)

    @cached_property
    def _log_bytes(self) -> Gauge:
        return Gauge(
            "taskharbor_sqlite_wal_bytes",
            "Size of the write-ahead log.",
            multiprocess_mode="livemax",
            registry=self._registry,
        )

    @cached_property
    def _log_starts(self) -> Gauge:
        return Gauge(
            "taskharbor_sqlite_checkpoints",
            "How often all of the write-ahead log was written back and the log begun anew, since the file was opened.",
            multiprocess_mode="livemax",
            registry=self._registry,
        )
