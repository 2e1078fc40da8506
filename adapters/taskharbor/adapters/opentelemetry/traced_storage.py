"""A store whose calls are spans."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import wraps
from typing import Any, Final, Self, TypeVar, cast

from opentelemetry.trace import Span, SpanKind, Tracer, get_current_span, use_span

from taskharbor.adapters.opentelemetry.commit_traces import trace_record
from taskharbor.adapters.opentelemetry.spans import note_error, span
from taskharbor.application.ports.storage import Storage
from taskharbor.application.ports.task_store import Changeset
from taskharbor.domain.identifiers import SERVICE_WORKSPACE, Revision

R = TypeVar("R")

_NOT_SPANNED: Final = frozenset({"open", "aclose", "ping", "commit"})


def traced_storage(storage: Storage, tracer: Tracer) -> Storage:
    """Return the same store. Each call within a span that is recorded becomes a span of its own."""
    return cast("Storage", _TracedStorage(storage, tracer))


class _TracedStorage:
    """Passes everything on. Optional ports of the store are its own.

    Calls without a current span, such as looks for new commits, make none. A commit is written together with the name
    of its span, so that whoever delivers it can link to it.
    """

    def __init__(self, storage: Storage, tracer: Tracer) -> None:
        self._storage = storage
        self._tracer = tracer
        for name in dir(storage):
            if not name.startswith("_") and name not in {"begin_commit", "commit"}:
                call = getattr(storage, name)
                is_spanned = name not in _NOT_SPANNED and hasattr(Storage, name) and inspect.iscoroutinefunction(call)
                setattr(self, name, self._spanned(call) if is_spanned else call)

    async def __aenter__(self) -> Self:
        await self._storage.open()
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._storage.aclose()

    async def commit(self, changes: Changeset) -> Revision:
        """Write everything."""
        return await self.begin_commit(changes)

    def begin_commit(self, changes: Changeset) -> asyncio.Future[Revision]:
        """Begin `commit`; its span ends with it."""
        if not get_current_span().is_recording():
            return self._storage.begin_commit(changes)
        units = len(changes.added) + len(changes.changed)
        opened = self._tracer.start_span(
            "store.commit",
            kind=SpanKind.CLIENT,
            attributes={"taskharbor.workspace": changes.workspace, "taskharbor.tasks": units},
        )
        if changes.workspace != SERVICE_WORKSPACE:
            changes = replace(changes, records=(*changes.records, trace_record(opened.get_span_context())))
        try:
            with use_span(opened, record_exception=False, set_status_on_exception=False):
                outcome = self._storage.begin_commit(changes)
        except BaseException as error:  # refused before it was on its way
            note_error(opened, error)
            opened.end()
            raise
        if outcome.done():
            _end(opened, outcome)
        else:
            outcome.add_done_callback(lambda done: _end(opened, done))
        return outcome

    def _spanned(self, call: Callable[..., Awaitable[R]]) -> Callable[..., Awaitable[R]]:
        name = f"store.{call.__name__}"

        @wraps(call)
        async def spanned(*arguments: Any, **named: Any) -> R:  # noqa: ANN401  # those of the port
            if not get_current_span().is_recording():
                return await call(*arguments, **named)
            with span(self._tracer, name, kind=SpanKind.CLIENT):
                return await call(*arguments, **named)

        return spanned


def _end(opened: Span, outcome: asyncio.Future[Revision]) -> None:
    if outcome.cancelled():
        opened.set_attribute("error.type", "CancelledError")
    elif (error := outcome.exception()) is not None:
        note_error(opened, error)
    else:
        opened.set_attribute("taskharbor.revision", outcome.result())
    opened.end()
