"""How much the garbage collector does, and how long everything else waits for it."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Final

from prometheus_client import CollectorRegistry

from taskharbor.entrypoints.metrics.increments import Increments

_GENERATIONS: Final = 3


class GarbageMetrics:
    """Counts collections and their time.

    The collector calls while somebody may hold the lock of a counter: it only notes numbers, `sample` publishes them.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        self._collections = Increments(
            "taskharbor_gc_collections", "Runs of the garbage collector.", ("generation",), registry=registry
        )
        self._seconds = Increments(
            "taskharbor_gc_seconds", "Time that everything waited for it.", ("generation",), registry=registry
        )
        self._noted = [(0, 0.0)] * _GENERATIONS
        self._began = 0.0

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Watch the collector for the length of the block."""
        gc.callbacks.append(self._note)
        try:
            yield
        finally:
            gc.callbacks.remove(self._note)

    def _note(self, phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            self._began = perf_counter()
            return
        runs, seconds = self._noted[info["generation"]]
        self._noted[info["generation"]] = runs + 1, seconds + perf_counter() - self._began

    def sample(self) -> None:
        """Publish what was noted."""
        noted = {str(generation): numbers for generation, numbers in enumerate(self._noted)}
        self._collections.follow({generation: runs for generation, (runs, _) in noted.items()})
        self._seconds.follow({generation: seconds for generation, (_, seconds) in noted.items()})
