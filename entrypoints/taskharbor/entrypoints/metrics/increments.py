"""Counters that publish what something else counts."""

from collections.abc import Mapping, Sequence

from prometheus_client import CollectorRegistry, Counter


class Increments:
    """A counter that follows numbers which only grow, by their labels.

    Args:
        name: of the metric.
        text: what it means.
        labels: the names of the labels.
        first: label values that are published before anything has been counted.
        registry: where.
    """

    def __init__(
        self,
        name: str,
        text: str,
        labels: Sequence[str],
        *,
        first: Sequence[str] = (),
        registry: CollectorRegistry,
    ) -> None:
        self._counter = Counter(name, text, labels, registry=registry)
        self._seen: dict[str, float] = {}
        for value in first:
            self._counter.labels(value)

    def follow(self, numbers: Mapping[str, float]) -> None:
        """Publish what has come since the last call."""
        for value, number in list(numbers.items()):
            self._counter.labels(value).inc(number - self._seen.get(value, 0))
            self._seen[value] = number
