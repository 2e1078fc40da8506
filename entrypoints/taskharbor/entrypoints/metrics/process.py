"""Memory, processor time and file handles of the processes that serve, where the system has `/proc`."""

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, ProcessCollector

_SUMS: Final = {
    "process_resident_memory_bytes": "Resident memory size in bytes.",
    "process_virtual_memory_bytes": "Virtual memory size in bytes.",
    "process_open_fds": "Number of open file descriptors.",
}
_LEAST: Final = {
    "process_max_fds": "Maximum number of open file descriptors of one process.",
    "process_start_time_seconds": "Start time of the oldest process since unix epoch in seconds.",
}


class ProcessMetrics:
    """Prometheus's own collector, whose numbers several workers cannot publish by themselves; here they are sums."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._collector = ProcessCollector(registry=None)
        self._cpu = Counter(
            "process_cpu_seconds", "Total user and system CPU time spent in seconds.", registry=registry
        )
        self._cpu_seen = 0.0
        self._gauges = {
            name: Gauge(name, text, multiprocess_mode="livesum", registry=registry) for name, text in _SUMS.items()
        } | {name: Gauge(name, text, multiprocess_mode="livemin", registry=registry) for name, text in _LEAST.items()}

    def sample(self) -> None:
        """Publish the numbers of now. It reads files."""
        for sample in (sample for metric in self._collector.collect() for sample in metric.samples):
            if sample.name == "process_cpu_seconds_total":
                self._cpu.inc(max(0.0, sample.value - self._cpu_seen))
                self._cpu_seen = sample.value
            elif sample.name in self._gauges:
                self._gauges[sample.name].set(sample.value)
