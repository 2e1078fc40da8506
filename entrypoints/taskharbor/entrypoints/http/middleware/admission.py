"""Admission control: what cannot be served in time is refused at once, to be retried."""

import re
from time import perf_counter
from typing import Final

import structlog
from starlette._utils import get_route_path
from starlette.types import ASGIApp, Receive, Scope, Send

from taskharbor.application.turns import give_way
from taskharbor.entrypoints.http.middleware.lane import Lane, Visit
from taskharbor.entrypoints.http.requests.errors import Overloaded
from taskharbor.entrypoints.http.responses.responses import problem_answer
from taskharbor.entrypoints.metrics.metrics import Metrics

REFUSED: Final = "taskharbor.refused"
"""In the scope of a request that was refused: it has no line of its own in the log."""

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_SECONDS_BETWEEN_EVENTS: Final = 1.0

_LONG_QUERY: Final = 2_000
"""Bytes. To read a filter of 10 kB takes a millisecond, so it has to wait for its turn as a long computation does."""

HEALTH_PATHS: Final = frozenset({"/health/live", "/health/ready", "/health/live/", "/health/ready/"})
"""Below the root path."""


def is_health(scope: Scope) -> bool:
    """Return whether a request asks for the server's health, which is always answered."""
    return get_route_path(scope) in HEALTH_PATHS


_STREAM: Final = re.compile(r"(?:/workspaces/[^/]+)?/events/?")


def _is_let_in(scope: Scope) -> bool:
    if "health" not in scope["path"] and "events" not in scope["path"]:  # as in almost every path
        return False
    path = get_route_path(scope)
    return path in HEALTH_PATHS or _STREAM.fullmatch(path) is not None


class AdmissionMiddleware:
    """Middleware that works on a few requests at a time, and refuses (503) those that would wait too long.

    Without it all requests start at once, share the processor, and none is answered in time. Reads and writes have a
    lane each: a store that is locked for writing is still read. A request is in its lane until its answer begins, and
    not while its body comes: slow clients block no others. Health is always answered, and so is who wants to stream
    events: a browser that is refused does not come back (WHATWG HTML section 9.2.3), and streams wait among themselves.

    Where nothing waits this costs a request 2 microseconds, since it neither awaits nor wakes anything.

    Args:
        app: what answers.
        max_running: how many requests each lane holds at most.
        max_wait: seconds that a request may wait.
        metrics: counts who waits, and for how long.
    """

    def __init__(self, app: ASGIApp, *, max_running: int, max_wait: float, metrics: Metrics | None = None) -> None:
        self._app = app
        self._reads = Lane(most=max_running, max_wait=max_wait)
        self._writes = Lane(most=max_running, max_wait=max_wait)
        if metrics is not None:
            metrics.watch_lane("read", self._reads)
            metrics.watch_lane("write", self._writes)
        self._metrics = metrics
        self._refuse = problem_answer(Overloaded())
        self._refused = 0
        self._logged_at = 0.0
        self._log: structlog.typing.FilteringBoundLogger = structlog.get_logger().bind()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what can be answered in time."""
        if scope["type"] != "http" or _is_let_in(scope):
            await self._app(scope, receive, send)
            return
        is_read = scope["method"] in _SAFE
        lane = self._reads if is_read else self._writes
        if self._metrics is None:
            is_inside = lane.enter_at_once() or (not lane.is_full and await lane.enter())
        else:
            is_inside = await self._timed(lane, self._metrics)
        if not is_inside:
            self._note_refusal()
            scope[REFUSED] = True
            await self._refuse(scope, receive, send)
            return
        visit = Visit(lane, receive, send)
        try:
            if len(scope.get("query_string", b"")) > _LONG_QUERY:
                await give_way()
            await self._app(scope, receive if is_read else visit.receive, visit.send)
        finally:
            if not visit.is_over:
                visit.end()

    async def _timed(self, lane: Lane, metrics: Metrics) -> bool:
        name = "read" if lane is self._reads else "write"
        if lane.enter_at_once():
            metrics.waited(name, 0.0)
            return True
        if lane.is_full:
            return False
        began = perf_counter()
        try:
            return await lane.enter()
        finally:
            metrics.waited(name, perf_counter() - began)

    def _note_refusal(self) -> None:
        """Log refusals together: one event for each would take longer than they do."""
        self._refused += 1
        now = perf_counter()
        if now - self._logged_at >= _SECONDS_BETWEEN_EVENTS:
            self._log.warning("overloaded", refused=self._refused)
            self._refused, self._logged_at = 0, now
