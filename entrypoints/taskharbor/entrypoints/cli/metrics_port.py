"""The port on which `taskharbor serve` tells its metrics, if it is asked to."""

import http.client
import os
import socket
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

from taskharbor.entrypoints.cli.failure import CommandFailed
from taskharbor.entrypoints.cli.listening import listening
from taskharbor.entrypoints.settings.settings import Settings

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
_LOOPBACK: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # where whoever listens on all is reached
_UNREACHABLE: Final = 503


@dataclass
class MetricsPort:
    """Where metrics are read, and where they come from.

    Attributes:
        sockets: of the admin port; none if there is none.
        registry: in which the one process that serves counts; None if workers count, each in a file.
    """

    sockets: Sequence[socket.socket] = ()
    registry: "CollectorRegistry | None" = None
    _folder: str | None = None
    _workers: set[int] = field(default_factory=set)

    def workers_are(self, pids: set[int]) -> None:
        """Forget the gauges of workers that have ended; what they counted stays."""
        if self._folder is not None and pids != self._workers:
            from prometheus_client.multiprocess import mark_process_dead  # noqa: PLC0415

            for pid in self._workers - pids:
                mark_process_dead(pid, self._folder)  # type: ignore[no-untyped-call]
        self._workers = pids


@contextmanager
def metrics_port(settings: Settings, api: Sequence[socket.socket]) -> Iterator[MetricsPort]:
    """Serve metrics, and health as the API has it, for the length of the block, on a port that is taken at once.

    Raises:
        CommandFailed: if the port is taken, or no temporary folder can be made for several workers.
    """
    if settings.metrics_port is None:
        yield MetricsPort()
        return
    with (
        listening(settings.metrics_host, settings.metrics_port, loopback_only=False) as sockets,
        _folder_of_workers(settings) as folder,
    ):
        from prometheus_client import CollectorRegistry  # noqa: PLC0415  # not everybody has it

        from taskharbor.entrypoints.metrics.admin_server import admin_server  # noqa: PLC0415
        from taskharbor.entrypoints.metrics.workers import WorkersCollector  # noqa: PLC0415

        registry = CollectorRegistry()
        if folder is not None:
            registry.register(WorkersCollector(folder))
        ask_health = partial(_status_of, api[0].getsockname()[:2], settings.ready_timeout + 1)
        with admin_server(sockets, registry, ask_health):
            yield MetricsPort(sockets, registry if folder is None else None, folder)


@contextmanager
def _folder_of_workers(settings: Settings) -> Iterator[str | None]:
    # Prometheus reads the variable when it is imported: here, and in each worker, which inherits it.
    os.environ.pop(_FOLDER, None)
    if settings.workers == 1:
        yield None
        return
    try:
        folder = tempfile.TemporaryDirectory(prefix="taskharbor-metrics-", ignore_cleanup_errors=True)
    except OSError as refusal:
        raise CommandFailed(
            f"cannot make a temporary folder for the metrics of the workers: {refusal.strerror}",
            exit_code=CommandFailed.SYSTEM,
        ) from None
    with folder as path:
        os.environ[_FOLDER] = path
        try:
            yield path
        finally:
            os.environ.pop(_FOLDER, None)


def _status_of(api: tuple[str, int], seconds: float, path: str) -> int:
    host, port = api
    connection = http.client.HTTPConnection(_LOOPBACK.get(host, host), port, timeout=seconds)
    try:
        connection.request("GET", path, headers={"Host": "localhost"})
        return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return _UNREACHABLE
    finally:
        connection.close()
