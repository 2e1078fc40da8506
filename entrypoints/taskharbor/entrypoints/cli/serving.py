"""`taskharbor serve`: the HTTP API in one process or several."""

import asyncio
import signal
import socket
import sys
from collections.abc import Mapping
from functools import partial
from types import FrameType
from typing import Any, Final, NoReturn

from uvicorn import Config, Server
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from taskharbor.application.ports.storage import Storage
from taskharbor.entrypoints.cli.application import application_from
from taskharbor.entrypoints.cli.banner import announce
from taskharbor.entrypoints.cli.configured import configured, store_failures
from taskharbor.entrypoints.cli.listening import BACKLOG, listening
from taskharbor.entrypoints.cli.metrics_port import MetricsPort, metrics_port
from taskharbor.entrypoints.container import container_from
from taskharbor.entrypoints.logs import configure_logs
from taskharbor.entrypoints.server.connection_limits import ConnectionLimits
from taskharbor.entrypoints.settings.settings import Settings

# Longer than the 60 seconds after which load balancers drop an idle connection: who closes first must not be us.
KEEP_ALIVE_SECONDS: Final = 75
WORKER_START_SECONDS: Final = 30

INSECURE: Final = ("taskharbor-insecure", "no-auth")
"""In every answer of a server that was started with `--insecure-no-auth`."""


def serve(options: Mapping[str, str | None]) -> None:
    """Serve until SIGTERM or SIGINT; then finish the requests in flight and let go of the store.

    Raises:
        CommandFailed: if a setting is wrong, the address is not loopback, the port is taken, or the store is unusable.
    """
    settings = configured(options)
    with store_failures(options):
        storage = container_from(settings).storage()
    may_be_reached = settings.auth == "required" or settings.insecure_no_auth
    with (
        listening(settings.host, settings.port, loopback_only=not may_be_reached) as sockets,
        metrics_port(settings, sockets) as metrics,
    ):
        if settings.workers == 1:
            _serve_here(settings, sockets, metrics)
        else:
            with store_failures(options):
                asyncio.run(_try(storage))
            _supervise(settings, sockets, metrics)


def _config(settings: Settings, metrics: MetricsPort) -> Config:
    return Config(
        partial(application_from, settings, metrics.registry),
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        backlog=BACKLOG,
        loop="auto" if sys.platform == "win32" else "taskharbor.entrypoints.server.eager_loop:EagerLoop",
        http=partial(_connection, ConnectionLimits.of(settings)),  # type: ignore[arg-type]  # it is called, no more
        ws="none",
        lifespan="on",
        interface="asgi3",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        headers=[INSECURE] if settings.insecure_no_auth else [],
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=settings.drain_timeout,
        timeout_worker_healthcheck=WORKER_START_SECONDS,
    )


def _connection(limits: ConnectionLimits, **arguments: Any) -> asyncio.Protocol:  # noqa: ANN401  # uvicorn's
    from taskharbor.entrypoints.server.guarded_protocol import GuardedProtocol  # noqa: PLC0415  # not to supervise

    return GuardedProtocol(**arguments, limits=limits)


def _serve_here(settings: Settings, sockets: list[socket.socket], metrics: MetricsPort) -> None:
    # Once it has stopped gracefully, uvicorn raises the signal again: a clean stop shall exit with 0.
    signal.signal(signal.SIGTERM, _leave)
    try:
        _AnnouncingServer(settings, metrics).run(sockets)
    except KeyboardInterrupt:
        _leave(signal.SIGINT, None)


def _leave(_signal: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(0)


class _AnnouncingServer(Server):
    def __init__(self, settings: Settings, metrics: MetricsPort) -> None:
        super().__init__(_config(settings, metrics))
        self._settings = settings
        self._metrics = metrics

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        announce(self._settings, sockets or [], self._metrics.sockets)


async def _try(storage: Storage) -> None:
    """Open the store once before all workers do: they need not race for the migration, nor fail in chorus."""
    async with storage:
        pass


def _supervise(settings: Settings, sockets: list[socket.socket], metrics: MetricsPort) -> None:
    configure_logs(settings.log_level, settings.log_format)
    supervisor = _AnnouncingSupervisor(settings, sockets, metrics)
    supervisor.run()
    if any(process.exitcode == STARTUP_FAILURE for process in supervisor.processes):
        sys.exit(STARTUP_FAILURE)


class _AnnouncingSupervisor(Multiprocess):
    def __init__(self, settings: Settings, sockets: list[socket.socket], metrics: MetricsPort) -> None:
        super().__init__(_config(settings, metrics), sockets)
        self._settings = settings
        self._metrics = metrics
        self._announced = False

    def keep_subprocess_alive(self) -> None:
        super().keep_subprocess_alive()
        self._metrics.workers_are({each.pid for each in self.processes if each.pid is not None})
        if not self._announced and not self.should_exit.is_set() and all(each.is_ready() for each in self.processes):
            announce(self._settings, self.sockets, self._metrics.sockets)
            self._announced = True

    def terminate_all(self) -> None:
        # While this process listens, it would accept clients that it never serves.
        for each in self.sockets:
            each.close()
        super().terminate_all()
