"""The ASGI application as `taskharbor serve` runs it, in each worker."""

import asyncio
import gc
import logging
import os
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, Protocol, TextIO, TypeAlias, cast

import taskharbor.entrypoints.cli.lean_imports  # noqa: F401  # before anything that imports what it does
from taskharbor.entrypoints.cli.configured import store_failures
from taskharbor.entrypoints.cli.failure import CommandFailed
from taskharbor.entrypoints.container import container_from
from taskharbor.entrypoints.grouped_output import GroupedOutput
from taskharbor.entrypoints.logs import configure_logs
from taskharbor.entrypoints.settings.settings import Settings
from taskharbor.entrypoints.tracing import add_trace_ids, tracing_from

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

COLLECTOR: Final = (10_000, 2, 2)
"""After how many new objects the collector looks for those that only it can free: requests leave hardly any, where
Python's own is 700. Streams that clients cut leave some that have lived long, and would be kept long by Python's own
10 and 10."""

LOCK_SECONDS: Final = 0.0001
"""After so long a thread must hand Python's lock to one that waits. Python's own is 5 ms, from when it has waited for
so long in vain: threads that read the store would hardly get it beside an event loop that comes round more often."""

Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]


class AsgiApp(Protocol):
    """An application of ASGI 3."""

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one connection, or the lifespan."""
        ...


def application_from(settings: Settings, registry: "CollectorRegistry | None" = None) -> "Application":
    """Set up the logs of this process and return the application. Runs in the process that serves.

    Metrics, if they are asked for, are put into the registry; without one into the files that all workers share.
    """
    output = cast("TextIO", GroupedOutput(sys.stderr))
    configure_logs(settings.log_level, settings.log_format, output)
    tracing = tracing_from(os.environ)
    if tracing is not None:
        configure_logs(settings.log_level, settings.log_format, output, more=[add_trace_ids])

    from taskharbor.entrypoints.http.app import create_app  # noqa: PLC0415  # not needed by who only supervises

    metrics = None
    if settings.metrics_port is not None:
        from taskharbor.entrypoints.metrics.prometheus import PrometheusMetrics  # noqa: PLC0415  # not everybody has it

        metrics = PrometheusMetrics(registry)
    return Application(create_app(container=container_from(settings, tracing=tracing), metrics=metrics))


class Application:
    """Passes everything on, and looks after what only a process of its own may do at start-up."""

    def __init__(self, app: AsgiApp) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Serve one connection, or the lifespan."""
        if scope["type"] == "lifespan":
            await self._live(scope, receive, send)
            return
        try:
            await self._app(scope, receive, send)
        except asyncio.CancelledError:
            # Only uvicorn does that, when the time to drain is over; it would log the traceback of each request.
            await _give_up(scope, receive, send)

    async def _live(self, scope: Message, receive: Receive, send: Send) -> None:
        refused: Message | None = None

        async def watch(message: Message) -> None:
            nonlocal refused
            if message["type"] == "lifespan.startup.failed":
                refused = message
                return
            if message["type"] == "lifespan.startup.complete":
                # What is there now stays: the collector need not look at it again.
                gc.collect()
                gc.freeze()
                gc.set_threshold(*COLLECTOR)
                sys.setswitchinterval(LOCK_SECONDS)
            await send(message)

        try:
            with store_failures({}):
                await self._app(scope, receive, watch)
        except CommandFailed as failure:
            if refused is None:
                raise
            failure.report()
            # The sentence says it all; uvicorn would add the traceback, and that it gives up.
            logging.getLogger("uvicorn.error").disabled = True
            await send({"type": "lifespan.startup.failed", "message": ""})
        except BaseException:
            if refused is not None:
                await send(refused)
            raise


async def _give_up(scope: Message, receive: Receive, send: Send) -> None:
    from taskharbor.entrypoints.http.requests.errors import ServerStopping  # noqa: PLC0415  # as in application_from
    from taskharbor.entrypoints.http.responses.responses import problem_answer  # noqa: PLC0415

    with suppress(RuntimeError):  # the answer has begun
        await problem_answer(ServerStopping())(scope, receive, send)
